"""The data dictionary: for each model and field who may see it, why it is kept and how it goes.

Every app declares its models once, in `<app>/dictionary.py`, as a list named `ENTRIES`. Pages,
API, history, search, exports, notices, retention, erasure and subject access read it from here.
Sources: GDPR 5, 9, 25 and 30; IASC data responsibility; the levels of `accounts.levels`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.db import models
from django.utils.functional import Promise

from accounts.levels import Level

Text = str | Promise


class About(StrEnum):
    """Whom a row is about; decides gate, retention and rights."""

    CLIENT = "client"
    STAFF = "staff"
    WORLD = "world"
    COUNT = "count"
    MACHINE = "machine"


class Retention(StrEnum):
    """The rule by which a row becomes due; the days are settings."""

    CASE = "case"  # with the case, counted from its closure
    PERSON = "person"  # with the person, counted from her last contact
    AUDIT = "audit"  # two years, five for sensitive reads
    STAFF = "staff"  # with the account, counted from its end
    SHORT = "short"  # days: notices, sessions, jobs, files to fetch
    NEVER = "never"  # counts, lists and registers that name nobody


class Erasure(StrEnum):
    """What erasure does with a field."""

    KEEP = "keep"  # says nothing of one person once the rest is gone
    SEALED = "sealed"  # unreadable as soon as the key is destroyed; then emptied
    BLANK = "blank"  # emptied
    YEAR = "year"  # a day becomes the first of its year
    COARSEN = "coarsen"  # replaced by a coarser value, said in the entry
    DELETE_ROW = "delete_row"  # the whole row goes


@dataclass(frozen=True)
class Field:
    """One field: from which level it may be seen, for what it is kept, and how it ends."""

    level: Level
    purpose: Text
    erasure: Erasure = Erasure.KEEP
    special: bool = False  # special category of GDPR 9
    required_because: Text = ""  # the reason when a person has to give it


@dataclass(frozen=True)
class Entry:
    """One model. `of_person` is the lookup path to the person the row is about, "" for none."""

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
    extra: Mapping[str, str] = field(default_factory=dict)


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
    """Raises KeyError for a model that no dictionary declares."""
    return entries()[model._meta.label]


def level_of(model: type[models.Model], name: str) -> Level:
    """From which level a field may be seen. Raises KeyError for an undeclared field."""
    return entry_of(model).fields[name].level


def fields_up_to(model: type[models.Model], level: Level) -> Iterator[str]:
    """The names of a model's fields that this level may see."""
    return (name for name, told in entry_of(model).fields.items() if told.level <= level)
