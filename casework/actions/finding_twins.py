"""Compare records at night: pairs whose names sound alike by their keys, without opening any."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Manager, Q, QuerySet
from django.utils import timezone

from accounts.audit import record_list
from casework.ages import years_overlap
from casework.models import (
    Likeness,
    Person,
    PersonSearch,
    PossibleMatch,
    SoughtRelative,
    TwinTicket,
)
from casework.names.keys import FIRST_PAIR

# More than these in one night nobody looks at; the others come the next night.
MOST_IN_A_NIGHT = 200
FEWEST_PARTS = 2
UNKNOWN = Person.Sex.UNKNOWN
# What is compared: people, and those whom people seek.
Sounding = PersonSearch | SoughtRelative
Described = Person | SoughtRelative
Pair = TypeVar("Pair", TwinTicket, PossibleMatch)


@transaction.atomic
def find_twins() -> int:
    """Open a ticket for each new pair; returns how many. Those who came lately are compared."""
    tickets = []
    for first, second in _pairs():
        tickets.append(_ticket(first, second))
        if len(tickets) == MOST_IN_A_NIGHT:
            break
    kept = stored(tickets)
    record_list(None, "find_twins", TwinTicket, kept)
    return len(kept)


def stored(rows: Sequence[Pair]) -> list[UUID]:
    """Save these, all of one table; the keys of those that nobody else saved at that moment."""
    if not rows:
        return []
    table: Manager[Pair] = type(rows[0])._default_manager
    table.bulk_create(rows, ignore_conflicts=True)
    keys = [row.pk for row in rows]
    return list(table.filter(pk__in=keys).values_list("pk", flat=True))


def _pairs() -> Iterator[tuple[Person, Person]]:
    """Pairs without a ticket whose keys, years and sex allow one person."""
    seen: set[tuple[UUID, UUID]] = set()
    for entry in _fresh().select_related("person").iterator(chunk_size=500):
        near = open_to_all().filter(
            keys__overlap=[key for key in entry.keys if key >= FIRST_PAIR],
            person__organization=entry.person.organization_id,
        )
        known = _known(entry.person)
        for other in near.exclude(person=entry.person_id).select_related("person"):
            first, second = sorted((entry.person, other.person), key=lambda each: each.pk)
            pair = first.pk, second.pk
            if pair in seen or not (sound_alike(entry, other) and may_be_one(first, second)):
                continue
            seen.add(pair)
            if other.person_id not in known:
                yield first, second


def _known(person: Person) -> set[UUID]:
    """With whom she has a ticket."""
    tickets = TwinTicket.objects.filter(Q(first=person) | Q(second=person))
    return {pk for pair in tickets.values_list("first", "second") for pk in pair}


def open_to_all() -> QuerySet[PersonSearch]:
    """Of nobody who is sealed, waits to be erased or was merged; of two parts at least."""
    rows = PersonSearch.objects.filter(
        parts__gte=FEWEST_PARTS, person__archived_on=None, person__merged_into=None
    )
    return rows.exclude(person__cases__is_sealed=True)


def _fresh() -> QuerySet[PersonSearch]:
    since = timezone.now() - timedelta(days=settings.TWINS_FRESH_DAYS)
    lately = Q(person__registered_at__gte=since) | Q(person__last_visit_on__gte=since)
    return open_to_all().filter(lately).order_by("person")


def sound_alike(one: Sounding, other: Sounding) -> bool:
    """Whether every part of the shorter name may be in the longer one."""
    shared = {key for key in set(one.keys) & set(other.keys) if key < FIRST_PAIR}
    return len(shared) >= min(one.parts, other.parts)


def may_be_one(first: Described, second: Described) -> bool:
    """Whether sex and years of birth, where both are known, leave it open."""
    return (
        not (first.sex != second.sex and UNKNOWN not in {first.sex, second.sex})
        and may_be_of_one_year(first, second) is not False
    )


def may_be_of_one_year(first: Described, second: Described) -> bool | None:
    """None where it is not known."""
    return years_overlap(
        (first.birth_year_from, first.birth_year_to), (second.birth_year_from, second.birth_year_to)
    )


def _ticket(first: Person, second: Person) -> TwinTicket:
    likeness = [Likeness.NAME]
    if may_be_of_one_year(first, second):
        likeness.append(Likeness.BORN)
    if first.sex == second.sex != UNKNOWN:
        likeness.append(Likeness.SEX)
    likeness += [
        each
        for each, name in (
            (Likeness.NATIONALITY, "nationality"),
            (Likeness.LANGUAGE, "language_id"),
        )
        if getattr(first, name) == getattr(second, name)
    ]
    is_strong = {Likeness.BORN, Likeness.SEX, Likeness.NATIONALITY} <= set(likeness)
    score = TwinTicket.Score.STRONG if is_strong else TwinTicket.Score.POSSIBLE
    return TwinTicket(
        organization_id=first.organization_id,
        first=first,
        second=second,
        found_how=TwinTicket.FoundHow.JOB,
        score=score,
        likeness=likeness,
    )
