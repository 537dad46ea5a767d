"""Incidents: what happened to data, the 72-hour clock, who was told."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from protection.models.register import OfHouseQuerySet, Register
from vault.fields import SealedTextField

# GDPR 33, ZZPD 52: from the moment in which the house knew.
CLOCK_HOURS = 72


class BreachQuerySet(OfHouseQuerySet["Breach"]):
    def open(self) -> Self:
        return self.filter(closed_at=None)


class Breach(Register):
    """Something happened to data: lost, seen, changed. The authority hears of it in 72 hours."""

    class Kind(models.TextChoices):
        LOST_DEVICE = "lost_device", _("A phone or computer was lost or taken")
        WRONG_RECEIVER = "wrong_receiver", _("Something went to the wrong person")
        SEEN = "seen", _("Somebody saw what was not hers to see")
        BROKEN_IN = "broken_in", _("Somebody got into the system")
        PAPER = "paper", _("Papers were lost")
        NOT_THERE = "not_there", _("Data were lost or could not be reached")
        OTHER = "other", _("Something else")

    class Severity(models.TextChoices):
        LOW = "low", _("Low: nobody is harmed")
        MEDIUM = "medium", _("Medium: somebody could be bothered")
        HIGH = "high", _("High: somebody could be harmed")
        CRITICAL = "critical", _("Critical: somebody is in danger")

    # From here on the people themselves have to be told (GDPR 34, ZZPD 53).
    TELL_PEOPLE = (Severity.HIGH, Severity.CRITICAL)

    kind = models.CharField(_("what happened"), max_length=15, choices=Kind)
    severity = models.CharField(_("how bad"), max_length=10, choices=Severity)
    happened_at = models.DateTimeField(_("happened at"), null=True, blank=True)
    known_at = models.DateTimeField(_("known since"), default=timezone.now)
    people_affected = models.PositiveIntegerField(_("people affected"), null=True, blank=True)
    was_unreadable = models.BooleanField(
        _("the data were locked and the key was not with them"), default=False
    )
    account = SealedTextField(verbose_name=_("what happened, step by step"))
    measures = SealedTextField(verbose_name=_("what was done"))
    authority_told_at = models.DateTimeField(_("authority told at"), null=True, blank=True)
    people_told_at = models.DateTimeField(_("people told at"), null=True, blank=True)
    not_told_reason = SealedTextField(verbose_name=_("why somebody was not told"))
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )

    objects = BreachQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-known_at", "id"]
        permissions = [("report_breach", "Can report an incident")]
        constraints = [
            models.CheckConstraint(
                name="incident_is_known_after_it_happened",
                condition=Q(happened_at=None) | Q(happened_at__lte=models.F("known_at")),
                violation_error_message=_("It cannot be known before it happened."),
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("protection:breach", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def tell_authority_by(self) -> datetime:
        return self.known_at + timedelta(hours=CLOCK_HOURS)

    @property
    def hours_left(self) -> int:
        """Whole hours of the clock that are left; below 0 it ran out."""
        return int((self.tell_authority_by - timezone.now()).total_seconds() // 3600)

    @property
    def clock_runs(self) -> bool:
        return self.is_open and self.authority_told_at is None

    @property
    def people_must_know(self) -> bool:
        return self.severity in self.TELL_PEOPLE and not self.was_unreadable
