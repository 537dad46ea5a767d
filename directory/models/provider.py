"""Institutions around us as the directory describes them, and the services they offer."""

from datetime import timedelta
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from directory.folding import MARKED, PLAIN, fold
from directory.models.entry import Loaded, in_active_language, name_column
from directory.models.place import Place
from directory.models.words import Language, ServiceType

# After this many days an entry is no longer taken for right.
VERIFIED_FOR = timedelta(days=90)

PHONE_SHAPE = RegexValidator(r"^\+?[0-9][0-9 ()/-]{1,28}$", _("Write digits and spaces."))


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


class ServiceQuerySet(models.QuerySet["Service"]):
    def referable(self) -> Self:
        """Services that a person can be referred to, each with what a list of them shows."""
        return self.filter(is_referable=True).select_related("organization")

    def to_verify(self) -> Self:
        """Entries that were never verified, or too long ago to rely on."""
        oldest = timezone.localdate() - VERIFIED_FOR
        return self.filter(Q(verified_on=None) | Q(verified_on__lt=oldest))

    def in_category(self, category: str) -> Self:
        return self.filter(
            service_types__in=ServiceType.objects.filter(category=category)
        ).distinct()

    def spoken_in(self, language: str) -> Self:
        """Services known to be given in this language; the others may be, but nobody said so."""
        return self.filter(languages=language)


class Service(Loaded):
    """What one organization offers (HSDS service), and how sure we are of the entry."""

    class Sex(models.TextChoices):
        FEMALE = "female", _("Female")
        MALE = "male", _("Male")
        OTHER = "other", _("Other")

    class PhoneStatus(models.TextChoices):
        NONE = "none", _("No number yet")
        UNCONFIRMED = "unconfirmed", _("Found, not confirmed")
        NATIONAL = "national", _("National number, not confirmed")
        CONFIRMED = "confirmed", _("Confirmed")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="services", verbose_name=_("organization")
    )
    name_en = models.CharField(_("name in English"), max_length=120)
    name_sr = models.CharField(_("name in Serbian"), max_length=120)
    service_types = models.ManyToManyField(
        ServiceType, related_name="services", verbose_name=_("kinds of service")
    )
    languages = models.ManyToManyField(
        Language, related_name="services", blank=True, verbose_name=_("languages")
    )
    min_age = models.PositiveSmallIntegerField(_("from age"), null=True, blank=True)
    max_age = models.PositiveSmallIntegerField(_("to age"), null=True, blank=True)
    sexes = ArrayField(
        models.CharField(max_length=10, choices=Sex),
        verbose_name=_("only for"),
        default=list,
        blank=True,
    )
    phone = models.CharField(
        _("phone"),
        max_length=30,
        blank=True,
        validators=[PHONE_SHAPE],
    )
    phone_status = models.CharField(
        _("state of the number"), max_length=15, choices=PhoneStatus, default=PhoneStatus.NONE
    )
    phone_source = models.CharField(_("where the number is from"), max_length=100, blank=True)
    note_en = models.CharField(_("note in English"), max_length=300, blank=True)
    note_sr = models.CharField(_("note in Serbian"), max_length=300, blank=True)
    is_referable = models.BooleanField(_("takes referrals"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    verified_on = models.DateField(_("last verified"), null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("verified by"),
    )

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["organization__name_en", "name_en"]
        permissions = [
            ("view_services", "Can read the directory"),
            ("edit_service", "Can add and change services of institutions"),
            ("verify_service", "Can confirm that the entry of a service is right"),
        ]
        constraints = [
            models.CheckConstraint(
                name="service_ages_in_order",
                condition=Q(min_age=None) | Q(max_age=None) | Q(max_age__gte=F("min_age")),
                violation_error_message=_("Ages go from the lower one to the higher one."),
            ),
            models.CheckConstraint(
                name="service_phone_has_a_state",
                condition=Q(phone="", phone_status="none") | ~Q(phone="") & ~Q(phone_status="none"),
                violation_error_message=_("Say how sure the phone number is, or leave it out."),
            ),
            models.CheckConstraint(
                name="service_verified_by_somebody",
                condition=Q(verified_on=None, verified_by=None)
                | Q(verified_on__isnull=False, verified_by__isnull=False),
                violation_error_message=_("Say who verified the entry, and when."),
            ),
            models.UniqueConstraint(
                fields=["organization", "name_en"],
                name="service_once_per_organization",
                violation_error_message=_("The organization has a service of this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_active_language(self.name_en, self.name_sr)

    @property
    def note(self) -> str:
        return in_active_language(self.note_en, self.note_sr)

    @property
    def phone_is_confirmed(self) -> bool:
        return self.phone_status == self.PhoneStatus.CONFIRMED

    @property
    def sexes_taken(self) -> list[str]:
        return [str(self.Sex(sex).label) for sex in self.sexes]

    @property
    def call_first(self) -> bool:
        """Whether the entry was never verified, or too long ago to rely on."""
        return self.verified_on is None or self.verified_on < timezone.localdate() - VERIFIED_FOR
