"""Two people at once, each with a connection of her own."""

from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from accounts.models import AuditEvent
from casework import actions
from casework.actions.drafting import Place
from casework.forms.visits import VisitForm
from casework.models import (
    Card,
    Case,
    CaseAccess,
    CheckIn,
    Consent,
    ContactRule,
    FormDraft,
    IncomeActivitySession,
    InterpreterBlock,
    Person,
    PersonIdentity,
    ServiceDelivered,
    TwinTicket,
    Visit,
    VisitRule,
)
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


def test_two_workers_say_how_to_reach_her_and_the_second_looks_again(caseworker, colleague, person):
    today = timezone.localdate()
    facts = {"channel": "call", "learned_on": today}

    outcomes = at_once(
        lambda: actions.record_contact_rule(person, is_safe="yes", actor=caseworker, **facts),
        lambda: actions.record_contact_rule(person, is_safe="no", actor=colleague, **facts),
    )

    assert len(refusals(outcomes)) == 1
    assert ContactRule.objects.standing().count() == 1


def test_interpreter_is_blocked_while_a_visit_names_her(caseworker, colleague, person, team):
    interpreter = factories.InterpreterFactory(organization=team.organization)
    language, services = factories.language(), [factories.service_type()]

    outcomes = at_once(
        lambda: actions.block_interpreter(
            person, interpreter=interpreter, reason="knows", said_by="client", actor=colleague
        ),
        lambda: actions.record_visit(
            person,
            team=team,
            language=language,
            services=services,
            interpreting="in_person",
            interpreter=interpreter,
            actor=caseworker,
        ),
    )

    # Whichever was first: after the block nobody names her any more.
    refused = bool(refusals(outcomes))
    assert (InterpreterBlock.objects.count(), Visit.objects.count()) == (1, 0 if refused else 1)


def test_two_coordinators_make_a_rule_of_one_service(coordinator, house):
    second = factories.UserFactory(organization=house, role="coordinator")
    service = factories.service_type("hygiene")

    outcomes = at_once(
        *(
            lambda user=user: actions.set_visit_rule(
                actor=user, service_type=service, interval_hours=24
            )
            for user in (coordinator, second)
        )
    )

    assert refusals(outcomes) == ["There is a rule for this service already."]
    assert VisitRule.objects.count() == 1


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


def test_two_desks_check_in_one_person(caseworker, colleague, person, team):
    def scan(actor):
        return lambda: actions.check_in(person, team=team, how="card", actor=actor)

    first, second = at_once(scan(caseworker), scan(colleague))

    assert first == second == CheckIn.objects.get()
    assert sorted([first.is_new, second.is_new]) == [False, True]


def test_two_desks_give_one_thing_once(caseworker, colleague, person, team):
    factories.VisitRuleFactory(organization=team.organization)

    def give(actor):
        return lambda: actions.record_visit(
            person,
            team=team,
            language=person.language,
            services=[factories.service_type("hygiene")],
            actor=actor,
        )

    outcomes = at_once(give(caseworker), give(colleague))

    assert ["Hygiene: next one from" in said for said in refusals(outcomes)] == [True]
    assert Visit.objects.count() == 1


def test_visit_and_case_give_one_thing_once(caseworker, case, team):
    factories.VisitRuleFactory(organization=team.organization)
    kit = factories.service_type("hygiene")

    outcomes = at_once(
        lambda: actions.deliver_service(case, service_type=kit, actor=caseworker),
        lambda: actions.record_visit(
            case.person,
            team=team,
            language=case.person.language,
            services=[kit],
            actor=caseworker,
        ),
    )

    assert len(refusals(outcomes)) == 1
    assert ServiceDelivered.objects.count() == 1


def test_two_desks_give_one_card(caseworker, colleague, person):
    outcomes = at_once(
        lambda: actions.issue_card(person, actor=caseworker),
        lambda: actions.issue_card(person, actor=colleague),
    )

    assert len(refusals(outcomes)) == 1
    assert Card.objects.count() == 1


def test_families_with_one_member_in_common_wait_for_nobody(caseworker, colleague, team):
    people = [factories.PersonFactory(team=team, registered_by=caseworker) for _ in range(3)]
    first, both, second = people

    def come(actor, *members):
        return lambda: actions.check_in_family(
            members[0], team=team, members=members[1:], actor=actor
        )

    outcomes = at_once(come(caseworker, first, both), come(colleague, second, both))

    assert refusals(outcomes) == []
    assert CheckIn.objects.count() == 3


def test_family_comes_while_everybody_is_checked_out(caseworker, colleague, team):
    people = [factories.PersonFactory(team=team, registered_by=caseworker) for _ in range(3)]
    rows = [factories.CheckInFactory(person=each) for each in people]
    food, seen_at = factories.service_type("food"), timezone.now()

    def come():
        return actions.check_in_family(
            people[2], team=team, members=people[:2], services=[food], actor=caseworker
        )

    def close(actor):
        return lambda: actions.check_out_everybody(seen_at=seen_at, actor=actor)

    outcomes = at_once(come, close(caseworker), close(colleague))

    assert refusals(outcomes) == []
    assert not CheckIn.objects.here().filter(pk__in=[row.pk for row in rows]).exists()
    assert AuditEvent.objects.filter(verb="check_out").count() == 3


def test_two_people_name_one_person_and_the_second_is_asked(caseworker, colleague, case):
    factories.CaseAccessFactory(content_object=case, user=colleague)

    outcomes = at_once(
        lambda: actions.record_identity(case.person, version=0, actor=caseworker, name="Zahra"),
        lambda: actions.record_identity(case.person, version=0, actor=colleague, name="Zohra"),
    )

    assert refusals(outcomes) == ["Somebody else wrote this meanwhile. Choose whose stays."]
    assert PersonIdentity.objects.get().version == 1


def test_two_tabs_begin_one_form_and_the_second_is_told(caseworker, person):
    place = Place("/people/{person}/change/", person, "", "")

    def keep(words):
        return actions.keep_form_draft(
            place, typed={"note": [words]}, version=0, operation=None, actor=caseworker
        )

    outcomes = at_once(lambda: keep("one"), lambda: keep("other"))

    told = ["This form is open in another tab as well, and was kept there later."]
    assert refusals(outcomes) == told
    assert FormDraft.objects.get().version == 1


def test_two_people_who_propose_one_pair_get_one_ticket(caseworker, colleague, person):
    other = factories.PersonFactory(team=person.team)

    outcomes = at_once(
        lambda: actions.open_ticket(person, other, actor=caseworker),
        lambda: actions.open_ticket(other, person, actor=colleague),
    )

    assert {each.pk for each in outcomes} == {TwinTicket.objects.get().pk}


def test_two_people_settle_one_pair_and_the_second_is_told(caseworker, colleague, person):
    other = factories.PersonFactory(team=person.team)
    ticket = factories.TwinTicketFactory(person=person, other=other)

    outcomes = at_once(
        lambda: actions.settle_twin(ticket, verdict="same", version=1, actor=caseworker),
        lambda: actions.settle_twin(ticket, verdict="different", version=1, actor=colleague),
    )

    assert len(refusals(outcomes)) == 1
