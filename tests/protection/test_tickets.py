"""Erasures that meet: of a person and of her case, stopped and due, begun and stopped."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import InternalError
from django.utils import timezone

from accounts.models import Notice, RoleAssignment
from casework.models import Person
from protection import actions
from protection.actions.anomalies import watchers
from protection.actions.erasure import erase
from protection.models import DueRow, ErasureRequest, PersonRequest
from tests import factories
from tests.protection.breaking import break_at, mend

LATER = timedelta(days=40)


@pytest.fixture
def second(dpo):
    return factories.UserFactory(organization=dpo.organization, role="coordinator")


def hidden(person, coordinator, second, case=None):
    """An erasure that a second person confirmed."""
    ticket = actions.begin_erasure(person, origin="asked", case=case, actor=coordinator)
    return actions.confirm_erasure(ticket, actor=second)


def test_while_a_case_is_going_its_person_waits(life, coordinator, second):
    hidden(life.person, coordinator, second, case=life)

    with pytest.raises(ValidationError, match="on its way"):
        actions.begin_erasure(life.person, origin="asked", actor=coordinator)
    with pytest.raises(ValidationError, match="on its way"):
        actions.confirm_due(factories.DueRowFactory(person=life.person), actor=coordinator)


def test_while_a_person_is_going_her_case_waits(life, coordinator, second):
    hidden(life.person, coordinator, second)

    with pytest.raises(ValidationError, match="on its way"):
        actions.begin_erasure(life.person, origin="asked", case=life, actor=coordinator)


def test_case_of_somebody_else_is_refused(life, other_life, coordinator):
    with pytest.raises(ValidationError, match="somebody else's"):
        actions.begin_erasure(life.person, origin="asked", case=other_life, actor=coordinator)


def test_request_must_ask_for_this(life, coordinator):
    other = factories.PersonRequestFactory(
        kind=PersonRequest.Kind.ACCESS,
        organization=life.organization,
        code=life.person.code,
        identity_checked=True,
        is_safe=True,
    )

    with pytest.raises(ValidationError, match="does not ask for this"):
        actions.begin_erasure(life.person, origin="asked", asked=other, actor=coordinator)


def test_erasure_that_is_stopped_in_the_last_moment_does_not_run(life, coordinator, second):
    ticket = hidden(life.person, coordinator, second)

    with time_machine.travel(timezone.now() + LATER, tick=False):
        actions.stop_erasure(ticket, stop_reason="withdrawn", actor=second)
        with pytest.raises(ValidationError, match="stopped meanwhile"):
            erase(ticket.kind, ticket.subject, by=second, request=ticket.pk)

    assert Person.objects.get().archived_on is None


def test_erasure_is_not_carried_out_before_its_day(life, coordinator, second):
    ticket = hidden(life.person, coordinator, second)

    with pytest.raises(ValidationError, match="stopped meanwhile"):
        erase(ticket.kind, ticket.subject, by=second, request=ticket.pk)

    assert Person.objects.exists()


def test_what_has_lost_its_key_is_not_taken_back(life, coordinator, second):
    ticket = hidden(life.person, coordinator, second)
    break_at("casework_personsearch", "DELETE")
    with (
        time_machine.travel(timezone.now() + LATER, tick=False),
        pytest.raises(InternalError, match="cut off"),
    ):
        actions.erase_due()
    mend("casework_personsearch")
    assert ErasureRequest.objects.get(pk=ticket.pk).is_archived

    with pytest.raises(ValidationError, match="too late"):
        actions.stop_erasure(ticket, stop_reason="withdrawn", actor=second)

    with time_machine.travel(timezone.now() + LATER, tick=False):
        assert actions.erase_due() == 1
    assert not Person.objects.exists()


def test_earlier_ticket_of_her_case_keeps_no_code(life, coordinator, second):
    of_case = hidden(life.person, coordinator, second, case=life)
    actions.stop_erasure(of_case, stop_reason="mistake", actor=second)
    hidden(life.person, coordinator, second)

    with time_machine.travel(timezone.now() + LATER, tick=False):
        assert actions.erase_due() == 1

    assert set(ErasureRequest.objects.values_list("code", flat=True)) == {""}


def test_due_record_that_was_taken_back_is_due_again(person, coordinator):
    row = factories.DueRowFactory(person=person)
    ticket = actions.confirm_due(row, actor=coordinator)

    actions.stop_erasure(ticket, stop_reason="still_here", actor=coordinator)

    row.refresh_from_db()
    assert (row.state, row.decided_by, row.decided_at) == (DueRow.State.OPEN, None, None)


# Who is told


def test_who_was_data_protection_is_told_nothing_more(dpo, coordinator, house):
    RoleAssignment.objects.filter(user=dpo).update(
        starts_on=date(2025, 1, 1), ends_on=timezone.localdate() - timedelta(days=1)
    )

    assert list(watchers(house)) == [coordinator]


def test_who_was_coordinator_hears_of_nothing_due(person, coordinator, house):
    former = factories.UserFactory(organization=house, role="coordinator")
    RoleAssignment.objects.filter(user=former).update(
        starts_on=date(2025, 1, 1), ends_on=timezone.localdate() - timedelta(days=1)
    )
    Person.objects.filter(pk=person.pk).update(registered_at="2015-01-01T00:00Z")

    assert actions.list_due() == 1

    assert [notice.user for notice in Notice.objects.filter(code="records_due")] == [coordinator]
