"""Institutions around us as the directory describes them, and how they are found."""

from typing import Self

from django.db import models
from django.db.models import Exists, Func, OuterRef, Q, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from directory.folding import MARKED, PLAIN, fold
from directory.models.entry import Loaded, in_active_language, name_column
from directory.models.place import Place
from directory.models.service import Service


def joined(*columns: str) -> Func:
    return Func(Value(" "), *columns, function="concat_ws", output_field=models.TextField())


class Folded(Func):
    """Text as `fold` writes it, on the side of the database; Cyrillic is not stored."""

    template = (
        "lower(translate(replace(replace(%(expressions)s, 'đ', 'dj'), 'Đ', 'dj'), "
        f"'{MARKED}', '{PLAIN}'))"
    )
    output_field = models.TextField()


PLACE_SAYS = ("name_en", "name_sr", "address", "municipality__name_sr")


class OrganizationProfileQuerySet(models.QuerySet["OrganizationProfile"]):
    def listed(self) -> Self:
        """In the order of the names that the reader sees, each with `call_first` for the list.

        `call_first`: one of its services was never verified, or too long ago.
        """
        unsure = Service.objects.to_verify().filter(organization=OuterRef("pk"))
        rows = self.select_related("organization").annotate(call_first=Exists(unsure))
        return rows.order_by(f"organization__{name_column()}")

    def matching(self, text: str, *, reader: User | None = None) -> Self:
        """Institutions in whose names, code, description, services or places the words occur.

        A place that the reader may not know of is not found by its words either.
        """
        rows = self.annotate(
            said=Folded(
                joined(
                    "organization__code",
                    "organization__name_en",
                    "organization__name_sr",
                    "description_en",
                    "description_sr",
                )
            )
        )
        for word in fold(text).split():
            offered = Service.objects.annotate(said=Folded(joined("name_en", "name_sr")))
            offering = offered.filter(organization=OuterRef("pk"), said__contains=word)
            there = Place.objects.shown_to(reader).filter(organization=OuterRef("pk"))
            there = there.annotate(said=Folded(joined(*PLACE_SAYS))).filter(said__contains=word)
            rows = rows.filter(Q(said__contains=word) | Exists(offering) | Exists(there))
        return rows

    def found_in(self, municipality: str, *, reader: User | None = None) -> Self:
        """Institutions with a place in this municipality that the reader may know of."""
        there = Place.objects.shown_to(reader).in_municipality(municipality)
        return self.filter(Exists(there.filter(organization=OuterRef("pk"))))

    def offering(self, *, category: str = "", language: str = "") -> Self:
        """Institutions with one service that is of this category and given in this language."""
        services = Service.objects.filter(organization=OuterRef("pk"))
        if category:
            services = services.in_category(category)
        if language:
            services = services.spoken_in(language)
        return self.filter(Exists(services)) if category or language else self


class OrganizationProfile(Loaded):
    """What the directory says of an organization (HSDS organization, its description)."""

    class Kind(models.TextChoices):
        STATE = "state", _("State institution")
        LOCAL = "local", _("Local institution")
        POLICE = "police", _("Police")
        ASYLUM = "asylum", _("Asylum and migration")
        JUSTICE = "justice", _("Justice")
        OVERSIGHT = "oversight", _("Oversight")
        NGO = "ngo", _("Non-governmental organization")
        INTERNATIONAL = "intl", _("International organization")
        UN = "un", _("United Nations")
        HEALTH = "health", _("Health")

    organization = models.OneToOneField(
        Organization,
        models.CASCADE,
        primary_key=True,
        related_name="profile",
        verbose_name=_("organization"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    description_en = models.CharField(_("what it does, in English"), max_length=300, blank=True)
    description_sr = models.CharField(_("what it does, in Serbian"), max_length=300, blank=True)
    note_en = models.CharField(_("note in English"), max_length=300, blank=True)
    note_sr = models.CharField(_("note in Serbian"), max_length=300, blank=True)
    source_en = models.CharField(_("source in English"), max_length=200, blank=True)
    source_sr = models.CharField(_("source in Serbian"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = OrganizationProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        ordering = ["organization__name_en"]
        permissions = [
            ("edit_organization", "Can add and change institutions"),
            ("edit_lists", "Can add and change entries of the lists"),
        ]

    def __str__(self) -> str:
        return str(self.organization)

    def get_absolute_url(self) -> str:
        return reverse("directory:organization", args=[self.organization_id])

    @property
    def description(self) -> str:
        return in_active_language(self.description_en, self.description_sr)

    @property
    def note(self) -> str:
        return in_active_language(self.note_en, self.note_sr)

    @property
    def source(self) -> str:
        """Who says what the entry says."""
        return in_active_language(self.source_en, self.source_sr)
