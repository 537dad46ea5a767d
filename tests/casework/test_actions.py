from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.levels import Level
from accounts.models import AuditEvent
from casework import actions
from casework.actions.days import check_day
from casework.models import Case, CaseEvent, Person
from casework.models.access import AccessKind
from tests import factories
from tests.factories import language, service_type

TODAY = timezone.localdate


def register(rows, actor):
    facts = {"sex": "female", "nationality": "AF", "language": language()}
    return actions.register_person(team=rows.team, actor=actor, **facts)


# Each verb as somebody who works here but was not given the function would try it.
VERBS = {
    "register_person": register,
    "change_person": lambda rows, actor: actions.change_person(
        rows.person, version=1, actor=actor, nationality="SY"
    ),
    "record_identity": lambda rows, actor: actions.record_identity(
        rows.person, actor=actor, name="Zarmina"
    ),
    "show_identity": lambda rows, actor: actions.show_identity(rows, reason="contact", actor=actor),
    "open_case": lambda rows, actor: actions.open_case(rows.person, actor=actor),
    "change_case": lambda rows, actor: actions.change_case(
        rows, version=1, risk="high", actor=actor
    ),
    "close_case": lambda rows, actor: actions.close_case(
        rows, version=1, closure_reason="done", actor=actor
    ),
    "reopen_case": lambda rows, actor: actions.reopen_case(rows, version=1, actor=actor),
    "write_note": lambda rows, actor: actions.write_note(rows, text="x", actor=actor),
    "record_visit": lambda rows, actor: actions.record_visit(
        rows.person, team=rows.team, language=language(), services=[], actor=actor
    ),
    "change_visit": lambda rows, actor: actions.change_visit(
        factories.VisitFactory(person=rows.person), version=1, actor=actor
    ),
    "record_headcount": lambda rows, actor: actions.record_headcount(
        team=rows.team, lines=[actions.Counted(1, "male")], actor=actor
    ),
    "check_in": lambda rows, actor: actions.check_in(
        rows.person, team=rows.team, how="code", actor=actor
    ),
    "check_out": lambda rows, actor: actions.check_out(
        factories.CheckInFactory(person=rows.person), actor=actor
    ),
    "set_waiting": lambda rows, actor: actions.set_waiting(
        factories.CheckInFactory(person=rows.person), waits_for="service", actor=actor
    ),
    "check_in_family": lambda rows, actor: actions.check_in_family(
        rows.person, team=rows.team, members=[], actor=actor
    ),
    "issue_card": lambda rows, actor: actions.issue_card(rows.person, actor=actor),
    "replace_card": lambda rows, actor: actions.replace_card(
        factories.CardFactory(person=rows.person), actor=actor
    ),
    "end_card": lambda rows, actor: actions.end_card(
        factories.CardFactory(person=rows.person), state="lost", actor=actor
    ),
    "set_visit_rule": lambda rows, actor: actions.set_visit_rule(
        service_type=service_type("hygiene"), interval_hours=24, actor=actor
    ),
    "deliver_service": lambda rows, actor: actions.deliver_service(
        rows, service_type=service_type(), actor=actor
    ),
    "change_service": lambda rows, actor: actions.change_service(
        factories.ServiceDeliveredFactory(case=rows), version=1, actor=actor
    ),
    "record_consent": lambda rows, actor: actions.record_consent(
        rows,
        purpose="record",
        decision="given",
        channel="spoken",
        language=language(),
        actor=actor,
    ),
    "withdraw_consent": lambda rows, actor: actions.withdraw_consent(
        factories.ConsentFactory(case=rows), actor=actor
    ),
    "record_trafficking_status": lambda rows, actor: actions.record_trafficking_status(
        rows,
        status="presumed",
        decided_on=TODAY(),
        deciding_body="NGO",
        organization=rows.organization,
        basis="interview",
        actor=actor,
    ),
    "start_income_activity": lambda rows, actor: actions.start_income_activity(
        rows, kind="course", started_on=TODAY(), actor=actor
    ),
    "attend_income_activity": lambda rows, actor: actions.attend_income_activity(
        factories.IncomeActivityFactory(case=rows), attended_on=TODAY(), actor=actor
    ),
    "end_income_activity": lambda rows, actor: actions.end_income_activity(
        factories.IncomeActivityFactory(case=rows), ended_on=TODAY(), outcome="left", actor=actor
    ),
    "give_access": lambda rows, actor: actions.give_access(
        rows, user=actor, level=Level.NARRATIVE, kind=AccessKind.ASSIGNED, actor=actor
    ),
    "end_access": lambda rows, actor: actions.end_access(
        rows, access=rows.access.get().pk, actor=actor
    ),
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("who", ["interpreter", "partner", "donor", "admin", "dpo", "director"])
def test_verb_is_refused_to_whoever_has_no_function_for_it(request, case, who, verb):
    actor = request.getfixturevalue(who)

    with pytest.raises(PermissionDenied):
        VERBS[verb](case, actor)

    assert AuditEvent.objects.filter(actor=actor).count() == 0
    assert CaseEvent.objects.filter(actor=actor).count() == 0


@pytest.mark.parametrize(
    "verb",
    [
        "attend_income_activity",
        "change_case",
        "deliver_service",
        "start_income_activity",
        "write_note",
    ],
)
def test_nothing_is_added_to_a_closed_case(caseworker, case, verb):
    Case.objects.update(status=Case.Status.CLOSED, closed_on=TODAY(), closure_reason="done")

    with pytest.raises(ValidationError, match="Open it again first") as error:
        VERBS[verb](case, caseworker)

    assert [each.code for each in error.value.error_list] == ["closed"]
    assert CaseEvent.objects.count() == 0


@pytest.mark.parametrize("verb", ["register_person", "record_visit", "record_headcount"])
def test_desk_of_another_team_is_refused(stranger, case, verb):
    with pytest.raises(PermissionDenied):
        VERBS[verb](case, stranger)


@pytest.mark.parametrize("verb", ["write_note", "change_case", "show_identity"])
def test_function_without_access_opens_no_story(colleague, case, verb):
    with pytest.raises(PermissionDenied):
        VERBS[verb](case, colleague)


def test_access_stays_in_the_house(coordinator, stranger, case):
    with pytest.raises(ValidationError, match="Only people of the same organization"):
        actions.give_access(
            case,
            user=stranger,
            level=Level.NARRATIVE,
            kind=AccessKind.COVERING,
            actor=coordinator,
        )


def test_access_that_has_ended_is_not_ended_again(coordinator, case):
    moment = timezone.now() - timedelta(days=1)
    access = factories.CaseAccessFactory(content_object=case, ends_at=moment)

    actions.end_access(case, access=access.pk, actor=coordinator)

    access.refresh_from_db()
    assert access.ends_at == moment
    assert CaseEvent.objects.count() == 0


def test_empty_note_is_refused_whoever_calls(caseworker, case):
    with pytest.raises(ValidationError, match="The note is empty"):
        actions.write_note(case, text="  ", actor=caseworker)


def test_case_is_opened_once_for_its_owner(caseworker, case):
    assert actions.open_case(case.person, actor=caseworker) == case


def test_closed_case_makes_room_for_a_new_one(caseworker, case):
    actions.close_case(case, version=1, closure_reason="done", actor=caseworker)

    again = actions.open_case(case.person, actor=caseworker)

    assert again != case
    assert Case.objects.filter(person=case.person).count() == 2


def test_older_contact_does_not_move_the_last_one(case):
    actions.touch_case(case, TODAY() - timedelta(days=3))

    case.refresh_from_db()
    assert case.last_contact_on == TODAY()


def test_visit_of_yesterday_does_not_move_the_last_visit(caseworker, person, team):
    Person.objects.update(last_visit_on=TODAY())
    earlier = timezone.now() - timedelta(days=1)

    actions.record_visit(
        person, team=team, language=language(), services=[], at=earlier, actor=caseworker
    )

    person.refresh_from_db()
    assert person.last_visit_on == TODAY()


def test_visit_changed_in_one_field_keeps_its_lists(caseworker, person, team):
    visit = actions.record_visit(
        person,
        team=team,
        language=language(),
        services=[service_type("food")],
        leaflets=[factories.edition()],
        explained=[factories.edition("asylum").leaflet.topic],
        actor=caseworker,
    )

    actions.change_visit(visit, version=1, concern="yes", actor=caseworker)

    visit.refresh_from_db()
    assert (visit.services.count(), visit.leaflets.count(), visit.explained.count()) == (1, 1, 1)


@pytest.mark.parametrize("days", [0, 1, 365])
def test_day_that_has_been_is_a_day(days):
    assert check_day("day", TODAY() - timedelta(days=days)) is None


def test_lists_that_were_changed_stand_in_the_trail_by_name(person, caseworker):
    visit = factories.VisitFactory(person=person, team=person.team)

    actions.change_person(person, version=1, sex="other", other_languages=[], actor=caseworker)
    actions.change_visit(visit, version=1, services=[], explained=[], actor=caseworker)

    told = dict(AuditEvent.objects.values_list("verb", "fields"))
    assert told["change_person"] == ["other_languages", "sex"]
    assert told["change_visit"] == ["explained", "services"]
