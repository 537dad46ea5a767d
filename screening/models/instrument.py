"""Instruments: what is asked, in versions that never change once somebody was asked."""

from datetime import date
from typing import Self
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
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
        permissions = [
            ("edit_instrument", "Can write versions of instruments, and switch instruments"),
            ("publish_instrument", "Can publish and end versions of instruments"),
        ]

    def __str__(self) -> str:
        return self.code


class InstrumentVersionQuerySet(models.QuerySet["InstrumentVersion"]):
    def visible_to(self, user: User) -> Self:
        """Those of her house and those for all, for whoever works with instruments."""
        if not _may_read(user):
            return self.none()
        return self.of_house(user.organization_id)

    def of_house(self, organization: UUID | None) -> Self:
        return self.filter(Q(organization=None) | Q(organization=organization))

    def in_force(self, on: date | None = None) -> Self:
        """The version of each instrument that new screenings use on a day: the latest one.

        One that the house published itself goes before those that came with the product.
        """
        day = on or timezone.localdate()
        return (
            self.filter(Q(valid_until=None) | Q(valid_until__gte=day), valid_from__lte=day)
            .order_by(
                "instrument_id", F("organization").asc(nulls_last=True), "-valid_from", "-loaded_at"
            )
            .distinct("instrument_id")
        )

    def switched_on(self, organization: UUID) -> Self:
        """Of instruments that the house has not switched off."""
        off = InstrumentSwitch.objects.filter(organization=organization, is_on=False)
        return self.exclude(instrument__in=off.values("instrument"))


class InstrumentVersion(models.Model):
    """One version: its whole definition, as docs/screening.md describes it.

    The definition of a version that somebody was asked with never changes; its last day may.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="versions")
    # Nobody's: it came with the product and is for all houses.
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", null=True, blank=True
    )
    version = models.CharField(max_length=20)
    definition = models.JSONField()
    content_hash = models.CharField(max_length=64)  # SHA-256 of the definition, in hex
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    loaded_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )

    objects = InstrumentVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("instrument version")
        verbose_name_plural = _("instrument versions")
        ordering = ["instrument", "-valid_from", "-loaded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "version", "organization"],
                name="one_row_per_instrument_version",
                nulls_distinct=False,
                violation_error_message=_("There is such a version already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.definition['code']} {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("screening:instrument_version", args=[self.pk])

    @property
    def title(self) -> str:
        return say(self.definition["title"])

    @property
    def review_on(self) -> date:
        return date.fromisoformat(self.definition["review_on"])


class InstrumentSwitchQuerySet(models.QuerySet["InstrumentSwitch"]):
    def visible_to(self, user: User) -> Self:
        """Those of her house."""
        return self.filter(organization=user.organization_id) if _may_read(user) else self.none()


class InstrumentSwitch(models.Model):
    """Whether a house offers an instrument; where there is no row it does."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="switches")
    is_on = models.BooleanField(_("offered"), default=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    objects = InstrumentSwitchQuerySet.as_manager()

    class Meta:
        verbose_name = _("switch of an instrument")
        verbose_name_plural = _("switches of instruments")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "instrument"], name="one_switch_a_house"
            )
        ]

    def __str__(self) -> str:
        return self.instrument.code
