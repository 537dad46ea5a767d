"""What belongs to somebody: every row that leads to a person or to a case by foreign keys.

Found in the models themselves, so that a new table is erased without anybody remembering to.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Q

from casework.models import Case, Person
from protection.models import Subject

ROOTS: dict[str, type[models.Model]] = {Subject.PERSON: Person, Subject.CASE: Case}


@dataclass(frozen=True)
class Belonging:
    """Rows of one model and the lookups by which they lead to the root."""

    model: type[models.Model]
    lookups: tuple[str, ...]

    @property
    def is_history(self) -> bool:
        """Whether these are earlier states of rows, which only the database's owner deletes."""
        return hasattr(self.model, "pgh_tracked_model")

    def rows(self, subject: UUID) -> models.QuerySet[models.Model]:
        wanted = Q()
        for lookup in self.lookups:
            wanted |= Q(**{lookup: subject})
        return self.model._base_manager.filter(wanted)

    def ids(self, subject: UUID) -> list[object]:
        return list(self.rows(subject).values_list("pk", flat=True).distinct())

    def earlier(self, subject: UUID) -> list[object]:
        """Of a table of history: the keys of the rows whose earlier versions these are."""
        return list(self.rows(subject).values_list("pgh_obj_id", flat=True).distinct())


@cache
def belongings(kind: str) -> tuple[Belonging, ...]:
    """All that leads to a person or a case, children before their parents, the root last."""
    root = ROOTS[kind]
    # With a person goes every record that was merged into hers.
    own = {"pk", "merged_into"} if root is Person else {"pk"}
    lookups: dict[type[models.Model], set[str]] = {root: own}
    waiting = [root]
    while waiting:
        parent = waiting.pop()
        for child, field in _children(parent):
            paths = {
                field.name if path == "pk" else f"{field.name}__{path}" for path in lookups[parent]
            }
            if not paths <= lookups.setdefault(child, set()):
                lookups[child] |= paths
                if child is not root:
                    waiting.append(child)
    return tuple(Belonging(model, tuple(sorted(lookups[model]))) for model in _ordered(lookups))


def _children(
    parent: type[models.Model],
) -> Iterable[tuple[type[models.Model], "models.Field[Any, Any]"]]:
    """Models with a foreign key to this one, through tables of lists included."""
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed or model._meta.proxy:
            continue
        for field in model._meta.local_concrete_fields:
            if field.is_relation and field.related_model is parent and model is not parent:
                yield model, field


def _ordered(found: Iterable[type[models.Model]]) -> list[type[models.Model]]:
    """Each model before the ones that it points to."""
    left, ordered = set(found), []
    while left:
        pointed_at = {
            field.related_model
            for model in left
            for field in model._meta.local_concrete_fields
            if field.is_relation and field.related_model is not model
        }
        free = sorted(left - pointed_at, key=lambda model: model._meta.label)
        ordered += free or sorted(left, key=lambda model: model._meta.label)[:1]
        left -= set(ordered)
    return ordered


def keys_of(kind: str, subject: UUID) -> set[UUID]:
    """The keys that seal what is hers: her own, of what was merged, of her cases; or of a case."""
    keys = {subject}
    if kind == Subject.PERSON:
        keys |= set(merged_into(subject))
        keys |= set(Case.objects.filter(person__in=keys).values_list("pk", flat=True))
    return keys


def merged_into(person: UUID) -> list[UUID]:
    """The records that were merged into this one: what moved is sealed with their keys as well."""
    rows = Person.objects.filter(merged_into=person)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def mentions(kind: str, subject: UUID) -> set[str]:
    """The random numbers of her rows, as other tables write them down: notices, jobs, drafts."""
    ids = {str(subject)} | {str(key) for key in keys_of(kind, subject)}
    for belonging in belongings(kind):
        if not belonging.is_history and isinstance(belonging.model._meta.pk, models.UUIDField):
            ids |= {str(pk) for pk in belonging.ids(subject)}
    return ids
