"""How figures are counted from facts: persons, contacts, events and items, never mixed.

An indicator of persons is a list of conditions; a person counts when each of them is met in the
period. She counts on the day on which the last one was met for the first time: that day gives her
age. She is *continuing* when all of them had been met before the period, else *new*.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from operator import itemgetter
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Count, Min, Model, Q, QuerySet, Sum

from casework.models import Person
from directory.models import AgeBand
from outreach.models import Professional
from reports.models.facts import CountFact, PersonFact, ProfessionalFact

F = TypeVar("F", bound=Model)

UNKNOWN = "unknown"
# The one row of a table that is a list.
ALL = "all"
# Everybody who counts for any indicator of clients, each once.
EVERYBODY = "EVERYBODY"
# No grant is written beside these: a report on one grant counts all of them in the grant's time.
WITHOUT_GRANT = frozenset({"screening", "referral"})

Cells = list[list[Any]]


@dataclass(frozen=True)
class Scope:
    """Whose facts of which time: half-open period, one organization, one grant or all of it."""

    organization: UUID
    starts_on: date
    ends_before: date
    bands: Sequence[AgeBand]
    grant: UUID | None = None
    # First and last day of the grant; without one, everything ever recorded.
    grant_days: tuple[date, date] | None = None


@dataclass(frozen=True)
class Client:
    """Somebody who counts: the day, and what she is broken down by."""

    day: date
    continuing: bool
    sex: str
    nationality: str
    age: int | None


@dataclass(frozen=True)
class Counted:
    """The figures of one indicator as they are frozen, and, of clients, who they are by key.

    Persons: `{"measure", "total", "new", "continuing", "steps", "by"}`, professionals with
    "seats" too; contacts, events, items: `{"measure", "total", "by"}`. `by` holds
    `{table: [[row, column, number], …]}` with every cell of the table, `steps` one
    `[kind, records, persons]` for each condition.
    """

    figures: dict[str, Any]
    people: dict[UUID, Client] = field(default_factory=dict)
    earlier: frozenset[UUID] = frozenset()


def count(indicator: Mapping[str, Any], scope: Scope) -> Counted:
    """Count one indicator."""
    counted = {"clients": _clients, "professionals": _professionals, "counts": _counts}
    return counted[indicator["of"]](indicator, scope)


def count_everybody(counted: Iterable[Counted]) -> dict[str, Any]:
    """The figures of all clients of several indicators: the union, not the sum."""
    everybody: dict[UUID, Client] = {}
    earlier: set[UUID] = set()
    for one in counted:
        earlier |= one.earlier
        for key, client in one.people.items():
            known = everybody.setdefault(key, client)
            if client.day < known.day:
                everybody[key] = client
    people = [replace(client, continuing=key in earlier) for key, client in everybody.items()]
    return {**_people(people), "by": {}}


@dataclass(frozen=True)
class Met:
    """When somebody met a condition first, ever and in the period, and who she was then."""

    ever: date
    inside: date | None
    records: int
    sex: str
    nationality: str
    age: int | None


def _clients(indicator: Mapping[str, Any], scope: Scope) -> Counted:
    met = [_met(condition, scope) for condition in indicator["all_of"]]
    keys = set.intersection(*(set(one) for one in met))
    together = {key: [one[key] for one in met] for key in keys}
    people = {key: client for key, each in together.items() if (client := _client(each, scope))}
    steps = [
        [condition["kind"], sum(m.records for m in one.values()), _inside(one)]
        for condition, one in zip(indicator["all_of"], met, strict=True)
    ]
    figures = {
        **_people(people.values()),
        "steps": steps,
        "by": {name: _CLIENT_TABLES[name](people.values(), scope) for name in indicator["by"]},
    }
    earlier = {key for key, each in together.items() if _was_met(each, scope)}
    return Counted(figures, people, frozenset(earlier))


def _people(people: Iterable[Client]) -> dict[str, Any]:
    continuing = Counter(client.continuing for client in people)
    return {
        "measure": "persons",
        "total": continuing.total(),
        "new": continuing[False],
        "continuing": continuing[True],
    }


def _met(condition: Mapping[str, Any], scope: Scope) -> dict[UUID, Met]:
    """Everybody who ever met a condition before the period ended."""
    inside = Q(day__gte=scope.starts_on)
    rows = (
        _facts(PersonFact.objects.all(), condition, scope)
        .values_list("person", "sex", "nationality")
        .annotate(
            ever=Min("day"),
            inside=Min("day", filter=inside),
            records=Count("record", filter=inside, distinct=True),
            # Nobody grows younger: the lowest age is that of the first day.
            age=Min("age", filter=inside),
        )
    )
    return {
        key: Met(ever, first, records, sex, nationality, age)
        for key, sex, nationality, ever, first, records, age in rows
    }


def _inside(met: Mapping[UUID, Met]) -> int:
    return sum(one.inside is not None for one in met.values())


def _was_met(each: Sequence[Met], scope: Scope) -> bool:
    """Whether all conditions had been met before the period."""
    return max(one.ever for one in each) < scope.starts_on


def _client(each: Sequence[Met], scope: Scope) -> Client | None:
    """Somebody who counts; None when not all conditions were met in the period."""
    inside = [(one.inside, one.age) for one in each if one.inside is not None]
    if len(inside) < len(each):
        return None
    day, age = max(inside, key=itemgetter(0))
    return Client(
        day=day,
        continuing=_was_met(each, scope),
        sex=each[0].sex or UNKNOWN,
        nationality=each[0].nationality or UNKNOWN,
        age=age,
    )


def _facts(facts: QuerySet[F], condition: Mapping[str, Any], scope: Scope) -> QuerySet[F]:
    """The facts that meet a condition, up to the end of the period; of one grant, if asked."""
    rows = facts.filter(
        organization_id=scope.organization, kind=condition["kind"], day__lt=scope.ends_before
    )
    for name, values in condition.items():
        if name.startswith("not_"):
            rows = rows.exclude(**{f"{name.removeprefix('not_')}__in": values})
        elif name != "kind":
            rows = rows.filter(**{f"{name}__in": values})
    if scope.grant is None:
        return rows
    if condition["kind"] not in WITHOUT_GRANT:
        return rows.filter(grant_id=scope.grant)
    return rows.filter(day__range=scope.grant_days) if scope.grant_days else rows


def band_of(age: int | None, bands: Sequence[AgeBand]) -> str:
    """The donor's band for an age."""
    if age is None:
        return UNKNOWN
    return next((band.label for band in bands if band.holds(age)), UNKNOWN)


