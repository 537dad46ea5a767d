"""The data dictionary: for each model and field who may see it, why it is kept and how it goes.

Every app declares its models once, in `<app>/dictionary.py`, as a list named `ENTRIES`. Pages,
API, history, search, exports, notices, retention, erasure and subject access read it from here.
Levels are told of a client's record. Of other rows they say who of those who work here may read a
field: "exists" whoever signs in, "operational" whom the page is for, "restricted" nobody.
Sources: GDPR 5, 9, 25 and 30; IASC data responsibility; the levels of `accounts.levels`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.levels import Level

if TYPE_CHECKING:
    from django.db.models.options import Options

Text = str | Promise


class About(models.TextChoices):
    """Whom a row is about; decides gate, retention and rights."""

    CLIENT = "client", _("A client")
    STAFF = "staff", _("Somebody who works here")
    WORLD = "world", _("The world outside")
    COUNT = "count", _("Nobody: it counts")
    MACHINE = "machine", _("The machine itself")


class Retention(models.TextChoices):
    """The rule by which a row becomes due; the days are settings."""

    CASE = "case", _("With the case, counted from its end")
    PERSON = "person", _("With the person, counted from the last contact")
    AUDIT = "audit", _("Two years, five for sensitive readings")
    STAFF = "staff", _("With the account, counted from its end")
    SHORT = "short", _("Some days")
    NEVER = "never", _("Kept: names nobody")


class Erasure(models.TextChoices):
    """What erasure does with a field."""

    # Says nothing of one person once the rest is gone.
    KEEP = "keep", _("Stays")
    # Unreadable as soon as the key is destroyed; then emptied as well.
    SEALED = "sealed", _("Key destroyed, then emptied")
    BLANK = "blank", _("Emptied")
    # A day or a moment becomes the first of its year.
    YEAR = "year", _("Only the year stays")
    # Becomes what `Field.becomes` says.
    COARSEN = "coarsen", _("Made coarser")
    DELETE_ROW = "delete_row", _("The whole row goes")


@dataclass(frozen=True)
class Field:
    """One field: from which level it may be seen, for what it is kept, and how it ends."""

    level: Level
    purpose: Text
    erasure: Erasure = Erasure.KEEP
    # What COARSEN leaves: a value of the field, "decade" for a year, "new code" for a code.
    becomes: str = ""
    special: bool = False  # special category of GDPR 9
    required_because: Text = ""  # the reason when a person has to give it


@dataclass(frozen=True)
class Entry:
    """One model. `of_person` and `of_case` are lookups that take a person's or a case's key.

    "" where no row leads to one: `filter(**{entry.of_person: person.pk})` finds all of hers.
    """

    model: str
    about: About
    retention: Retention
    fields: Mapping[str, Field]
    of_person: str = ""
    of_case: str = ""
    history: bool = False  # rows are kept by triggers, ciphertext only
    subject_access: bool = False  # part of what a person gets to read of herself
    api: str = ""  # name of the resource, "" for none
    because: Text = ""  # why one of these does not apply
    erase_row: bool = False

    @property
    def is_of_client(self) -> bool:
        return self.about == About.CLIENT

    @property
    def meta(self) -> "Options[models.Model]":
        meta: Options[models.Model] = apps.get_model(self.model)._meta
        return meta


def told(names: str, field: Field) -> dict[str, Field]:
    """The same of several fields, named in one string."""
    return dict.fromkeys(names.split(), field)


def seen(purpose: Text, erasure: Erasure = Erasure.KEEP) -> Field:
    """A field that is operational."""
    return Field(Level.OPERATIONAL, purpose, erasure)


# What many models share.
ROW = Field(Level.EXISTS, _("Tells this row from others"))
KEY = Field(Level.RESTRICTED, _("Which key opens what is sealed here; never shown"))
OF_PERSON = Field(Level.EXISTS, _("Whose record it is, by a random number"))
OF_CASE = Field(Level.EXISTS, _("Which case it belongs to, by a random number"))
BY = seen(_("Who of those who work here did it, to answer for it"))
AT = seen(_("When it was done, for the order of things and for deadlines"), Erasure.YEAR)
VERSION = seen(_("Keeps two people from overwriting each other"))
HOLDER = seen(_("Whose work it is: which hub or team answers for the record"))
GRANT = seen(_("Which donor's money pays for it, to count it once"))
LIST = Field(Level.EXISTS, _("A list of the house, the same for everybody"))


@cache
def entries() -> Mapping[str, Entry]:
    """{model label: entry} of all installed apps."""
    found: dict[str, Entry] = {}
    for config in apps.get_app_configs():
        name = f"{config.name}.dictionary"
        if find_spec(name) is None:
            continue
        for entry in import_module(name).ENTRIES:
            found[entry.model] = entry
    return found


def entry_of(model: type[models.Model]) -> Entry:
    """What is declared of a model; a row of history is told like the row it remembers.

    Raises KeyError for a model that no dictionary declares.
    """
    tracked: type[models.Model] = getattr(model, "pgh_tracked_model", None) or model
    return entries()[tracked._meta.label]


def fields_of(model: type[models.Model]) -> Iterator[str]:
    """The names that an entry has to tell: columns and lists of other rows, none of a parent's."""
    parents = set(model._meta.parents.values())
    for each in [*model._meta.local_concrete_fields, *model._meta.local_many_to_many]:
        if each not in parents:
            yield each.name


def level_of(model: type[models.Model], name: str) -> Level:
    """From which level a field may be seen. Raises KeyError for an undeclared field."""
    return entry_of(model).fields[name].level


def may_see(level: Level, model: type[models.Model], name: str) -> bool:
    """Whether who has this level may see the field."""
    return level_of(model, name) <= level


def fields_up_to(model: type[models.Model], level: Level) -> Iterator[str]:
    """The names of a model's fields that this level may see."""
    return (name for name, each in entry_of(model).fields.items() if each.level <= level)
