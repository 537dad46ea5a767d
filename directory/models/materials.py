"""Leaflets and cards, and the languages they exist in."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.models.entry import Loaded, in_active_language
from directory.models.funding import Donor
from directory.models.words import Language, Topic


class Leaflet(Loaded):
    """A printed title about one topic; what is handed out is one of its editions."""

    class Kind(models.TextChoices):
        LEAFLET = "leaflet", _("Leaflet")
        CARD = "card", _("Card")
        POSTER = "poster", _("Poster")

    code = models.SlugField(_("code"), max_length=40, primary_key=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.LEAFLET)
    title_en = models.CharField(_("title in English"), max_length=120)
    title_sr = models.CharField(_("title in Serbian"), max_length=120)
    topic = models.ForeignKey(
        Topic, models.PROTECT, related_name="leaflets", verbose_name=_("topic")
    )
    donor = models.ForeignKey(
        Donor,
        models.PROTECT,
        related_name="leaflets",
        null=True,
        blank=True,
        verbose_name=_("donor"),
    )
    order = models.PositiveSmallIntegerField(_("place in the list"), default=500)

    class Meta:
        verbose_name = _("leaflet")
        verbose_name_plural = _("leaflets")
        ordering = ["order", "title_en"]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_active_language(self.title_en, self.title_sr)


class LeafletEditionQuerySet(models.QuerySet["LeafletEdition"]):
    def in_use(self) -> Self:
        """The editions that are handed out now, with their leaflet and language."""
        return self.filter(is_in_use=True).select_related("leaflet", "language")


class LeafletEdition(models.Model):
    """A leaflet in one language and version; at most one version of it is handed out."""

    leaflet = models.ForeignKey(
        Leaflet, models.PROTECT, related_name="editions", verbose_name=_("leaflet")
    )
    language = models.ForeignKey(
        Language, models.PROTECT, related_name="leaflet_editions", verbose_name=_("language")
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    is_in_use = models.BooleanField(_("in use"), default=True)

    objects = LeafletEditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition of a leaflet")
        verbose_name_plural = _("editions of leaflets")
        ordering = ["leaflet__order", "leaflet__title_en", "language__order", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["leaflet", "language", "version"],
                name="one_edition_per_version",
                violation_error_message=_("This edition exists already."),
            ),
            models.UniqueConstraint(
                fields=["leaflet", "language"],
                condition=Q(is_in_use=True),
                name="one_edition_in_use",
                violation_error_message=_("Another version of this edition is in use."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.leaflet} ({self.language})"
