"""Income-generating activities of a client, and the sessions she attended."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from casework.models.case import Case
from casework.models.gate import OfCaseQuerySet
from directory.models import Grant


class IncomeActivityQuerySet(OfCaseQuerySet["IncomeActivity"]):
    """Activities of visible cases."""


class IncomeActivity(models.Model):
    """A course, a job, a kit or a grant that is meant to lead to an income."""

    class Kind(models.TextChoices):
        COURSE = "course", _("Vocational course")
        JOB = "job", _("Job or internship")
        WORKSHOP = "workshop", _("Production workshop")
        KIT = "kit", _("Tools or start-up kit")
        BUSINESS_GRANT = "business_grant", _("Small business grant")
        OTHER = "other", _("Other")

    class Outcome(models.TextChoices):
        EARNING = "earning", _("Earns an income")
        COMPLETED = "completed", _("Completed, no income yet")
        LEFT = "left", _("Left early")
        MOVED_ON = "moved_on", _("Moved on")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="income_activities")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    grant = models.ForeignKey(
        Grant, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("grant")
    )
    started_on = models.DateField(_("started on"), default=timezone.localdate)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = IncomeActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("income activity")
        verbose_name_plural = _("income activities")
        ordering = ["-started_on"]
        permissions = [("record_income_activity", "Can record income activities")]
        constraints = [
            models.CheckConstraint(
                name="ended_activity_has_outcome",
                condition=Q(ended_on=None, outcome="")
                | (Q(ended_on__gte=models.F("started_on")) & ~Q(outcome="")),
                violation_error_message=_(
                    "An activity that ended has an outcome, and a day after its start."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class IncomeActivitySessionQuerySet(models.QuerySet["IncomeActivitySession"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(activity__in=IncomeActivity.objects.visible_to(user))


class IncomeActivitySession(models.Model):
    """One day on which the client took part."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    activity = models.ForeignKey(IncomeActivity, models.CASCADE, related_name="sessions")
    attended_on = models.DateField(_("day"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = IncomeActivitySessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session attended")
        verbose_name_plural = _("sessions attended")
        ordering = ["-attended_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "attended_on"],
                name="one_session_per_activity_and_day",
                violation_error_message=_("This day is recorded already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.attended_on)
