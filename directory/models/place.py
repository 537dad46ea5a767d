"""Where help is given: districts, municipalities, places, and who may know of a place."""

from collections.abc import Collection
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from directory.models.entry import Entry, in_active_language


class District(Entry):
    """An administrative district of Serbia, or the City of Belgrade."""

    class Meta(Entry.Meta):
        verbose_name = _("district")
        verbose_name_plural = _("districts")


class Municipality(Entry):
    """A city or municipality; of Belgrade, a city municipality."""

    district = models.ForeignKey(
        District, models.PROTECT, related_name="municipalities", verbose_name=_("district")
    )

    class Meta(Entry.Meta):
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")


class PlaceQuerySet(models.QuerySet["Place"]):
    def shown_to(self, user: User | None) -> Self:
        """The places that a reader may know of; None is anybody.

        Every door asks this: page, search, API, export, paper, map.
        """
        rows = Q(visibility__in=circles_of(user))
        if user is not None:
            rows |= Q(visibility=Place.Visibility.NEVER, edited_by=user.pk)
        return self.filter(rows)

    def for_circle(self, circle: str) -> Self:
        """What a paper or file for these readers may say, whoever makes it; `never` is in none."""
        return self.filter(visibility__in=CIRCLES[circle])

    def in_municipality(self, municipality: str) -> Self:
        return self.filter(municipality=municipality)


class Place(models.Model):
    """A place where an institution helps (HSDS location); some may never be known to others."""

    class Visibility(models.TextChoices):
        """Who may know of it."""

        PUBLIC = "public", _("Everybody")
        PARTNERS = "partners", _("Partners and staff")
        STAFF = "staff", _("Staff only")
        NEVER = "never", _("Nobody but who wrote it")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="places", verbose_name=_("organization")
    )
    name_en = models.CharField(_("name in English"), max_length=120)
    name_sr = models.CharField(_("name in Serbian"), max_length=120)
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,
        related_name="places",
        null=True,
        blank=True,
        verbose_name=_("municipality"),
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    accessibility_en = models.CharField(_("accessibility in English"), max_length=300, blank=True)
    accessibility_sr = models.CharField(_("accessibility in Serbian"), max_length=300, blank=True)
    # A new place is known to few until somebody says otherwise.
    visibility = models.CharField(
        _("who may know of it"), max_length=10, choices=Visibility, default=Visibility.STAFF
    )
    services = models.ManyToManyField(
        "directory.Service",
        through="ServiceAtPlace",
        related_name="places",
        blank=True,
        verbose_name=_("services given there"),
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["name_en", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("directory:organization", args=[self.organization_id])

    @property
    def name(self) -> str:
        return in_active_language(self.name_en, self.name_sr)

    @property
    def accessibility(self) -> str:
        return in_active_language(self.accessibility_en, self.accessibility_sr)


class ServiceAtPlace(models.Model):
    """One service given at one place (HSDS service_at_location); seen with the place."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    service = models.ForeignKey("directory.Service", models.CASCADE, related_name="at_places")
    place = models.ForeignKey(Place, models.CASCADE, related_name="at_services")

    class Meta:
        verbose_name = _("service at a place")
        verbose_name_plural = _("services at places")
        constraints = [
            models.UniqueConstraint(fields=["service", "place"], name="service_once_at_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.service_id} {self.place_id}"


# {who a paper or page is for: the visibilities it may hold}
CIRCLES: dict[str, Collection[str]] = {
    Place.Visibility.PUBLIC: (Place.Visibility.PUBLIC,),
    Place.Visibility.PARTNERS: (Place.Visibility.PUBLIC, Place.Visibility.PARTNERS),
    Place.Visibility.STAFF: (
        Place.Visibility.PUBLIC,
        Place.Visibility.PARTNERS,
        Place.Visibility.STAFF,
    ),
}


def circle_of(user: User | None) -> str:
    """The widest circle that a reader belongs to."""
    if user is None or not user.is_active:
        return Place.Visibility.PUBLIC
    return Place.Visibility.STAFF if user.organization.is_house else Place.Visibility.PARTNERS


def circles_of(user: User | None) -> Collection[str]:
    """The visibilities that a reader may see."""
    return CIRCLES[circle_of(user)]