def _by_sex_and_age(people: Iterable[Client], scope: Scope) -> Cells:
    counts = Counter((client.sex, band_of(client.age, scope.bands)) for client in people)
    return _grid(counts, Person.Sex.values, _columns(scope))


def _by_nationality(people: Iterable[Client], scope: Scope) -> Cells:
    counts = Counter(client.nationality for client in people)
    return [[ALL, code, number] for code, number in sorted(counts.items())]


_CLIENT_TABLES = {"sex_age": _by_sex_and_age, "nationality": _by_nationality}


def _columns(scope: Scope) -> list[str]:
    return [*(band.label for band in scope.bands), UNKNOWN]


def _grid(
    counts: Mapping[tuple[str, str], int], rows: Iterable[str], columns: Iterable[str]
) -> Cells:
    """Every cell of a table: which ones are empty must not be told by which ones are there."""
    columns = list(columns)
    return [[row, column, counts.get((row, column), 0)] for row in rows for column in columns]


def _professionals(indicator: Mapping[str, Any], scope: Scope) -> Counted:
    (condition,) = indicator["all_of"]
    inside = Q(day__gte=scope.starts_on)
    rows = list(
        _facts(ProfessionalFact.objects.all(), condition, scope)
        .values_list("professional", "sex", "profession")
        .annotate(
            ever=Min("day"),
            inside=Min("day", filter=inside),
            seats=Count("record", filter=inside, distinct=True),
        )
        .filter(inside__isnull=False)
    )
    continuing = sum(ever < scope.starts_on for *_, ever, _first, _seats in rows)
    counts = Counter((profession, sex) for _, sex, profession, *_ in rows)
    tables = {"profession_sex": _grid(counts, Professional.Profession.values, Person.Sex.values)}
    return Counted(
        {
            "measure": "persons",
            "total": len(rows),
            "new": len(rows) - continuing,
            "continuing": continuing,
            "seats": sum(seats for *_, seats in rows),
            "steps": [[condition["kind"], sum(seats for *_, seats in rows), len(rows)]],
            "by": {name: tables[name] for name in indicator["by"]},
        }
    )


def _counts(indicator: Mapping[str, Any], scope: Scope) -> Counted:
    (condition,) = indicator["all_of"]
    facts = _facts(CountFact.objects.all(), condition, scope).filter(day__gte=scope.starts_on)
    total = facts.aggregate(total=Sum("quantity", default=0))["total"]
    by = {name: _COUNT_TABLES[name](facts, scope) for name in indicator["by"]}
    return Counted({"measure": indicator["measure"], "total": total, "by": by})


def _met_by_sex_and_age(facts: QuerySet[CountFact], scope: Scope) -> Cells:
    cells: Counter[tuple[str, str]] = Counter()
    rows = facts.values_list("sex", "min_age", "max_age").annotate(number=Sum("quantity"))
    for sex, youngest, oldest, number in rows:
        cells[sex or UNKNOWN, _band_within(youngest, oldest, scope.bands)] += number
    return _grid(cells, Person.Sex.values, _columns(scope))


def _by_language(facts: QuerySet[CountFact], scope: Scope) -> Cells:
    rows = facts.values_list("language").annotate(number=Sum("quantity"))
    return [[ALL, code or UNKNOWN, number] for code, number in sorted(rows)]


_COUNT_TABLES = {"sex_age": _met_by_sex_and_age, "language": _by_language}


def _band_within(youngest: int | None, oldest: int | None, bands: Sequence[AgeBand]) -> str:
    """The band that holds all ages of a tally's own band; unknown when it lies across two."""
    if youngest is None:
        return UNKNOWN
    for band in bands:
        if band.holds(youngest):
            fits = band.max_age is None or (oldest is not None and oldest <= band.max_age)
            return band.label if fits else UNKNOWN
    return UNKNOWN
