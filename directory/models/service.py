"""What institutions offer: to whom, when there is room, and how sure we are of the entry."""

from datetime import date, timedelta
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from directory.models.entry import Loaded, in_active_language
from directory.models.place import Municipality
from directory.models.words import Language, ServiceType

# After this many days an entry is shown in amber and stands lower in lists.
FRESH_FOR = timedelta(days=60)
# After this many days an entry is no longer taken for right: call first.
VERIFIED_FOR = timedelta(days=90)
# After this many days nobody relies on "we take people" any more.
SAID_FOR = timedelta(days=7)

PHONE_SHAPE = RegexValidator(r"^\+?[0-9][0-9 ()/-]{1,28}$", _("Write digits and spaces."))


class ServiceQuerySet(models.QuerySet["Service"]):
    def referable(self) -> Self:
        """Services that a person can be referred to now, each with what a list of them shows."""
        return self.for_choice().filter(status=Service.Status.ACTIVE)

    def for_choice(self) -> Self:
        """Those that take referrals, the ones that are closed for a time as well."""
        return self.kept().filter(is_referable=True).select_related("organization")

    def kept(self) -> Self:
        """Those that are offered, if not at this moment."""
        return self.filter(status__in=(Service.Status.ACTIVE, Service.Status.CLOSED))

    def surest_first(self) -> Self:
        """By name, those below that nobody verified lately."""
        fresh = Q(verified_on__gte=timezone.localdate() - FRESH_FOR)
        place = models.Case(models.When(fresh, then=0), default=1)
        return self.order_by(place, "name_en", "pk")

    def to_verify(self) -> Self:
        """Entries that were never verified, or too long ago to rely on."""
        oldest = timezone.localdate() - VERIFIED_FOR
        return self.filter(Q(verified_on=None) | Q(verified_on__lt=oldest))

    def in_category(self, *categories: str) -> Self:
        """Services of a kind that is in one of these categories."""
        return self.filter(
            service_types__in=ServiceType.objects.filter(category__in=categories)
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

    class Status(models.TextChoices):
        """Source: HSDS 3.0, service.status."""

        ACTIVE = "active", _("Open")
        CLOSED = "temporarily closed", _("Closed for a time")
        INACTIVE = "inactive", _("Not offered now")
        DEFUNCT = "defunct", _("Given up")

    class Residence(models.TextChoices):
        """Residence statuses of a person, with the codes that a person's record has."""

        IN_TRANSIT = "in_transit", _("In transit, not registered")
        INTENTION = "intention", _("Expressed intention to seek asylum")
        ASYLUM_SEEKER = "asylum_seeker", _("Asylum seeker")
        REFUGEE = "refugee", _("Refugee or subsidiary protection")
        TEMPORARY = "temporary", _("Temporary or humanitarian residence")
        CITIZEN = "citizen", _("Citizen or permanent resident")
        OTHER = "other", _("Other")

    class Accepting(models.TextChoices):
        YES = "yes", _("Takes people now")
        NO = "no", _("Takes nobody now")
        UNKNOWN = "unknown", _("Not known")

    # Where a call goes: a change of it needs a second person.
    GUARDED = ("phone",)

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
    status = models.CharField(_("state"), max_length=20, choices=Status, default=Status.ACTIVE)
    residence = ArrayField(
        models.CharField(max_length=20, choices=Residence),
        verbose_name=_("only for residence status"),
        default=list,
        blank=True,
    )
    serves = models.ManyToManyField(
        Municipality,
        related_name="served_by",
        blank=True,
        verbose_name=_("only for people in"),
    )
    wait_days = models.PositiveSmallIntegerField(
        _("usual wait in days"), null=True, blank=True, validators=[MaxValueValidator(1000)]
    )
    accepting = models.CharField(
        _("takes people now"), max_length=10, choices=Accepting, default=Accepting.UNKNOWN
    )
    places_free = models.PositiveSmallIntegerField(
        _("places free today"), null=True, blank=True, validators=[MaxValueValidator(1000)]
    )
    # When and by whom the two before were said: by somebody signed in, or by a contact's link.
    capacity_at = models.DateTimeField(null=True, blank=True, editable=False)
    capacity_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    capacity_contact = models.ForeignKey(
        "directory.Contact",
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
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
    # The contact who said by a link that all is still right.
    verified_contact = models.ForeignKey(
        "directory.Contact",
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
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
            ("set_capacity", "Can say whether a service takes people now"),
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
                condition=Q(verified_on=None, verified_by=None, verified_contact=None)
                | Q(verified_on__isnull=False, verified_by__isnull=False, verified_contact=None)
                | Q(verified_on__isnull=False, verified_by=None, verified_contact__isnull=False),
                violation_error_message=_("Say who verified the entry, and when."),
            ),
            models.CheckConstraint(
                name="service_capacity_said_by_somebody",
                condition=Q(accepting="unknown", places_free=None, capacity_at=None)
                | Q(capacity_at__isnull=False)
                & (Q(capacity_by__isnull=False) | Q(capacity_contact__isnull=False)),
                violation_error_message=_("Say who said whether there is room, and when."),
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

    @property
    def is_fading(self) -> bool:
        """Whether nobody verified the entry lately: shown in amber, lower in lists."""
        return self.verified_on is None or self.verified_on < timezone.localdate() - FRESH_FOR

    @property
    def residence_taken(self) -> list[str]:
        return [str(self.Residence(code).label) for code in self.residence]

    @property
    def verifier(self) -> str:
        """Who verified the entry, read with it."""
        who = self.verified_by or self.verified_contact
        return who.name if who else ""

    @property
    def capacity_sayer(self) -> str:
        """Who said whether there is room, read with it."""
        who = self.capacity_by or self.capacity_contact
        return who.name if who else ""

    @property
    def capacity_on(self) -> date | None:
        """The day on which it was last said whether there is room."""
        return timezone.localdate(self.capacity_at) if self.capacity_at else None

    @property
    def accepts_now(self) -> str:
        """What was said of taking people, as long as that can be relied on."""
        said = self.capacity_on
        if said is None or said < timezone.localdate() - SAID_FOR:
            return self.Accepting.UNKNOWN
        return self.accepting

    @property
    def places_today(self) -> int | None:
        """Places free, if that was said today."""
        return self.places_free if self.capacity_on == timezone.localdate() else None
