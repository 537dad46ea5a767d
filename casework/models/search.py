"""What a person can be found by without opening her name: keyed hashes of how it sounds."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.person import Person


class PersonSearch(models.Model):
    """One row for each person with a name; gone when she is erased, made again by rebuild_search.

    Twelve bits of a keyed hash for each part of a name and for each two parts together: many
    names share a key, and whoever holds a copy of the table without the key ring can try none.
    """

    person = models.OneToOneField(
        Person, models.CASCADE, primary_key=True, related_name="search", editable=False
    )
    keys = ArrayField(models.IntegerField(), default=list, editable=False)
    parts = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        indexes = [GinIndex(fields=["keys"], name="person_by_sound")]

    def __str__(self) -> str:
        return str(self.pk)
