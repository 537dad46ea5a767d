"""Instruments: what is asked, in versions that never change once somebody was asked."""

from datetime import date
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from screening.explain import say


def _may_read(user: User) -> bool:
    return user.has_perm("screening.view_instrument")


class InstrumentQuerySet(models.QuerySet["Instrument"]):
    def visible_to(self, user: User) -> Self:
        """All of them, for whoever works with instruments."""
        return self if _may_read(user) else self.none()


class Instrument(models.Model):
    """A set of questions under one code, through all its versions."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.SlugField(max_length=31, unique=True)

    objects = InstrumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("instrument")
        verbose_name_plural = _("instruments")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class InstrumentVersionQuerySet(models.QuerySet["InstrumentVersion"]):
    def visible_to(self, user: User) -> Self:
        """All of them, for whoever works with instruments."""
        return self if _may_read(user) else self.none()

    def in_force(self, on: date | None = None) -> Self:
        """The version of each instrument that new screenings use on a day: the latest one."""
        day = on or timezone.localdate()
        return (
            self.filter(Q(valid_until=None) | Q(valid_until__gte=day), valid_from__lte=day)
            .order_by("instrument_id", "-valid_from", "-loaded_at")
            .distinct("instrument_id")
        )


class InstrumentVersion(models.Model):
    """One version: its whole definition, as docs/screening.md describes it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="versions")
    version = models.CharField(max_length=20)
    definition = models.JSONField()
    content_hash = models.CharField(max_length=64)  # SHA-256 of the definition, in hex
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    loaded_at = models.DateTimeField(default=timezone.now)

    objects = InstrumentVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("instrument version")
        verbose_name_plural = _("instrument versions")
        ordering = ["instrument", "-valid_from", "-loaded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "version"], name="one_row_per_instrument_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.definition['code']} {self.version}"

    @property
    def title(self) -> str:
        return say(self.definition["title"])
