"""What is unusual in the trail: a sign, not a verdict."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User


class AnomalyQuerySet(models.QuerySet["Anomaly"]):
    def visible_to(self, user: User) -> Self:
        """Those of the user's house, without her own: nobody looks into her own matter."""
        if not user.has_perm("protection.review_anomaly"):
            return self.none()
        return self.filter(organization=user.organization_id).exclude(people__contains=[user.pk])

    def new(self) -> Self:
        return self.filter(state=Anomaly.State.NEW)


class Anomaly(models.Model):
    """One thing that somebody should look at (SF-12). It names accounts, never a client."""

    class Kind(models.TextChoices):
        MANY_CASES = "many_cases", _("Many cases in one day")
        OFF_HOURS = "off_hours", _("Reading outside duty hours")
        DENIALS = "denials", _("Refused again and again")
        SAME_TERM = "same_term", _("Several people search for the same")
        EVERYWHERE = "everywhere", _("Many searches in the whole house")
        NEW_DEVICE = "new_device", _("A new device")
        OWN_ACCESS = "own_access", _("Gave herself access to cases")
        ALONE = "alone", _("Invited somebody, and nobody could agree to it")
        UNFINISHED = "unfinished", _("Password known, second step not done")

    class State(models.TextChoices):
        NEW = "new", _("New")
        LOOKED_AT = "looked_at", _("Looked at")

    class Finding(models.TextChoices):
        DUTY = "duty", _("On duty")
        HANDOVER = "handover", _("Handover or covering")
        REVIEW = "review", _("Review or quality check")
        MISTAKE = "mistake", _("Mistake, talked about")
        INCIDENT = "incident", _("An incident: reported")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=Kind)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    people = ArrayField(models.UUIDField())
    day = models.DateField()
    # Tells the same thing found again from another one: an account, or the hash of a search.
    key = models.CharField(max_length=60)
    count = models.PositiveIntegerField()
    found_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    finding = models.CharField(_("finding"), max_length=20, choices=Finding, blank=True)
    looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    looked_at = models.DateTimeField(null=True)

    objects = AnomalyQuerySet.as_manager()

    class Meta:
        verbose_name = _("anomaly")
        verbose_name_plural = _("anomalies")
        permissions = [("review_anomaly", "Can look at what is unusual")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "key", "day"], name="anomaly_found_once"
            ),
            models.CheckConstraint(
                name="anomaly_looked_at_has_a_finding",
                condition=models.Q(state="new", finding="", looked_by=None)
                | (models.Q(state="looked_at", looked_by__isnull=False) & ~models.Q(finding="")),
                violation_error_message=_("Say what was found."),
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "state", "-found_at"], name="anomaly_by_state")
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
