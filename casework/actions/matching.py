"""Compare whom people seek with who is known, by keyed hashes alone; no name is opened."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Q

from casework.actions.finding_twins import (
    may_be_of_one_year,
    may_be_one,
    open_to_all,
    sound_alike,
)
from casework.models import Consent, KeepApart, Person, PersonSearch, PossibleMatch, SoughtRelative
from casework.names import parts_of, phonetic_keys
from casework.names.keys import FIRST_PAIR

FEWEST_PARTS = 2
Why = PossibleMatch.Why


def keys_of(names: list[str]) -> tuple[list[int], int]:
    """The keys of all spellings of a name, and how many parts the shortest whole one has."""
    keys: set[int] = set()
    counts = []
    for name in names:
        keys |= phonetic_keys(name)
        counts.append(len(parts_of(name)))
    several = [count for count in counts if count > 1]
    return sorted(keys), min(several, default=min(len(counts), 1))


def agreed_to_tracing(person: Person) -> bool:
    """Whether she said yes to looking for relatives, and it holds today."""
    rows = Consent.objects.in_force().filter(person=person, purpose=Consent.Purpose.TRACING)
    return rows.exists()


def matches_of(sought: SoughtRelative) -> Iterator[PossibleMatch]:
    """Unsaved matches of one who is sought: people of the house, and others who seek the same."""
    if sought.parts < FEWEST_PARTS:
        return
    pairs = [key for key in sought.keys if key >= FIRST_PAIR]
    house = sought.person.organization_id
    entries = open_to_all().filter(keys__overlap=pairs, person__organization=house)
    for entry in entries.exclude(person=sought.person_id).select_related("person"):
        if sound_alike(sought, entry) and may_be_one(sought, entry.person):
            yield match(sought, entry.person)
    others = SoughtRelative.objects.sought_now().filter(
        keys__overlap=pairs,
        parts__gte=FEWEST_PARTS,
        person__organization=house,
        person__archived_on=None,
        person__merged_into=None,
    )
    for other in others.exclude(person=sought.person_id).select_related("person"):
        if sound_alike(sought, other) and may_be_one(sought, other):
            yield match(sought, other.person, other)


def sought_like(entry: PersonSearch) -> Iterator[SoughtRelative]:
    """Those who are sought and may be this person, whose name was just written down."""
    pairs = [key for key in entry.keys if key >= FIRST_PAIR]
    rows = SoughtRelative.objects.sought_now().filter(
        keys__overlap=pairs,
        parts__gte=FEWEST_PARTS,
        person__organization=entry.person.organization_id,
    )
    for sought in rows.exclude(person=entry.person_id).select_related("person"):
        if sound_alike(sought, entry) and may_be_one(sought, entry.person):
            yield sought


def kept_apart_from(seeker: Person) -> set[UUID]:
    """Who is to be kept from her, or she from them: there nobody looks for a match."""
    marks = KeepApart.objects.in_force().filter(Q(person=seeker) | Q(other=seeker))
    pairs = marks.values_list("person", "other")
    return {pk for pair in pairs for pk in pair} - {seeker.pk}


def match(
    sought: SoughtRelative, found: Person, other: SoughtRelative | None = None
) -> PossibleMatch:
    """Why the two may belong together, in codes."""
    beside: Person | SoughtRelative = other or found
    why: list[str] = [Why.SOUGHT_TOO if other else Why.NAME]
    if may_be_of_one_year(sought, beside):
        why.append(Why.BORN)
    if sought.sex == beside.sex != Person.Sex.UNKNOWN:
        why.append(Why.SEX)
    if sought.nationality and sought.nationality == beside.nationality:
        why.append(Why.NATIONALITY)
    return PossibleMatch(sought=sought, seeker=sought.person, person=found, other=other, why=why)
