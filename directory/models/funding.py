"""Donors, their grants, and the age bands they ask for."""

from datetime import date
from typing import Self
from uuid import UUID, uuid4

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from directory.models.entry import Entry, in_active_language


class AgeBandSet(Entry):
    """Age bands of one reporting partner: together they hold every age once."""

    source = models.CharField(_("source"), max_length=200, blank=True)
    is_checked = models.BooleanField(_("checked against the source"), default=False)

    class Meta(Entry.Meta):
        verbose_name = _("set of age bands")
        verbose_name_plural = _("sets of age bands")


class AgeBand(models.Model):
    """Ages in full years from the first to the last, both included; the oldest band is open."""

    age_band_set = models.ForeignKey(
        AgeBandSet, models.CASCADE, related_name="bands", verbose_name=_("set of age bands")
    )
    min_age = models.PositiveSmallIntegerField(_("from age"))
    max_age = models.PositiveSmallIntegerField(_("to age"), null=True, blank=True)

    class Meta:
        verbose_name = _("age band")
        verbose_name_plural = _("age bands")
        ordering = ["age_band_set__order", "min_age"]
        constraints = [
            models.CheckConstraint(
                name="age_band_in_order",
                condition=Q(max_age=None) | Q(max_age__gte=F("min_age")),
                violation_error_message=_("A band goes from the lower age to the higher one."),
            ),
            ExclusionConstraint(
                name="age_bands_do_not_overlap",
                expressions=[
                    (F("age_band_set"), RangeOperators.EQUAL),
                    (
                        # A band in the wrong order is refused above; here it must not fail.
                        Func(
                            Least("min_age", "max_age"),
                            F("max_age"),
                            Value("[]"),
                            function="int4range",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("This band overlaps another one of its set."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"{self.min_age}+" if self.max_age is None else f"{self.min_age}–{self.max_age}"

    def holds(self, age: int) -> bool:
        return self.min_age <= age and (self.max_age is None or age <= self.max_age)


class Donor(Entry):
    """Who pays for work and reads its report."""

    class Meta(Entry.Meta):
        verbose_name = _("donor")
        verbose_name_plural = _("donors")


class GrantQuerySet(models.QuerySet["Grant"]):
    def held_by(self, organization: Organization) -> Self:
        return self.filter(organization=organization)


class Grant(models.Model):
    """A donor's money for one organization's work over a time, counted by its own age bands."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="grants", verbose_name=_("organization")
    )
    donor = models.ForeignKey(Donor, models.PROTECT, related_name="grants", verbose_name=_("donor"))
    code = models.SlugField(_("code"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=120)
    name_sr = models.CharField(_("name in Serbian"), max_length=120)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    age_band_set = models.ForeignKey(
        AgeBandSet, models.PROTECT, related_name="grants", verbose_name=_("age bands")
    )

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        ordering = ["-starts_on", "code"]
        constraints = [
            models.CheckConstraint(
                name="grant_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("A grant cannot end before it starts."),
            ),
            models.UniqueConstraint(
                fields=["organization", "code"],
                name="grant_code_once_per_organization",
                violation_error_message=_("The organization has a grant with this code already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_active_language(self.name_en, self.name_sr)

    def is_open_on(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on

    def pays(self, organization_id: UUID, day: date) -> bool:
        """Whether it pays for this organization's work on this day."""
        return self.organization_id == organization_id and self.is_open_on(day)
