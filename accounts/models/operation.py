"""One submission of a form or an API call: the same id twice is one effect."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Operation(models.Model):
    """What one submission led to, so that a second click finds the first one's result."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="operations")
    verb = models.CharField(max_length=60)
    fingerprint = models.CharField(max_length=64, blank=True)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("operation")
        verbose_name_plural = _("operations")

    def __str__(self) -> str:
        return f"{self.verb} {self.pk}"
