"""Move everything that hangs on one person to another one, and back.

Found in the models themselves: whatever names a person by a foreign key moves, also what nobody
thought of here. What stays is named in LEFT, each with its reason.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import Q

from casework.models import Person

Moved = dict[str, list[str]]
Fields = dict[str, tuple[type[models.Model], "models.Field[Any, Any]"]]
# {app.Model.field: why it stays with the record that was merged}
LEFT = {
    "casework.Person_other_languages.person": "languages are united on the record that is kept",
    "casework.PersonIdentity.person": "names are chosen part by part, the old ones stay sealed",
    "casework.PersonSearch.person": "made anew from the names of the record that is kept",
    "casework.TwinTicket.first": "tells of the pair",
    "casework.TwinTicket.second": "tells of the pair",
    "casework.PersonMerge.survivor": "tells of the pair",
    "casework.PersonMerge.loser": "tells of the pair",
    "protection.DueRow.person": "whether the time is over is asked anew of the whole record",
}


@cache
def person_fields() -> Fields:
    """Every foreign key to a person in the house: {app.Model.field: (model, field)}."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed or model._meta.proxy or hasattr(model, "pgh_tracked_model"):
            continue
        for field in model._meta.local_concrete_fields:
            if field.is_relation and field.related_model is Person:
                found[f"{model._meta.label}.{field.name}"] = (model, field)
    return found


def moving_fields() -> Fields:
    return {label: told for label, told in person_fields().items() if label not in LEFT}


def move_rows(origin: Person, target: Person) -> tuple[Moved, Moved]:
    """Move all rows of one person to another; what a unique rule refuses stays: (moved, left)."""
    moved: Moved = {}
    left: Moved = {}
    for label, (model, field) in moving_fields().items():
        rows = model._base_manager.filter(**{field.name: origin.pk})
        _take_over(label, model, field.name, [*rows.values_list("pk", flat=True)], target, moved)
        stayed = [str(pk) for pk in rows.values_list("pk", flat=True)]
        if stayed:
            left[label] = stayed
    return moved, left


def move_back(moved: Mapping[str, list[str]], origin: Person, target: Person) -> None:
    """Move rows back that are still with `origin`, and what was hung on them since."""
    for label, (model, field) in moving_fields().items():
        hers = model._base_manager.filter(**{field.name: origin.pk})
        wanted = Q(pk__in=moved.get(label, []))
        for parent, parents in _parents(model, moved):
            wanted |= Q(**{f"{parent}__in": parents})
        ids = list(hers.filter(wanted).values_list("pk", flat=True))
        _take_over(label, model, field.name, ids, target, {})


def _parents(
    model: type[models.Model], moved: Mapping[str, list[str]]
) -> Iterable[tuple[str, list[str]]]:
    """Foreign keys of a model to rows that moved: a service of a visit goes with the visit."""
    by_model: dict[str, list[str]] = {}
    for label, ids in moved.items():
        by_model.setdefault(label.rpartition(".")[0], []).extend(ids)
    for field in model._meta.local_concrete_fields:
        related = field.related_model if field.is_relation else None
        if related is None or related is Person or isinstance(related, str):
            continue
        if told := by_model.get(related._meta.label):
            yield field.name, told


def _take_over(
    label: str,
    model: type[models.Model],
    name: str,
    ids: list[UUID | int],
    target: Person,
    moved: Moved,
) -> None:
    """All at once; where that breaks a rule, one by one, without those that break it."""
    if not ids or _update(model, name, ids, target):
        if ids:
            moved[label] = [str(pk) for pk in ids]
        return
    taken = [str(pk) for pk in ids if _update(model, name, [pk], target)]
    if taken:
        moved[label] = taken


def _update(model: type[models.Model], name: str, ids: list[UUID | int], target: Person) -> bool:
    try:
        with transaction.atomic():
            model._base_manager.filter(pk__in=ids).update(**{name: target.pk})
    except IntegrityError:
        return False
    return True


def take_strays(loser: Person, survivor: Person, left: Mapping[str, list[str]]) -> Moved:
    """Move what was written to a record while it was being merged; what was left stays."""
    moved: Moved = {}
    for label, (model, field) in moving_fields().items():
        hers = model._base_manager.filter(**{field.name: loser.pk})
        ids = list(hers.exclude(pk__in=left.get(label, [])).values_list("pk", flat=True))
        _take_over(label, model, field.name, ids, survivor, moved)
    return moved
