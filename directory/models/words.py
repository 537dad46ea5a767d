"""Coded lists of the work: languages, areas, routes, topics, services, needs, refusals."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.models.entry import Entry


class LanguageQuerySet(models.QuerySet["Language"]):
    def spoken(self) -> Self:
        """What a person can speak, another language and not known among them."""
        return self.filter(is_spoken=True)

    def often_met(self) -> Self:
        """The short list that forms offer first."""
        return self.filter(is_often_met=True)

    def of_services(self) -> Self:
        """Languages that some service is known to be given in."""
        return self.filter(services__isnull=False).distinct()

    def for_services(self) -> Self:
        """What the form of a service offers: the short list, and what others are given in."""
        return self.filter(Q(is_often_met=True) | Q(services__isnull=False)).distinct()


class Language(Entry):
    """A language by its shortest ISO 639 code (`fa`, `prs`), with its own name for itself.

    `mis` is another language, `und` a language not known, `zxx` a leaflet without words.
    """

    class Direction(models.TextChoices):
        LTR = "ltr", _("Left to right")
        RTL = "rtl", _("Right to left")

    endonym = models.CharField(_("own name"), max_length=60, blank=True)
    direction = models.CharField(
        _("direction"), max_length=3, choices=Direction, default=Direction.LTR
    )
    is_often_met = models.BooleanField(_("often met"), default=False)
    is_spoken = models.BooleanField(_("spoken"), default=True)

    objects = LanguageQuerySet.as_manager()

    class Meta(Entry.Meta):
        verbose_name = _("language")
        verbose_name_plural = _("languages")


class Dialect(Entry):
    """A way of speaking a language that people from elsewhere may not follow (`levantine`)."""

    language = models.ForeignKey(
        Language, models.CASCADE, related_name="dialects", verbose_name=_("language")
    )

    class Meta(Entry.Meta):
        verbose_name = _("dialect")
        verbose_name_plural = _("dialects")


class Area(Entry):
    """A named area, as exact as a place of outreach may be: it never has coordinates."""

    class Kind(models.TextChoices):
        HUB = "hub", _("Around the hub")
        CITY = "city", _("City")
        BORDER = "border", _("Border zone")
        CENTRE = "centre", _("Asylum or reception centre")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    municipality = models.CharField(_("municipality"), max_length=60)
    district = models.CharField(_("district"), max_length=60)

    class Meta(Entry.Meta):
        verbose_name = _("area")
        verbose_name_plural = _("areas")


class Route(Entry):
    """A way by which people come, as wide as a leg between countries; never a path or a crossing.

    Sets of questions can be meant for some of them, and talks are counted by them.
    """

    class Meta(Entry.Meta):
        verbose_name = _("route")
        verbose_name_plural = _("routes")


class Topic(Entry):
    """What information is about; the counting of information given rests on it."""

    class Meta(Entry.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")


class ServiceTypeQuerySet(models.QuerySet["ServiceType"]):
    def on_hub_form(self) -> Self:
        """The ticks of the hub visit form, in their places."""
        return self.filter(hub_position__isnull=False).order_by("hub_position")

    def for_clients(self) -> Self:
        """What can be done for a person, without the work of institutions among themselves."""
        return self.exclude(category=ServiceType.Category.INSTITUTION)


class ServiceType(Entry):
    """A kind of service (HSDS taxonomy term), ours or an institution's."""

    class Category(models.TextChoices):
        INFORMATION = "information", _("Information")
        ACCOMMODATION = "accommodation", _("Accommodation")
        FOOD_NFI = "food_nfi", _("Food and items")
        HYGIENE = "hygiene", _("Hygiene")
        SAFE_SPACE = "safe_space", _("Safe space")
        CHILD_FRIENDLY_SPACE = "child_friendly_space", _("Child-friendly space")
        COUNSELLING = "counselling", _("Counselling")
        PSYCHOSOCIAL = "psychosocial", _("Psychosocial support")
        LEGAL = "legal", _("Legal help")
        MEDICAL = "medical", _("Health")
        EDUCATION = "education", _("Education")
        REINTEGRATION = "reintegration", _("Reintegration and recovery")
        LIVELIHOOD = "livelihood", _("Livelihood")
        INTERPRETATION = "interpretation", _("Interpretation")
        ACCOMPANIMENT = "accompaniment", _("Accompaniment")
        FAMILY_TRACING = "family_tracing", _("Family tracing")
        FORMAL_IDENTIFICATION = "formal_identification", _("Formal identification")
        GUARDIANSHIP = "guardianship", _("Guardianship")
        CHILD_PROTECTION = "child_protection", _("Child protection")
        PROTECTION = "protection", _("Protection and social support")
        PHONE_LINE = "phone_line", _("Phone line")
        OUTREACH = "outreach", _("Outreach")
        INSTITUTION = "institution", _("Work of an institution")
        OTHER = "other", _("Other")

    class Unit(models.TextChoices):
        """What one of it is, when its quantity is written down."""

        SESSION = "session", _("Times")
        ITEM = "item", _("Items")
        NIGHT = "night", _("Nights")

    category = models.CharField(_("category"), max_length=30, choices=Category)
    topic = models.ForeignKey(
        Topic,
        models.PROTECT,
        related_name="service_types",
        null=True,
        blank=True,
        verbose_name=_("topic"),
    )
    unit = models.CharField(_("counted in"), max_length=10, choices=Unit, default=Unit.SESSION)
    hub_position = models.PositiveSmallIntegerField(
        _("place on the hub form"), null=True, blank=True
    )

    objects = ServiceTypeQuerySet.as_manager()

    class Meta(Entry.Meta):
        verbose_name = _("kind of service")
        verbose_name_plural = _("kinds of service")
        constraints = [
            models.UniqueConstraint(
                fields=["hub_position"],
                name="hub_position_taken_once",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("This place on the hub form is taken."),
            ),
            models.CheckConstraint(
                name="hub_form_has_twelve_ticks",
                condition=Q(hub_position=None) | Q(hub_position__range=(1, 12)),
                violation_error_message=_("The hub form has places 1 to 12."),
            ),
        ]


class Need(Entry):
    """A need or a risk that a team sees in the field; coded, so that it can be counted."""

    class Kind(models.TextChoices):
        NEED = "need", _("Need")
        RISK = "risk", _("Risk")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)

    class Meta(Entry.Meta):
        verbose_name = _("need or risk")
        verbose_name_plural = _("needs and risks")


class DeclineReason(Entry):
    """Why a service does not take up a referral."""

    names_other_service = models.BooleanField(_("asks for another service"), default=False)

    class Meta(Entry.Meta):
        verbose_name = _("reason to decline")
        verbose_name_plural = _("reasons to decline")
