"""What was merged goes with the record that is kept: erased, handed out, held, and brought back."""

import pytest
from django.core.exceptions import ValidationError

from casework.actions import carry_out_merge, merge_people, settle_twin
from casework.models import Case, Person, PersonMerge, TwinTicket, Visit
from protection.actions import apply_ledger, erase, place_hold
from protection.actions.holds import check_holds
from protection.actions.retention import find_due
from protection.models import ErasureLedger, LegalHold, Subject
from protection.package import sheets_of
from protection.reach import keys_of
from tests import factories
from vault.models import DataKey


@pytest.fixture
def merge(caseworker, colleague, team):
    """A merge of two coded people, the second one with a visit and its sealed note."""
    people = factories.PersonFactory.create_batch(2, team=team, handling_note="Message only.")
    ticket = factories.TwinTicketFactory(person=people[0], other=people[1])
    factories.VisitFactory(
        person=ticket.second, data_key=ticket.second.data_key, concern_note="He waits."
    )
    settle_twin(ticket, verdict="same", version=1, actor=caseworker)
    merge = merge_people(
        ticket, keep="first", choice={}, version=2, versions=[1, 1], actor=colleague
    )
    return carry_out_merge(merge.pk)


def test_erasure_takes_the_keys_and_rows_of_what_was_merged(merge, ledger):
    survivor, loser = merge.survivor_id, merge.loser_id
    assert {survivor, loser} <= keys_of(Subject.PERSON, survivor)

    erase(Subject.PERSON, survivor)

    assert not DataKey.objects.filter(pk__in=[survivor, loser]).exists()
    for model in (Person, Visit, TwinTicket, PersonMerge, Case):
        assert model.objects.count() == 0
    assert set(ErasureLedger.objects.values_list("erased", flat=True)) == {survivor, loser}

    # A restore from before the merge brings the other record back as somebody of its own.
    factories.PersonFactory(id=loser)

    assert apply_ledger() == 1
    assert Person.objects.filter(pk=loser).count() == 0


def test_nothing_is_erased_of_the_record_that_was_merged(merge):
    with pytest.raises(ValidationError) as refusal:
        check_holds(Subject.PERSON, merge.loser_id)

    assert refusal.value.code == "merged"


def test_her_file_tells_of_both_records(merge):
    survivor = Person.objects.select_related("data_key").get(pk=merge.survivor_id)
    codes = {
        str(value) for sheet in sheets_of(survivor, []) for row in sheet.lines for value in row
    }

    assert {survivor.code, merge.loser_code} <= codes


def test_hold_moves_with_the_record(caseworker, colleague, coordinator, team):
    ticket = factories.TwinTicketFactory(person=factories.PersonFactory(team=team))
    hold = place_hold(ticket.second, reason=LegalHold.Reason.CRIMINAL, actor=coordinator)
    settle_twin(ticket, verdict="same", version=1, actor=caseworker)
    merge = merge_people(
        ticket, keep="first", choice={}, version=2, versions=[1, 1], actor=colleague
    )

    carry_out_merge(merge.pk)

    hold.refresh_from_db()
    assert hold.person_id == ticket.first_id
    with pytest.raises(ValidationError, match="hold is in force"):
        check_holds(Subject.PERSON, ticket.first_id)


def test_record_that_was_merged_is_never_due_by_itself(merge):
    Person.objects.update(registered_at="2015-01-01T00:00Z", last_visit_on=None)
    Visit.objects.update(at="2015-01-01T00:00Z")

    due = {each.person.pk for each in find_due(merge.done_at.date())}

    assert due == {merge.survivor_id}
