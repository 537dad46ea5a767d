"""Pairs that look like one person: some to be settled, one told apart, one merged."""

from accounts.models import User
from casework import actions
from casework.actions.carrying_out import carry_out_merge
from casework.models import Person, TwinTicket

PAIRS = 4
ALIKE = ("sex", "nationality", "language")


def add_twins() -> None:
    """By the verbs themselves, of people of one team whose cases two caseworkers may see."""
    one, other = (User.objects.get(username=name) for name in ("caseworker", "caseworker2"))
    seen = Person.objects.visible_to(one).filter(pk__in=Person.objects.visible_to(other))
    coded = seen.filter(cases=None, services__isnull=False, organization=one.organization_id)
    people = list(coded.filter(sex=Person.Sex.FEMALE).order_by("code").distinct()[: PAIRS * 2])
    tickets = [_ticket(*pair, one) for pair in zip(people[::2], people[1::2], strict=False)]
    if len(tickets) < PAIRS:
        return
    apart, said, same, _open = tickets
    actions.settle_twin(apart, verdict=TwinTicket.Verdict.DIFFERENT, version=1, actor=one)
    actions.confirm_twin(apart, agrees=True, version=2, actor=other)
    actions.settle_twin(said, verdict=TwinTicket.Verdict.SAME, version=1, actor=other)
    actions.settle_twin(same, verdict=TwinTicket.Verdict.SAME, version=1, actor=one)
    versions = [person.version for person in same.people]
    merge = actions.merge_people(
        same, keep="first", choice={}, version=2, versions=versions, actor=other
    )
    carry_out_merge(merge.pk)


def _ticket(person: Person, other: Person, actor: User) -> TwinTicket:
    return actions.open_ticket(
        person,
        other,
        actor=actor,
        likeness=[code for code in ALIKE if getattr(person, code) == getattr(other, code)],
    )
