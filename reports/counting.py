"""How figures are counted from facts: persons, contacts, events and items, never mixed.

A persons indicator is a list of conditions; a person counts when each of them is met in the
period. She counts on the day on which the last one was met for the first time: that day gives her
age. She is *continuing* when all of them had been met before the period, else *new*.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Min, Model, Q, QuerySet, Sum

from casework.models.person import age_in
from directory.models import AgeBand
from reports.models.facts import CountFact, PersonFact, ProfessionalFact

F = TypeVar("F", bound=Model)

UNKNOWN = "unknown"
# No grant is written beside these; a report on one grant counts the organization's.
WITHOUT_GRANT = frozenset({"screening", "referral"})


@dataclass(frozen=True)
class Scope:
    """Whose facts of which time: half-open period, one organization, one grant or all of it."""

    organization: UUID
    starts_on: date
    ends_before: date
    grant: UUID | None
    bands: Sequence[AgeBand]


@dataclass(frozen=True)
class Person:
    """Somebody who counts: the day, and what she is broken down by."""

    day: date
    continuing: bool
    sex: str
    nationality: str
    age: int | None


def count(indicator: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    """The figures of one indicator, ready to be frozen.

    Persons: `{"measure", "total", "new", "continuing", "by": {table: [[row, column, n], …]}}`.
    Contacts, events, items: `{"measure", "total", "by"}`.
    """
    counted = {"clients": _clients, "professionals": _professionals, "counts": _counts}
    return {"measure": indicator["measure"], **counted[indicator["of"]](indicator, scope)}


def _clients(indicator: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    people = [*_people(indicator["all_of"], scope).values()]
    continuing = sum(person.continuing for person in people)
    return {
        "total": len(people),
        "new": len(people) - continuing,
        "continuing": continuing,
        "by": {
            "sex_age": _cells(
                Counter((person.sex, band_of(person, scope.bands)) for person in people)
            ),
            "nationality": _cells(Counter(("all", person.nationality) for person in people)),
        },
    }


def _people(conditions: Iterable[Mapping[str, Any]], scope: Scope) -> dict[UUID, Person]:
    """Everybody who met all conditions in the period."""
    met = [_first_days(condition, scope) for condition in conditions]
    keys = set.intersection(*(set(days) for days in met))
    return {key: _person([days[key] for days in met], scope) for key in keys}


Row = tuple[date, date, str, str, int | None, int | None]


def _first_days(condition: Mapping[str, Any], scope: Scope) -> dict[UUID, Row]:
    """For each person: first day ever and first day in the period, and her facts.

    "Ever" is since the grant began, or since the records began.
    """
    rows = (
        _facts(PersonFact.objects.all(), condition, scope)
        .filter(day__lt=scope.ends_before)
        .values_list("person", "sex", "nationality", "birth_year_from", "birth_year_to")
        .annotate(ever=Min("day"), inside=Min("day", filter=Q(day__gte=scope.starts_on)))
        .filter(inside__isnull=False)
    )
    return {key: (ever, inside, *facts) for key, *facts, ever, inside in rows}


def _person(rows: Sequence[Row], scope: Scope) -> Person:
    _ever, _inside, sex, nationality, born_from, born_to = rows[0]
    day = max(inside for _, inside, *_ in rows)
    return Person(
        day=day,
        continuing=max(ever for ever, *_ in rows) < scope.starts_on,
        sex=sex or UNKNOWN,
        nationality=nationality or UNKNOWN,
        age=age_in(day.year, born_from, born_to),
    )


def _facts(facts: QuerySet[F], condition: Mapping[str, Any], scope: Scope) -> QuerySet[F]:
    """The facts of an organization that meet a condition; of one grant, where they carry one."""
    rows = facts.filter(organization_id=scope.organization, kind=condition["kind"])
    for name, values in condition.items():
        if name == "kind":
            continue
        if name.startswith("not_"):
            rows = rows.exclude(**{f"{name.removeprefix('not_')}__in": values})
        else:
            rows = rows.filter(**{f"{name}__in": values})
    if scope.grant is not None and condition["kind"] not in WITHOUT_GRANT:
        rows = rows.filter(grant_id=scope.grant)
    return rows


def band_of(person: Person, bands: Sequence[AgeBand]) -> str:
    """The donor's age band on the day on which the person counts."""
    age = person.age
    if age is None:
        return UNKNOWN
    return next((band.label for band in bands if band.holds(age)), UNKNOWN)


def _professionals(indicator: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    (condition,) = indicator["all_of"]
    facts = _facts(ProfessionalFact.objects.all(), condition, scope).filter(
        day__lt=scope.ends_before
    )
    rows = list(
        facts.values_list("professional", "sex", "profession")
        .annotate(ever=Min("day"), inside=Min("day", filter=Q(day__gte=scope.starts_on)))
        .filter(inside__isnull=False)
    )
    continuing = sum(ever < scope.starts_on for *_, ever, _inside in rows)
    return {
        "total": len(rows),
        "new": len(rows) - continuing,
        "continuing": continuing,
        "seats": facts.filter(day__gte=scope.starts_on).count(),
        "by": {"profession_sex": _cells(Counter((prof, sex) for _, sex, prof, *_ in rows))},
    }


def _counts(indicator: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    (condition,) = indicator["all_of"]
    facts = _facts(CountFact.objects.all(), condition, scope).filter(
        day__gte=scope.starts_on, day__lt=scope.ends_before
    )
    total = facts.aggregate(total=Sum("quantity", default=0))["total"]
    if indicator["measure"] != "contacts":
        return {"total": total, "by": {}}
    rows = facts.values_list("sex", "min_age", "max_age").annotate(people=Sum("quantity"))
    cells: Counter[tuple[str, str]] = Counter()
    for sex, youngest, oldest, people in rows:
        cells[sex or UNKNOWN, _band_within(youngest, oldest, scope.bands)] += people
    return {"total": total, "by": {"sex_age": _cells(cells)}}


def _band_within(youngest: int | None, oldest: int | None, bands: Sequence[AgeBand]) -> str:
    """The band that holds all ages of a tally's own band; unknown when it lies across two."""
    if youngest is None:
        return UNKNOWN
    for band in bands:
        if band.holds(youngest):
            fits = band.max_age is None or (oldest is not None and oldest <= band.max_age)
            return band.label if fits else UNKNOWN
    return UNKNOWN


def _cells(counter: Mapping[tuple[str, str], int]) -> list[list[Any]]:
    """Cells as JSON keeps them, in a fixed order."""
    return sorted([row, column, people] for (row, column), people in counter.items())
