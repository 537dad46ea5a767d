"""Two records become one, and are taken apart again without a trace."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.levels import Level
from accounts.models import Notice, OutboxJob
from casework import actions
from casework.actions.moving import LEFT, moving_fields, person_fields
from casework.models import (
    Case,
    CaseEvent,
    Person,
    PersonIdentity,
    PersonMerge,
    PersonSearch,
    ServiceDelivered,
    TwinTicket,
    Visit,
)
from casework.search import find_people
from tests import doors, factories


def rows_of(*people):
    """All that is stored of these people, row by row, but for counters of versions."""
    found, ids = {}, [person.pk for person in people]
    for label, (model, field) in person_fields().items():
        rows = model._base_manager.filter(**{f"{field.name}__in": ids}).order_by("pk")
        found[label] = [
            {name: bytes(v) if isinstance(v, memoryview) else v for name, v in row.items()}
            for row in rows.values()
        ]
    del found["casework.PersonMerge.survivor"], found["casework.PersonMerge.loser"]
    del found["casework.TwinTicket.first"], found["casework.TwinTicket.second"]
    # Sealed anew, with the same words: compared open.
    found["casework.PersonIdentity.person"] = [
        (row.person_id, row.name, row.other_names, row.phone, row.birth_date)
        for row in PersonIdentity.objects.filter(person__in=people).order_by("pk")
    ]
    found["casework.PersonSearch.person"] = [
        (row.person_id, sorted(row.keys), row.parts)
        for row in PersonSearch.objects.filter(person__in=people).order_by("pk")
    ]
    found["people"] = [
        {name: getattr(row, name) for name in FACTS} | {"notes": row.handling_note}
        for row in Person.objects.filter(pk__in=[each.pk for each in people]).order_by("pk")
    ]
    for label in ("casework.Case.person", "protection.DueRow.person"):
        for row in found[label]:
            row.pop("version", None)
    return found


FACTS = [
    field.attname
    for field in Person._meta.concrete_fields
    if field.name not in {"version", "handling_note", "merged_into"}
]


@pytest.fixture
def pair(caseworker, colleague, team):
    """Two records of one team; each has a case that both workers may see to the story."""
    people = [factories.PersonFactory(team=team, registered_by=caseworker) for _ in range(2)]
    for person, name in zip(people, ("Zahra Rahimi", "Zohra Rahimy"), strict=True):
        case = factories.AssignedCaseFactory(person=person, owner=caseworker)
        factories.CaseAccessFactory(content_object=case, user=colleague)
        identity = factories.PersonIdentityFactory(
            person=person, data_key=person.data_key, name=name
        )
        actions.search.index_names(identity)
    return people


@pytest.fixture
def ticket(pair, caseworker):
    """The first worker has said that they are one person."""
    ticket = factories.TwinTicketFactory(person=pair[0], other=pair[1])
    return actions.settle_twin(ticket, verdict="same", version=1, actor=caseworker)


def merged(ticket, actor, **options):
    """The merge as the worker left it; the case of the one that is kept goes on."""
    ticket = TwinTicket.objects.get(pk=ticket.pk)
    kept = ticket.first if options.setdefault("keep", "first") == "first" else ticket.second
    goes_on = Case.objects.open().filter(person=kept).first()
    options.setdefault("open_case", goes_on and goes_on.pk)
    options.setdefault("choice", {})
    versions = [ticket.first.version, ticket.second.version]
    merge = actions.merge_people(
        ticket, version=ticket.version, versions=versions, actor=actor, **options
    )
    return actions.carry_out_merge(merge.pk)


def parted(merge, actor):
    return actions.carry_out_undo(actions.undo_merge(merge, actor=actor).pk)


# What moves


def test_every_key_to_a_person_moves_or_is_named_as_left():
    assert set(LEFT) <= set(person_fields())
    stay = {label for label, (model, field) in person_fields().items() if field.primary_key}
    assert stay <= set(LEFT)
    assert set(moving_fields()) | set(LEFT) == set(person_fields())
    assert {"casework.Case.person", "casework.Visit.person", "casework.Person.merged_into"} <= set(
        moving_fields()
    )


def test_whatever_hangs_on_a_person_moves_and_comes_back(ticket, pair, colleague):
    first, second = ticket.people
    PersonIdentity.objects.filter(person__in=pair).delete()
    for case in Case.objects.filter(person__in=pair):
        doors.furnish(case, of_house=False)
    TwinTicket.objects.exclude(pk=ticket.pk).delete()
    PersonMerge.objects.all().delete()
    before = rows_of(first, second)
    filled = {label for label in moving_fields() if before[label]}

    merge = merged(ticket, colleague)

    assert merge.state == PersonMerge.State.DONE
    after = rows_of(first, second)
    keys = {label: (model, field) for label, (model, field) in moving_fields().items()}
    for label in filled - set(merge.left):
        model, field = keys[label]
        assert not model._base_manager.filter(**{field.name: second.pk}).exclude(
            pk__in=merge.left.get(label, [])
        ).exists(), label
        assert len(after[label]) == len(before[label]), label

    assert parted(merge, colleague).state == PersonMerge.State.UNDONE

    again = rows_of(first, second)
    for label in before:
        assert again[label] == before[label], label
