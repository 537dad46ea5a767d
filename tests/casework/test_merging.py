"""Two records become one, and are taken apart again without a trace."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.models import AuditEvent, Notice, OutboxJob
from casework import actions
from casework.actions.moving import LEFT, moving_fields, person_fields
from casework.actions.search import index_names
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
        index_names(identity)
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
    for identity in PersonIdentity.objects.filter(person__in=pair):
        index_names(identity)
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
        assert (
            not model._base_manager.filter(**{field.name: second.pk})
            .exclude(pk__in=merge.left.get(label, []))
            .exists()
        ), label
        assert len(after[label]) == len(before[label]), label

    assert parted(merge, colleague).state == PersonMerge.State.UNDONE

    again = rows_of(first, second)
    for label in before:
        assert again[label] == before[label], label


# What is chosen


def test_chosen_values_are_set_and_set_back(ticket, pair, colleague):
    first, second = ticket.people
    Person.objects.filter(pk=first.pk).update(nationality="XX", last_visit_on="2026-01-02")
    Person.objects.filter(pk=second.pk).update(
        nationality="SY", birth_year_from=1999, birth_year_to=1999, last_visit_on="2026-02-03"
    )
    second.other_languages.set(["ar"])
    before = rows_of(first, second)

    merge = merged(
        ticket, colleague, choice={"nationality": "second", "born": "second", "name": "second"}
    )

    kept = Person.objects.get(pk=first.pk)
    assert (str(kept.nationality), kept.birth_year_from) == ("SY", 1999)
    assert str(kept.last_visit_on) == "2026-02-03"
    assert [language.pk for language in kept.other_languages.all()] == ["ar"]
    names = {person.pk: person.identity.name for person in pair}
    identity = PersonIdentity.objects.get(person=first)
    assert (identity.name, identity.other_names) == (names[second.pk], names[first.pk])
    assert Person.objects.get(pk=second.pk).merged_into_id == first.pk

    parted(merge, colleague)

    assert rows_of(first, second) == before


def test_what_was_written_after_the_merge_stays_with_the_record_that_stays(ticket, colleague):
    first, _second = ticket.people
    merge = merged(ticket, colleague)
    later = factories.VisitFactory(person=first)
    actions.change_person(
        Person.objects.get(pk=first.pk), version=2, actor=colleague, nationality="IQ"
    )

    parted(merge, colleague)

    assert Visit.objects.get(pk=later.pk).person_id == first.pk
    assert str(Person.objects.get(pk=first.pk).nationality) == "IQ"


def test_visit_of_the_same_moment_is_gathered_and_goes_back_too(ticket, colleague):
    first, second = ticket.people
    merge = merged(ticket, colleague)
    late = factories.VisitFactory(person=second, data_key=second.data_key, team=first.team)

    assert (actions.gather_strays(), actions.gather_strays()) == (1, 0)
    assert Visit.objects.get(pk=late.pk).person_id == first.pk

    parted(merge, colleague)

    assert Visit.objects.get(pk=late.pk).person_id == second.pk


def test_what_was_hung_on_a_moved_row_goes_back_with_it(ticket, colleague, caseworker):
    first, second = ticket.people
    visit = factories.VisitFactory(person=second, team=first.team)
    merge = merged(ticket, colleague)
    visit.refresh_from_db()
    actions.change_visit(
        visit, version=1, actor=caseworker, services=[factories.service_type("food")]
    )

    parted(merge, colleague)

    assert set(ServiceDelivered.objects.values_list("person", flat=True)) == {second.pk}


def test_of_two_open_cases_one_is_closed_and_opened_again(ticket, colleague):
    first, second = ticket.people
    merge = merged(ticket, colleague)
    cases = Case.objects.filter(person=first)

    assert sorted(cases.values_list("status", "closure_reason")) == [
        ("Active", ""),
        ("Closed", "merged"),
    ]

    parted(merge, colleague)

    assert [case.is_open for case in Case.objects.all()] == [True, True]
    assert not Case.objects.filter(person=second).exclude(closure_reason="").exists()


def test_two_open_cases_ask_which_one_goes_on(ticket, colleague):
    with pytest.raises(ValidationError, match="Say which"):
        merged(ticket, colleague, open_case=None)


def test_old_code_and_old_address_lead_to_the_record_that_stays(
    ticket, colleague, signed_in, stranger
):
    first, second = ticket.people
    merged(ticket, colleague)

    assert [each.person for each in find_people(colleague, second.code).found] == [first]
    browser = signed_in(colleague)
    assert browser.get(f"/people/{second.pk}/").url == f"/people/{first.pk}/"
    told = browser.get(f"/api/v1/people/{second.pk}/")
    assert (told.status_code, told.data["merged_into"]) == (301, str(first.pk))
    assert told["Location"].endswith(f"/api/v1/people/{first.pk}/")
    assert signed_in(stranger).get(f"/people/{second.pk}/").status_code == 404
    assert signed_in(stranger).get(f"/api/v1/people/{second.pk}/").status_code == 404
    assert not Person.objects.visible_to(colleague).filter(pk=second.pk).exists()


def test_both_names_find_the_record_that_stays(ticket, pair, colleague):
    first, _second = ticket.people
    merged(ticket, colleague)

    found = [find_people(colleague, name).found for name in ("Zahra Rahimi", "Zohra Rahimy")]

    assert [[each.person for each in each_found] for each_found in found] == [[first], [first]]


def test_sealed_note_of_a_moved_visit_is_read_by_who_sees_the_record_that_stays(
    ticket, colleague, signed_in
):
    first, second = ticket.people
    other = factories.TeamFactory(organization=first.organization)
    Person.objects.filter(pk=second.pk).update(team=other)
    visit = factories.VisitFactory(
        person=second, data_key=second.data_key, concern="yes", concern_note="He waits outside."
    )
    far = factories.UserFactory(organization=first.organization, teams=[other], role="caseworker")
    merged(ticket, colleague)

    assert b"He waits outside." in signed_in(colleague).get(f"/visits/{visit.pk}/").content
    # The other team had a record of its own: it sees her still.
    assert signed_in(far).get(f"/people/{first.pk}/").status_code == 200


# Who may, and when not


def test_nobody_settles_alone(ticket, caseworker):
    with pytest.raises(ValidationError, match="Somebody else"):
        merged(ticket, caseworker)


def test_names_are_needed_on_both_sides(pair, caseworker, coordinator):
    ticket = factories.TwinTicketFactory(person=pair[0], other=pair[1])
    actions.settle_twin(ticket, verdict="same", version=1, actor=caseworker)

    with pytest.raises(ValidationError) as refusal:
        merged(ticket, coordinator)

    assert refusal.value.code == "ask_coordinator"


def test_different_is_confirmed_by_another_and_never_asked_again(pair, caseworker, colleague):
    ticket = factories.TwinTicketFactory(person=pair[0], other=pair[1])
    actions.settle_twin(ticket, verdict="different", version=1, actor=caseworker)
    with pytest.raises(ValidationError, match="Somebody else"):
        actions.confirm_twin(ticket, agrees=True, version=2, actor=caseworker)

    told = actions.confirm_twin(ticket, agrees=True, version=2, actor=colleague)

    assert told.state == TwinTicket.State.DIFFERENT
    assert actions.find_twins() == 0
    assert actions.open_ticket(pair[0], pair[1], actor=caseworker) == ticket


def test_disagreement_asks_anew(ticket, colleague):
    told = actions.confirm_twin(ticket, agrees=False, version=2, actor=colleague)

    assert (told.state, told.verdict, told.settled_by) == (TwinTicket.State.OPEN, "", None)


def test_stranger_and_donor_settle_nothing(pair, stranger, donor):
    ticket = factories.TwinTicketFactory(person=pair[0], other=pair[1])
    for user in (stranger, donor):
        with pytest.raises(PermissionDenied):
            actions.settle_twin(ticket, verdict="same", version=1, actor=user)


def test_record_that_changed_meanwhile_is_not_merged(ticket, colleague):
    first, second = ticket.people
    merge = actions.merge_people(
        TwinTicket.objects.get(pk=ticket.pk),
        keep="first",
        choice={},
        version=2,
        versions=[1, 1],
        open_case=Case.objects.get(person=first).pk,
        actor=colleague,
    )
    assert OutboxJob.objects.filter(event="merge_decided").count() == 1
    actions.change_person(second, version=1, actor=colleague, nationality="SY")

    done = actions.carry_out_merge(merge.pk)

    assert (done.state, done.refusal) == ("refused", "changed")
    assert Person.objects.get(pk=second.pk).merged_into_id is None
    assert Notice.objects.get().code == "merge_refused"


def test_sealed_case_is_not_merged_and_its_pair_is_not_shown(ticket, colleague):
    Case.objects.filter(person=ticket.first_id).update(is_sealed=True)

    assert not TwinTicket.objects.visible_to(colleague).exists()
    with pytest.raises(PermissionDenied):
        merged(ticket, colleague)


def test_after_thirty_days_it_cannot_be_undone(ticket, colleague):
    merge = merged(ticket, colleague)
    PersonMerge.objects.update(undo_until=timezone.localdate() - timedelta(days=1))

    with pytest.raises(ValidationError, match="any more"):
        parted(merge, colleague)

    assert (actions.sweep_merges(), actions.sweep_merges()) == (1, 0)
    assert AuditEvent.objects.get(verb="sweep_merges").listed == [merge.pk]
    swept = PersonMerge.objects.select_related("data_key").get()
    assert (swept.kept, swept.moved, swept.closed) == ({}, {}, {})


def test_names_of_a_merge_that_was_undone_are_forgotten(ticket, colleague):
    merge = parted(merged(ticket, colleague), colleague)
    assert merge.kept["identity"]

    assert actions.sweep_merges() == 1
    assert PersonMerge.objects.select_related("data_key").get().kept == {}


def test_names_of_a_merge_that_can_be_undone_are_kept(ticket, colleague):
    merged(ticket, colleague)

    assert actions.sweep_merges() == 0


def test_erased_case_leaves_nothing_to_undo(ticket, colleague):
    merge = merged(ticket, colleague)
    Case.objects.filter(closure_reason="merged").update(archived_on=timezone.localdate())

    done = parted(merge, colleague)

    assert (done.state, done.refusal) == ("done", "gone")


def test_later_merge_is_undone_first(ticket, pair, colleague, caseworker, team):
    first, _second = ticket.people
    merge = merged(ticket, colleague)
    third = factories.PersonFactory(team=team)
    factories.PersonIdentityFactory(person=third, data_key=third.data_key)
    other = factories.TwinTicketFactory(person=first, other=third)
    actions.settle_twin(other, verdict="same", version=1, actor=caseworker)
    keep = "first" if other.first_id == first.pk else "second"
    goes_on = Case.objects.open().get(person=first)
    again = merged(other, colleague, keep=keep, open_case=goes_on.pk)
    assert again.state == PersonMerge.State.DONE

    with pytest.raises(ValidationError, match="again since"):
        parted(merge, colleague)

    assert parted(again, colleague).state == PersonMerge.State.UNDONE
    assert parted(merge, colleague).state == PersonMerge.State.UNDONE


def test_events_tell_of_both(ticket, colleague):
    merge = merged(ticket, colleague)
    parted(merge, colleague)

    codes = list(CaseEvent.objects.order_by("at").values_list("code", flat=True))
    assert codes.count("records_merged") == 1
    assert codes.count("records_parted") == 2


# At night


def test_pairs_are_found_by_keys_without_opening_a_name(pair, caseworker, colleague, coordinator):
    assert actions.find_twins() == 1

    ticket = TwinTicket.objects.get()
    assert {ticket.first, ticket.second} == set(pair)
    assert ticket.likeness == ["name", "sex", "nationality", "language"]
    assert actions.find_twins() == 0
    for user in (caseworker, coordinator):
        assert TwinTicket.objects.visible_to(user).count() == 1


def test_that_a_name_sounds_alike_is_told_to_nobody_who_knows_one_name_only(pair, team, caseworker):
    other = factories.UserFactory(organization=team.organization, teams=[team], role="caseworker")
    factories.CaseAccessFactory(content_object=Case.objects.get(person=pair[0]), user=other)
    actions.find_twins()

    assert TwinTicket.objects.visible_to(other).count() == 0


@pytest.mark.parametrize(
    "fact", [{"sex": "male"}, {"birth_year_from": 1950, "birth_year_to": 1951}]
)
def test_sex_and_years_tell_people_apart(pair, fact):
    Person.objects.update(birth_year_from=1999, birth_year_to=1999)
    Person.objects.filter(pk=pair[0].pk).update(**fact)

    assert actions.find_twins() == 0


def test_sealed_and_archived_people_are_not_compared(pair):
    Case.objects.filter(person=pair[0]).update(is_sealed=True)

    assert actions.find_twins() == 0
