"""A need that could not be met by a referral, and why: what advocacy is made of."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from casework.models import Case, Person
from directory.models import Need

MOST = 500


class UnmetNeedQuerySet(models.QuerySet["UnmetNeed"]):
    def visible_to(self, user: User) -> Self:
        """Needs of visible cases, and those of nobody in particular of the own house."""
        return self.filter(
            Q(case__in=Case.objects.visible_to(user))
            | Q(case=None, organization=user.organization_id)
        )

    def told_in_full(self) -> Self:
        return self.select_related("need", "refused_by", "recorded_by", "case__person")


class UnmetNeed(models.Model):
    """One need on one day, coded from end to end; without a case it is a count of people."""

    class Reason(models.TextChoices):
        """Source: GBVIMS intake form, why somebody was not referred; refused is ours."""

        PROVIDED = "provided", _("We gave it ourselves")
        RECEIVED = "received", _("Already received elsewhere")
        UNAVAILABLE = "unavailable", _("There is no such service")
        REFUSED = "refused", _("The service refused")
        INELIGIBLE = "ineligible", _("Not eligible for it")
        DECLINED = "declined", _("The person did not want it")
        UNSAFE = "unsafe", _("Not safe")

    class Barrier(models.TextChoices):
        """What it failed on; the first is why this list began."""

        MIGRANTS = "migrants", _("Closed to migrant women")
        FOREIGNER = "foreigner", _("Closed to foreign nationals")
        NO_DOCUMENTS = "no_documents", _("No documents")
        NO_STATUS = "no_status", _("No recognised status")
        NO_INTERPRETER = "no_interpreter", _("No interpreter")
        NO_CAPACITY = "no_capacity", _("No place free")
        OUTSIDE_AREA = "outside_area", _("Outside the area")
        CHILDREN = "children", _("Not with children")
        AGE_SEX = "age_sex", _("Not for this age or sex")
        HEALTH = "health", _("Not with this state of health")
        COST = "cost", _("It costs too much")
        OTHER = "other", _("Something else")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    case = models.ForeignKey(
        Case, models.PROTECT, related_name="unmet_needs", null=True, blank=True
    )
    need = models.ForeignKey(Need, models.PROTECT, related_name="+", verbose_name=_("need"))
    reason = models.CharField(_("why not"), max_length=15, choices=Reason)
    barrier = models.CharField(
        _("what stood in the way"), max_length=15, choices=Barrier, blank=True
    )
    refused_by = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("who was asked"),
    )
    day = models.DateField(_("day"), default=timezone.localdate)
    # Of people who were counted and have no record; of a case it is one.
    quantity = models.PositiveSmallIntegerField(
        _("how many people"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST)],
    )
    sex = models.CharField(_("sex"), max_length=10, choices=Person.Sex, default=Person.Sex.UNKNOWN)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = UnmetNeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("unmet need")
        verbose_name_plural = _("unmet needs")
        ordering = ["-day", "-recorded_at", "-id"]
        permissions = [("record_unmet_need", "Can record a need that could not be met")]
        constraints = [
            models.CheckConstraint(
                name="need_of_a_case_is_of_one",
                condition=Q(case=None, quantity__gte=1, quantity__lte=MOST) | Q(quantity=1),
                violation_error_message=_("Of a case it is one person."),
            ),
            models.CheckConstraint(
                name="refused_need_says_what_stood_in_the_way",
                condition=~Q(reason="refused") | ~Q(barrier=""),
                violation_error_message=_("Say what the refusal rested on."),
            ),
        ]
        indexes = [
            models.Index(fields=["case", "-day"], name="unmet_need_by_case"),
            models.Index(fields=["organization", "-day", "id"], name="unmet_need_by_house"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
