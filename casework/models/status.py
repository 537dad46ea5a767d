"""Trafficking status: a dated history with the deciding body, never overwritten."""

from datetime import date
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from casework.models.case import Case
from casework.models.gate import OfCaseQuerySet


class TraffickingStatusQuerySet(OfCaseQuerySet["TraffickingStatus"]):
    def on(self, day: date) -> Self:
        """The status of each case as it stood on a day: one row per case at most."""
        return (
            self.filter(decided_on__lte=day)
            .order_by("case", "-decided_on", "-recorded_at")
            .distinct("case")
        )


class TraffickingStatus(models.Model):
    """What one body decided on one day; a later decision stands beside it, not in its place."""

    class Status(models.TextChoices):
        """Steps of the field; their HTCDS code, where there is one, is in `HTCDS_STATUS`."""

        NO_INDICATIONS = "no_indications", _("No indications on this date")
        AT_RISK = "at_risk", _("At risk")
        PRESUMED = "presumed", _("Presumed victim")
        IDENTIFIED = "identified", _("Formally identified")
        RECOGNISED = "recognised", _("Recognised in criminal proceedings")
        NOT_CONFIRMED = "not_confirmed", _("Not confirmed by the deciding body")

    class DecidingBody(models.TextChoices):
        """Source: HTCDS 2.0, vic_TraffickingStatusDecisionMakingOrg."""

        POLICE = "Police", _("Police")
        NGO = "NGO", _("NGO")
        COURT = "CourtOrProsecution", _("Court or prosecution")
        GOVERNMENT = "NonPoliceGovernmentalOrganization", _("State institution, not the police")
        OTHER = "Other", _("Other")

    class Basis(models.TextChoices):
        SCREENING = "screening", _("A screening")
        INTERVIEW = "interview", _("A longer interview")
        FINDING = "finding", _("A finding of the deciding body")
        VERDICT = "verdict", _("A verdict")
        OWN_WORD = "own_word", _("The person's own word")
        OTHER = "other", _("Other")

    # "Presumed or higher", as donors count it.
    PRESUMED_OR_HIGHER = (Status.PRESUMED, Status.IDENTIFIED, Status.RECOGNISED)
    # HTCDS knows neither "no indications" nor "at risk": they are not exported.
    HTCDS_STATUS = {
        Status.PRESUMED: "PossibleVictimOfTrafficking",
        Status.IDENTIFIED: "ActualVictimOfTrafficking",
        Status.RECOGNISED: "ActualVictimOfTrafficking",
        Status.NOT_CONFIRMED: "NotAVictimOfTrafficking",
    }
    # Only these bodies can identify, recognise or not confirm; an NGO presumes.
    FORMAL = (Status.IDENTIFIED, Status.RECOGNISED, Status.NOT_CONFIRMED)

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="trafficking_statuses")
    status = models.CharField(_("status"), max_length=20, choices=Status)
    decided_on = models.DateField(_("decided on"))
    deciding_body = models.CharField(_("kind of body"), max_length=40, choices=DecidingBody)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name=_("deciding body")
    )
    basis = models.CharField(_("basis"), max_length=20, choices=Basis)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = TraffickingStatusQuerySet.as_manager()

    class Meta:
        verbose_name = _("trafficking status")
        verbose_name_plural = _("trafficking statuses")
        ordering = ["-decided_on", "-recorded_at"]
        permissions = [("record_trafficking_status", "Can record a trafficking status")]
        constraints = [
            models.CheckConstraint(
                name="ngo_only_presumes",
                condition=~Q(deciding_body="NGO", status__in=["identified", "recognised"]),
                violation_error_message=_(
                    "An NGO presumes; only an institution or a court identifies."
                ),
            )
        ]
        indexes = [models.Index(fields=["case", "decided_on"], name="status_by_case")]

    def __str__(self) -> str:
        return self.get_status_display()
