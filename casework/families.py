"""What a page tells of somebody's family: people the reader may see by code, others as a number."""

from typing import Any, NamedTuple

from accounts.models import User
from casework.models import Household, HouseholdMember, KeepApart, Person, Relation


class HouseholdSeen(NamedTuple):
    """A household as one reader sees it."""

    household: Household
    own: HouseholdMember
    members: list[HouseholdMember]
    # How many more are in it whom this reader may not see.
    more: int


class RelationLine(NamedTuple):
    """One relation from the side of the person whose file it is read in."""

    relation: Relation
    said: Any
    # None: somebody whom this reader may not see.
    other: Person | None
    is_told_here: bool


class MarkLine(NamedTuple):
    mark: KeepApart
    other: Person | None


def household_of(person: Person, user: User) -> HouseholdSeen | None:
    """The household somebody is in now; None when she is in none. Three queries."""
    rows = HouseholdMember.objects.visible_to(user).current()
    own = rows.filter(person=person).select_related("household").first()
    if own is None:
        return None
    inside = rows.filter(household=own.household_id).select_related("person__language")
    members = list(inside)
    return HouseholdSeen(own.household, own, members, own.household.size() - len(members))


def relations_of(person: Person, user: User) -> list[RelationLine]:
    """What her file tells of others; nothing that stands in another's file for it alone."""
    rows = list(Relation.objects.visible_to(user).standing().told_in(person.pk))
    seen = _seen(
        user, {row.other_id if row.person_id == person.pk else row.person_id for row in rows}
    )
    lines = []
    for row in rows:
        is_here = row.person_id == person.pk
        other = seen.get(row.other_id if is_here else row.person_id)
        said = row.get_kind_display() if is_here else row.kind_back
        lines.append(RelationLine(row, said, other, is_here))
    return lines


def marks_of(person: Person, user: User) -> list[MarkLine]:
    """Whom she must not meet: told in her own file only."""
    rows = list(KeepApart.objects.visible_to(user).in_force().filter(person=person))
    seen = _seen(user, {row.other_id for row in rows})
    return [MarkLine(row, seen.get(row.other_id)) for row in rows]


def _seen(user: User, keys: set[Any]) -> dict[Any, Person]:
    if not keys:
        return {}
    return Person.objects.visible_to(user).select_related("language").in_bulk(list(keys))
