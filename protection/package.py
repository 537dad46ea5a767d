"""One person's data as a file that she can read: what the dictionary says is hers to see.

Left out: who of those who work here did what, keys and numbers of the machine, the partner's
staff, and every text that nobody read and found to speak of her alone. Source: GDPR 15(4), DP-17.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.data_dictionary import Entry, entries
from accounts.levels import Level
from accounts.models import User
from accounts.spreadsheets import Sheet, Value
from casework.models import Person
from protection.models import Subject
from protection.reach import Belonging, belongings, merged_into
from vault.fields import DataKeyField, SealedJSONField, SealedTextField

# Texts that workers wrote: each may tell of others, so each is read before it leaves.
READ_FIRST = {
    ("casework.CaseNote", "text"),
    ("casework.CaseFile", "label"),
    ("casework.Person", "handling_note"),
    ("casework.Visit", "concern_note"),
    ("casework.BestInterestsStep", "note"),
    ("casework.Consent", "reason"),
    ("referrals.Referral", "message"),
    ("referrals.ReferralStep", "comment"),
    ("referrals.ProcedureStep", "note"),
    ("referrals.SuspicionReport", "text"),
}
# People of the partner; and of a guardian, who may be the one that asks for the file.
OF_OTHERS = {
    ("referrals.Referral", "contact"),
    ("referrals.Referral", "other_service"),
    ("casework.Guardian", "name"),
    ("casework.Guardian", "is_suspected"),
    ("casework.Guardian", "doubt"),
    ("casework.Consent", "guardian_suspected"),
    # Whether her relative is known here is the relative's to tell.
    ("casework.SoughtRelative", "state"),
}
# Told to her by those who receive such reports, not by the team that hands the file out.
KEPT_APART = {"screening.Incident": {"conduct_by": None}}
MACHINE = {
    "id",
    "version",
    "data_key",
    "object_id",
    "url_name",
    "archived_on",
    "text_version",
    "clock_told_until",
}


@dataclass(frozen=True)
class Text:
    """One text about her, before somebody has read it: which row, since when, what it says."""

    model: str
    pk: str
    name: str
    at: object
    said: str

    @property
    def key(self) -> str:
        return f"{self.model}.{self.name}:{self.pk}"

    @property
    def label(self) -> str:
        field = _model(self.model)._meta.get_field(self.name)
        return capfirst(str(getattr(field, "verbose_name", self.name)))


def texts_of(person: Person) -> list[Text]:
    """Everything about her that has to be read by a person before it leaves."""
    return [
        Text(entry.model, str(row.pk), name, _moment_of(row), str(getattr(row, name)))
        for belonging, entry in _hers()
        for row in _rows(belonging, entry, person.pk)
        for name in entry.fields
        if (entry.model, name) in READ_FIRST and getattr(row, name)
    ]


def sheets_of(person: Person, read: Iterable[str]) -> list[Sheet]:
    """The tables of the file, in her language where the house speaks it. `read` are text keys."""
    language = "sr-latn" if person.language_id.startswith("sr") else "en"
    with translation.override(language):
        tables = [table for each in _hers() if (table := _table(*each, person, set(read)))]
        return [_first_page(person, len(texts_of(person)), len(set(read))), *tables]


def _hers() -> Iterator[tuple[Belonging, Entry]]:
    told = entries()
    for belonging in reversed(belongings(Subject.PERSON)):
        entry = told.get(belonging.model._meta.label)
        if entry is not None and entry.subject_access and not belonging.is_history:
            yield belonging, entry


def _rows(belonging: Belonging, entry: Entry, person: UUID) -> models.QuerySet[models.Model]:
    """Rows of her own file, and of what was merged into it; not of the file of somebody else."""
    hers = [person, *merged_into(person)]
    own = {f"{entry.of_person}__in": hers} if entry.of_person else {}
    told = KEPT_APART.get(entry.model, {})
    rows = belonging.rows(person).filter(**own, **told).distinct()
    has_key = any(isinstance(field, DataKeyField) for field in belonging.model._meta.fields)
    return rows.select_related("data_key") if has_key else rows


def _table(belonging: Belonging, entry: Entry, person: Person, read: set[str]) -> Sheet | None:
    names = [name for name in entry.fields if _is_hers(entry, name)]
    rows = list(_rows(belonging, entry, person.pk))
    if not rows or not names:
        return None
    head: list[Value] = [_label(belonging.model, name) for name in names]
    lines = [[_shown(row, entry, name, read) for name in names] for row in rows]
    return Sheet(capfirst(str(belonging.model._meta.verbose_name_plural)), [head, *lines])


def _is_hers(entry: Entry, name: str) -> bool:
    """Whether a field tells something about her, and about nobody else."""
    if name in MACHINE or (entry.model, name) in OF_OTHERS:
        return False
    field = _model(entry.model)._meta.get_field(name)
    points_at = field.related_model
    inside = points_at is User or (
        points_at is not None
        and points_at._meta.label in entries()
        and entries()[points_at._meta.label].is_of_client
    )
    return entry.fields[name].level < Level.RESTRICTED and not inside


def _shown(row: models.Model, entry: Entry, name: str, read: set[str]) -> Value:
    field = row._meta.get_field(name)
    value = getattr(row, name)
    if (entry.model, name) in READ_FIRST:
        key = f"{entry.model}.{name}:{row.pk}"
        return str(value) if key in read or not value else _("left out")
    return _plain(row, field, value)


def _plain(row: models.Model, field: Any, value: Any) -> Value:
    if isinstance(field, SealedJSONField):
        return "; ".join(f"{key}: {told}" for key, told in _flat(value))
    if isinstance(field, models.ManyToManyField):
        return ", ".join(str(each) for each in value.all())
    if isinstance(field, ArrayField):
        words = dict(field.base_field.flatchoices)
        return ", ".join(str(words.get(each, each)) for each in value)
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DateTimeField):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else ""
    if isinstance(field, models.BooleanField):
        return _("Yes") if value else _("No")
    if isinstance(field, models.DateField | models.IntegerField):
        return value if value is not None else ""
    return "" if value is None or (isinstance(field, SealedTextField) and not value) else str(value)


def _flat(told: Any, before: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(told, dict):
        for key, value in told.items():
            yield from _flat(value, f"{before} {key}".strip())
    elif isinstance(told, Sequence) and not isinstance(told, str):
        yield before, ", ".join(str(each) for each in told)
    else:
        yield before, str(told)


def _label(model: type[models.Model], name: str) -> str:
    return capfirst(str(getattr(model._meta.get_field(name), "verbose_name", name)))


def _moment_of(row: models.Model) -> object:
    for name in ("written_at", "at", "added_at", "created_at", "registered_at", "recorded_at"):
        if hasattr(row, name):
            return getattr(row, name)
    return None


def _model(label: str) -> type[models.Model]:
    return entries()[label].meta.model


FIRST = gettext_lazy("What we keep about you")


def _first_page(person: Person, texts: int, read: int) -> Sheet:
    """What this is, what is left out and why, and what else she may ask for."""
    lines: list[list[Value]] = [
        [_("What we keep about you"), ""],
        [_("Code"), person.code],
        [_("Made on"), timezone.localdate()],
        [_("Organization"), person.organization.name],
        [_("Whom to ask"), settings.DATA_PROTECTION_CONTACT or _("Whoever gave you this file")],
        [_("Where the data lie"), settings.HOSTING_COUNTRY],
        [_("Texts left out, because they tell of other people as well"), texts - read],
        [_("You may ask us to correct or erase it, or to use it less."), ""],
        [_("You may complain to the Commissioner for personal data protection."), ""],
        [_("Keep this file where nobody else finds it, or ask us to keep it for you."), ""],
    ]
    return Sheet(str(FIRST), lines)
