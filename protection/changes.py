"""What changed in a case or a person, version by version, cut to the level of who looks.

A name of a field and its values are told from the level that the data dictionary asks for. What
belongs to identity is told without its values: those are shown for a reason, on their own page.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Cast
from django.utils.formats import localize
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.data_dictionary import entry_of, may_see
from accounts.levels import Level
from accounts.models import AuditEvent, User
from accounts.models.history import HistoryRow, histories
from casework.models import Case, Person
from screening.models import Incident
from vault.fields import SealedJSONField, SealedTextField

SIZE = 25
# Tells nothing to a reader.
NOISE = {"id", "version", "data_key", "answers_hash"}


class Version(NamedTuple):
    """Where one version stands, when it ended, and of which row it is."""

    table: str
    number: int
    at: datetime
    row: UUID


@dataclass
class Change:
    """One version that ended: what was changed, by whom, and what became of each field."""

    at: datetime
    who: str
    what: str
    kind: str
    fields: list[tuple[str, str, str]] = field(default_factory=list)
    is_cut: bool = False
    # Whose access it is, where a row is about somebody who works here.
    whom: str = ""


def acts_of_case(case: Case, reader: User) -> "models.QuerySet[AuditEvent]":
    """What was read and done with a case that its reader was let into.

    Of an incident only for who may see it: it may have become a report on conduct since.
    """
    seen = Incident.objects.visible_to(reader).filter(case=case)
    told = seen.order_by().values(number=Cast("pk", models.TextField()))
    is_other = ~Q(object_type=Incident._meta.label_lower)
    return AuditEvent.objects.of_case(case.pk).filter(is_other | Q(object_id__in=told))


def acts_of_person(person: Person) -> "models.QuerySet[AuditEvent]":
    """The same of what is operational of a person."""
    return AuditEvent.objects.of_person(person.pk)


def changes_of_case(case: Case, level: Level, before: datetime | None) -> tuple[list[Change], str]:
    """The newest changes of the case and of what belongs to it; where earlier ones begin."""
    return _changes({"of_case": case.pk, "of_person": case.person_id}, level, before)


def changes_of_person(
    person_id: UUID, level: Level, before: datetime | None
) -> tuple[list[Change], str]:
    """The newest changes of what is operational of a person."""
    return _changes({"of_person": person_id}, level, before)


def _changes(
    roots: Mapping[str, UUID], level: Level, before: datetime | None
) -> tuple[list[Change], str]:
    found = _newest(roots, level, before)
    shown = found[:SIZE]
    by_table: dict[str, list[Version]] = defaultdict(list)
    for version in shown:
        by_table[version.table].append(version)
    tables = {model._meta.db_table: model for model in histories()}
    told = {
        (table, pk): change
        for table, versions in by_table.items()
        for pk, change in _told(tables[table], versions, level).items()
    }
    names = _names(each for change in told.values() for each in (change.who, change.whom))
    for change in told.values():
        change.whom = names.get(change.whom, "")
        change.who = names.get(change.who, _("The system"))
    following = shown[-1].at.isoformat() if len(found) > SIZE else ""
    return [told[version.table, version.number] for version in shown], following


def _newest(roots: Mapping[str, UUID], level: Level, before: datetime | None) -> list[Version]:
    """The newest versions of every table, in one query."""
    parts = []
    for model in histories():
        rows = _rows_of(model, roots, level)
        if rows is not None:
            if before is not None:
                rows = rows.filter(pgh_created_at__lt=before)
            table = Value(model._meta.db_table, output_field=models.CharField())
            of_version = ("pgh_id", "pgh_created_at", "pgh_obj_id")
            parts.append(rows.order_by().values_list(table, *of_version))
    newest = parts[0].union(*parts[1:], all=True).order_by("-pgh_created_at")
    return [Version(*row) for row in newest[: SIZE + 1]]


def _rows_of(
    model: type[HistoryRow], roots: Mapping[str, UUID], level: Level
) -> "models.QuerySet[HistoryRow] | None":
    """The versions of a table that belong to the case, else to the person.

    None for a table of which this level sees nothing: that it changed is told to nobody below.
    """
    entry = entry_of(model)
    is_seen = any(Level.EXISTS < each.level <= level for each in entry.fields.values())
    if not entry.is_of_client or not is_seen:
        return None
    # A person has no case of her own: her rows are found by her, all others by the case.
    by = "of_case" if entry.of_case and "of_case" in roots else "of_person"
    lookup = getattr(entry, by)
    if not lookup or ("of_case" not in roots and entry.of_case):
        return None
    return model.objects.filter(**{"pgh_obj" if lookup == "id" else lookup: roots[by]})


def _told(model: type[HistoryRow], wanted: Sequence[Version], level: Level) -> dict[int, Change]:
    """Each of these versions against what followed it: the next version, or the row today."""
    tracked = model.pgh_tracked_model
    numbers, ids = {each.number for each in wanted}, {each.row for each in wanted}
    # Each table of versions has its own link to the row, which their common parent cannot name.
    is_of_these = Q(("pgh_obj__in", ids))
    versions = model.objects.filter(is_of_these).order_by("-pk")
    rows = tracked._base_manager.filter(pk__in=ids)
    if any(each.name == "data_key" for each in tracked._meta.concrete_fields):
        opened = ["data_key"]
        versions, rows = versions.select_related(*opened), rows.select_related(*opened)
    after: dict[Any, models.Model] = {row.pk: row for row in rows}
    changes = {}
    for version in versions:
        obj = version.pgh_obj_id  # type: ignore[attr-defined]  # made by pghistory
        if version.pk in numbers:
            changes[version.pk] = _compare(version, after.get(obj), level)
        after[obj] = version
    return changes


def _compare(version: HistoryRow, after: models.Model | None, level: Level) -> Change:
    tracked = version.pgh_tracked_model
    change = Change(
        at=version.pgh_created_at,
        who=str(version.actor_id or ""),
        what=capfirst(str(tracked._meta.verbose_name)),
        kind=version.pgh_label,
        whom=str(vars(version).get("user_id", "")),
    )
    if version.pgh_label != "changed" or after is None:
        return change
    names = {each.attname for each in version._meta.concrete_fields}
    for each in tracked._meta.concrete_fields:
        is_same = vars(version).get(each.attname) == vars(after).get(each.attname)
        if each.name in NOISE or each.attname not in names or is_same:
            continue
        if not may_see(level, tracked, each.name):
            change.is_cut = True
            continue
        change.fields.append((_label(each), _value(version, each), _value(after, each)))
    return change


def _label(each: "models.Field[Any, Any]") -> str:
    return capfirst(str(each.verbose_name))


def _value(row: models.Model, each: "models.Field[Any, Any]") -> str:
    """The value in words; "" where it stays where it is: identity, answers, other rows."""
    tracked = getattr(type(row), "pgh_tracked_model", type(row))
    is_identity = entry_of(tracked).fields[each.name].level == Level.IDENTITY
    if is_identity or isinstance(each, SealedJSONField | models.ForeignKey):
        return ""
    value = getattr(row, each.attname)
    if isinstance(each, SealedTextField):
        return str(value or _("nothing"))
    if value in (None, ""):
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(dict(each.flatchoices).get(value) or localize(value))


def _names(ids: Iterable[str]) -> dict[str, str]:
    wanted = {each for each in ids if each}
    found = User.objects.filter(pk__in=wanted).values_list("pk", "name")
    return {str(pk): name for pk, name in found}


def fields_told(event: AuditEvent, level: Level) -> list[str]:
    """The names of fields in an audit row that this level may know of."""
    levels = _levels(event.object_type)
    return [name for name in event.fields if levels.get(name, Level.NARRATIVE) <= level]


def _levels(object_type: str) -> dict[str, Level]:
    for model in histories():
        if model.pgh_tracked_model._meta.label_lower == object_type:
            told = entry_of(model).fields
            return {name: each.level for name, each in told.items()}
    return {}
