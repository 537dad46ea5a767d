"""How often one kind of service is given to one person."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, Role, User
from directory.models import ServiceType


class VisitRuleQuerySet(models.QuerySet["VisitRule"]):
    def visible_to(self, user: User) -> Self:
        """The rules of the user's own organization."""
        return self.filter(organization=user.organization_id)


class VisitRule(models.Model):
    """The rule of one organization for one kind of service; says nothing of anybody."""

    class Override(models.TextChoices):
        NOBODY = "nobody", _("Nobody")
        COORDINATOR = "coordinator", _("Coordinators")
        DESK = "desk", _("Everybody at the desk")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="visit_rules")
    service_type = models.ForeignKey(
        ServiceType, models.PROTECT, related_name="+", verbose_name=_("service")
    )
    interval_hours = models.PositiveSmallIntegerField(
        _("hours until the next one"), null=True, blank=True
    )
    most_per_day = models.PositiveSmallIntegerField(_("most on one day"), null=True, blank=True)
    # Codes of services that are not given on the same day.
    apart_from = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        verbose_name=_("not on one day with"),
    )
    override = models.CharField(
        _("who may give it all the same"),
        max_length=20,
        choices=Override,
        default=Override.COORDINATOR,
    )
    is_active = models.BooleanField(_("in force"), default=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = VisitRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit rule")
        verbose_name_plural = _("visit rules")
        ordering = ["service_type__order", "service_type"]
        permissions = [("set_visit_rules", "Can set the rules of services")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "service_type"],
                name="one_rule_per_service",
                violation_error_message=_("There is a rule for this service already."),
            ),
            models.CheckConstraint(
                name="visit_rule_numbers",
                condition=(Q(interval_hours=None) | Q(interval_hours__range=(1, 24 * 366)))
                & (Q(most_per_day=None) | Q(most_per_day__range=(1, 100))),
                violation_error_message=_(
                    "The interval is 1 to 8784 hours, the most on one day 1 to 100."
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.service_type)

    def may_override(self, user: User) -> bool:
        """Whether this user may give the service against the rule, for a coded reason."""
        if self.override == self.Override.NOBODY:
            return False
        if self.override == self.Override.DESK:
            return True
        return user.has_role(Role.Code.COORDINATOR)
