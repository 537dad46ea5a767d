"""What was done and what was read: one row per act, written in the act's own transaction."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AuditEvent(models.Model):
    """One act of one person. Holds codes, ids and field names, never a value of a client's record.

    Rows are only ever inserted; the roles that web and worker log in with may do nothing else.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="audit_events"
    )
    verb = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=60, blank=True)
    case_id = models.UUIDField(null=True)
    listed = ArrayField(models.UUIDField(), default=list)
    fields = ArrayField(models.CharField(max_length=60), default=list)
    note = models.CharField(max_length=60, blank=True)
    request_id = models.CharField(max_length=36, blank=True)

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        indexes = [
            models.Index(fields=["case_id", "-id"], name="audit_by_case"),
            models.Index(fields=["actor", "-id"], name="audit_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_type}"
