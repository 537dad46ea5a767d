"""How often somebody did something that is limited: kept in the database, never in the broker."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class LimitCount(models.Model):
    """The recent times of one limited thing by one key; the key is a keyed hash."""

    name = models.CharField(max_length=40)
    key = models.CharField(max_length=64)
    hits = ArrayField(models.DateTimeField())
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("limit count")
        verbose_name_plural = _("limit counts")
        constraints = [
            models.UniqueConstraint(fields=["name", "key"], name="limit_count_once_per_key")
        ]
        indexes = [models.Index(fields=["expires_at"], name="limit_count_expired")]

    def __str__(self) -> str:
        return self.name
