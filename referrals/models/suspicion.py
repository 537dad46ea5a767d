"""A report of suspicion: what the house stated to the body that decides, and on which ground."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from casework.models import Consent
from casework.models.person import YesNo
from directory.models import Language
from referrals.models.identification import Identification
from vault.fields import DataKeyField, SealedTextField


class SuspicionReportQuerySet(models.QuerySet["SuspicionReport"]):
    def visible_to(self, user: User) -> Self:
        """Reports of the procedures that this user may read."""
        return self.filter(identification__in=Identification.objects.visible_to(user))


class SuspicionReport(models.Model):
    """One report; it belongs to one attempt and is never changed."""

    class Ground(models.TextChoices):
        """An adult agrees, unless there is danger to life; for a child it is a duty."""

        CONSENT = "consent", _("The person agreed")
        CHILD = "child", _("Duty to report for a child")
        DANGER = "danger", _("Immediate danger to life")

    class Exploitation(models.TextChoices):
        """Source: HTCDS 2.0, vic_TypeOfExploitation; forced crime is ours."""

        LABOUR = "ForcedLabour", _("Forced labour")
        SEXUAL = "SexualExploitation", _("Sexual exploitation")
        CHILD_LABOUR = "ChildLabour", _("Child labour")
        MARRIAGE = "ForcedMarriage", _("Forced marriage")
        SERVITUDE = "Servitude", _("Servitude in a household")
        BEGGING = "ForcedBegging", _("Forced begging")
        CRIME = "ForcedCrime", _("Forced to commit crimes")
        ORGANS = "OrganRemoval", _("Removal of organs")
        ADOPTION = "ForcedAdoption", _("Illegal adoption")
        ARMED = "ForcedMilitaryByNonStateActors", _("Use by armed groups")
        OTHER = "Other", _("Something else, or not clear yet")

    class Control(models.TextChoices):
        """Source: HTCDS 2.0, vic_MethodsOfControl, those that can be seen or told early."""

        DOCUMENTS = "WithholdsDocuments", _("Documents kept")
        DEBT = "DebtBondage", _("Debt")
        EARNINGS = "TakesEarnings", _("Wages kept")
        THREATS = "PhysicalThreats", _("Threats")
        FAMILY = "ThreatensChildrenFamily", _("Threats to the family")
        VIOLENCE = "PhysicalAbuse", _("Violence")
        SEXUAL = "SexualAbuse", _("Sexual violence")
        HOURS = "ExcessiveWorkingHours", _("Endless working hours")
        NECESSITIES = "WithholdsNecessities", _("Kept without food, sleep or care")
        PROMISES = "FalsePromises", _("False promises")
        DRUGS = "PsychoactiveSubstance", _("Drugs or alcohol")
        OTHER = "Other", _("Something else")

    class Receiver(models.TextChoices):
        BODY = "body", _("The Center or the centre for social work")
        POLICE = "police", _("Police")
        PROSECUTOR = "prosecutor", _("Prosecutor")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    identification = models.OneToOneField(Identification, models.CASCADE, related_name="report")
    data_key = DataKeyField()
    ground = models.CharField(_("on which ground"), max_length=10, choices=Ground)
    consent = models.ForeignKey(
        Consent, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("consent")
    )
    receivers = ArrayField(
        models.CharField(max_length=12, choices=Receiver), verbose_name=_("reported to")
    )
    exploitation = ArrayField(
        models.CharField(max_length=32, choices=Exploitation), verbose_name=_("what is suspected")
    )
    control = ArrayField(
        models.CharField(max_length=32, choices=Control),
        default=list,
        blank=True,
        verbose_name=_("how the person was controlled"),
    )
    in_danger = models.CharField(_("in danger now"), max_length=10, choices=YesNo)
    language = models.ForeignKey(
        Language,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("interpreter for"),
    )
    text = SealedTextField(verbose_name=_("what was noticed"))
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(default=timezone.now)

    objects = SuspicionReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report of suspicion")
        verbose_name_plural = _("reports of suspicion")
        constraints = [
            models.CheckConstraint(
                name="agreed_report_names_its_consent",
                condition=~Q(ground="consent") | Q(consent__isnull=False),
                violation_error_message=_("A report that was agreed to rests on a consent."),
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
