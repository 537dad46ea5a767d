"""Two people at once, each with a connection of her own."""

from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from casework import actions
from casework.forms.visits import VisitForm
from casework.models import Case, CaseAccess, Consent, IncomeActivitySession, Person, Visit
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """What each act led to, all begun together: its result, or the refusal it met."""
    start, outcomes = Barrier(len(acts)), [None] * len(acts)

    def run(number, act):
        try:
            start.wait()
            outcomes[number] = act()
        except ValidationError as refusal:
            outcomes[number] = refusal
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def refusals(outcomes):
    return [" ".join(each.messages) for each in outcomes if isinstance(each, ValidationError)]


def test_two_desks_open_one_case(caseworker, colleague, person):
    outcomes = at_once(
        lambda: actions.open_case(person, actor=caseworker),
        lambda: actions.open_case(person, actor=colleague),
    )

    assert len(refusals(outcomes)) == 1
    assert (Case.objects.count(), CaseAccess.objects.count()) == (1, 1)


def test_two_people_change_one_person_and_the_second_is_told(caseworker, colleague, person):
    outcomes = at_once(
        lambda: actions.change_person(person, version=1, actor=caseworker, nationality="SY"),
        lambda: actions.change_person(person, version=1, actor=colleague, nationality="IQ"),
    )

    assert len(refusals(outcomes)) == 1
    assert Person.objects.get().version == 2


def test_two_clicks_on_one_form_are_one_visit(caseworker, person, team):
    typed = {
        "operation": str(uuid4()),
        "team": str(team.pk),
        "services": ["food"],
        "language": "fa",
        "interpreting": "not_needed",
        "concern": "no",
    }

    def click():
        form = VisitForm(typed, user=caseworker, person=person)
        return form.perform(actions.record_visit, person, actor=caseworker), form.result

    first, second = at_once(click, click)

    assert (first[0], second[0]) == (True, True)
    assert first[1] == second[1] == Visit.objects.get()


def test_case_closed_by_two_is_closed_once(caseworker, case):
    acts = [
        lambda reason=reason: actions.close_case(
            case, closure_reason=reason, version=1, actor=caseworker
        )
        for reason in (Case.ClosureReason.DONE, Case.ClosureReason.LOST)
    ]

    outcomes = at_once(*acts)

    assert len(refusals(outcomes)) == 1
    assert Case.objects.get().version == 2


def test_consent_is_taken_back_once(caseworker, case):
    consent = factories.ConsentFactory(case=case)

    outcomes = at_once(
        *[lambda: actions.withdraw_consent(consent, actor=caseworker) for _ in range(2)]
    )

    assert refusals(outcomes) == ["There is no consent here to take back."]
    assert Consent.objects.get().withdrawn_at is not None


def test_day_of_an_activity_is_attended_once(caseworker, case):
    activity = factories.IncomeActivityFactory(case=case)

    def attend():
        return actions.attend_income_activity(
            activity, attended_on=timezone.localdate(), actor=caseworker
        )

    outcomes = at_once(attend, attend)

    assert refusals(outcomes) == ["This day is recorded already."]
    assert IncomeActivitySession.objects.count() == 1


def test_access_is_given_once(coordinator, colleague, case):
    def give():
        return actions.give_access(
            case,
            user=colleague,
            level=factories.Level.IDENTITY,
            kind=factories.AccessKind.SUPERVISOR,
            actor=coordinator,
        )

    outcomes = at_once(give, give)

    assert refusals(outcomes) == ["This person has that access already."]
    assert CaseAccess.objects.filter(user=colleague).count() == 1
