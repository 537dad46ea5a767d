"""What the rows of all lists share: a code that stays, and a name in each language."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def in_active_language(english: str, serbian: str) -> str:
    """The text for the reader; the English one where the Serbian one is still missing."""
    return (serbian or english) if (get_language() or "").startswith("sr") else english


def name_column() -> str:
    """The column of names to sort by for the reader."""
    return "name_sr" if (get_language() or "").startswith("sr") else "name_en"


class Loaded(models.Model):
    """A row that the reference files bring; once somebody edits it here, they leave it alone."""

    edited_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True


class Entry(Loaded):
    """One entry of a list. Its code is its key: it is written in rows, exports and addresses."""

    code = models.SlugField(_("code"), max_length=40, primary_key=True)
    name_en = models.CharField(_("name in English"), max_length=120)
    name_sr = models.CharField(_("name in Serbian"), max_length=120)
    order = models.PositiveSmallIntegerField(_("place in the list"), default=500)

    class Meta:
        abstract = True
        ordering = ["order", "name_en"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_active_language(self.name_en, self.name_sr)
