"""The emergency lock: one act that closes everything until two people open it."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class EmergencyLockQuerySet(models.QuerySet["EmergencyLock"]):
    def in_force(self) -> Self:
        return self.filter(lifted_at=None)


class EmergencyLock(models.Model):
    """One time that everything was closed: who, why, and which two people opened it again."""

    class Reason(models.TextChoices):
        DEVICE = "device", _("A device was lost or stolen")
        RAID = "raid", _("Somebody forces their way in")
        ACCOUNT = "account", _("Somebody else uses an account")
        LEAK = "leak", _("Data may be leaving")
        OTHER = "other", _("Something else")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    reason = models.CharField(max_length=10, choices=Reason)
    locked_at = models.DateTimeField(default=timezone.now, editable=False)
    # Empty when it was locked from the server's command line.
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    first_lifted_at = models.DateTimeField(null=True, editable=False)
    first_lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, editable=False)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = EmergencyLockQuerySet.as_manager()

    class Meta:
        verbose_name = _("emergency lock")
        verbose_name_plural = _("emergency locks")
        permissions = [("lock_everything", "Can lock everything and help to open it again")]
        constraints = [
            models.UniqueConstraint(
                fields=["lifted_at"],
                name="one_emergency_lock_in_force",
                condition=Q(lifted_at=None),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="emergency_lock_is_lifted_by_two",
                condition=Q(lifted_at=None)
                | Q(first_lifted_by__isnull=False, lifted_by__isnull=False)
                & ~Q(first_lifted_by=F("lifted_by")),
            ),
        ]

    def __str__(self) -> str:
        return self.get_reason_display()
