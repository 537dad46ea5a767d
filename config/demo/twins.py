"""Pairs that look like one person: some to be settled, one told apart, one merged."""

from itertools import combinations

from accounts.models import User
from casework import actions
from casework.actions.carrying_out import carry_out_merge
from casework.models import Person, TwinTicket

PAIRS = 4
LOOKED_AT = 100
ALIKE = ("sex", "nationality", "language")


def add_twins() -> None:
    """By the verbs themselves, of people of one team whose cases two caseworkers may see."""
    one, other = (User.objects.get(username=name) for name in ("caseworker", "caseworker2"))
    seen = Person.objects.visible_to(one).filter(pk__in=Person.objects.visible_to(other))
    coded = seen.filter(cases=None, memberships=None, services__isnull=False)
    coded = coded.filter(organization=one.organization_id, birth_year_from__isnull=False)
    people = coded.select_related("language").distinct().order_by("code")[:LOOKED_AT]
    pairs = _most_alike(list(people))
    tickets = [_ticket(*pair, one) for pair in pairs]
    if len(tickets) < PAIRS:
        return
    same, said, _open, apart = tickets
    actions.settle_twin(apart, verdict=TwinTicket.Verdict.DIFFERENT, version=1, actor=one)
    actions.confirm_twin(apart, agrees=True, version=2, actor=other)
    actions.settle_twin(said, verdict=TwinTicket.Verdict.SAME, version=1, actor=other)
    actions.settle_twin(same, verdict=TwinTicket.Verdict.SAME, version=1, actor=one)
    versions = [person.version for person in same.people]
    merge = actions.merge_people(
        same, keep="first", choice={}, version=2, versions=versions, actor=other
    )
    carry_out_merge(merge.pk)


def _most_alike(people: list[Person]) -> list[tuple[Person, Person]]:
    """The pairs that differ least, nobody in two of them."""
    pairs: list[tuple[Person, Person]] = []
    for person, other in sorted(combinations(people, 2), key=_difference):
        if not any(person in pair or other in pair for pair in pairs):
            pairs.append((person, other))
    return pairs[:PAIRS]


def _difference(pair: tuple[Person, Person]) -> tuple[int, int]:
    """The fewest unlike facts first, then the nearest years of birth."""
    person, other = pair
    years = (person.birth_year_from or 0) - (other.birth_year_from or 0)
    return len(ALIKE) - len(_likeness(person, other)), abs(years)


def _likeness(person: Person, other: Person) -> list[str]:
    return [code for code in ALIKE if getattr(person, code) == getattr(other, code)]


def _ticket(person: Person, other: Person, actor: User) -> TwinTicket:
    return actions.open_ticket(person, other, actor=actor, likeness=_likeness(person, other))
