from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEvent
from casework.models import Case
from casework.views.today import today_context
from tests import factories


def days_ago(days):
    return timezone.localdate() - timedelta(days=days)


def make(owner, team, **facts):
    person = factories.PersonFactory(team=team, registered_by=owner)
    return factories.AssignedCaseFactory(person=person, owner=owner, **facts)


@pytest.fixture
def desk(signed_in, caseworker):
    return signed_in(caseworker)


def test_contact_is_due_by_risk_the_longest_wait_first(desk, caseworker, team):
    late = make(caseworker, team, risk=Case.Risk.HIGH, last_contact_on=days_ago(8))
    later = make(caseworker, team, risk=Case.Risk.LOW, last_contact_on=days_ago(31))
    make(caseworker, team, risk=Case.Risk.LOW, last_contact_on=days_ago(30))
    make(caseworker, team, risk=Case.Risk.HIGH, last_contact_on=days_ago(7))

    response = desk.get("/")

    assert response.context["due"] == [later, late]
    assert {case.risk for case in response.context["high"]} == {Case.Risk.HIGH}
    assert response.context["my_open"] == 4
    assert later.person.code in response.text


@pytest.mark.parametrize("rows", [1, 3])
def test_today_asks_the_database_the_same_for_any_number_of_rows(
    caseworker, team, rows, django_assert_num_queries
):
    for _ in range(rows):
        case = make(caseworker, team, risk=Case.Risk.HIGH, last_contact_on=days_ago(60))
        factories.VisitFactory(person=case.person)
        factories.HeadcountFactory(team=team, age_band=factories.age_band(18))

    with django_assert_num_queries(18):
        context = today_context(caseworker)

    assert (len(context["due"]), len(context["log"])) == (rows, 2 * rows)


def test_closed_cases_and_those_of_others_are_nobodys_work_today(desk, colleague, team, caseworker):
    make(colleague, team, last_contact_on=days_ago(60))
    make(
        caseworker,
        team,
        last_contact_on=days_ago(60),
        status=Case.Status.CLOSED,
        closed_on=days_ago(1),
        closure_reason=Case.ClosureReason.DONE,
    )

    assert desk.get("/").context["due"] == []


def test_today_holds_no_name_and_is_written_down(desk, caseworker, team):
    case = make(caseworker, team, last_contact_on=days_ago(60))
    factories.PersonIdentityFactory(person=case.person, name="Zarmina Testowa")
    visit = factories.VisitFactory(person=case.person)

    response = desk.get("/")

    assert case.person.code in response.text
    assert "Zarmina" not in response.text
    assert [line.visit for line in response.context["log"]] == [visit]
    event = AuditEvent.objects.get(verb="view_today", object_type="casework.case")
    assert (event.actor, event.listed) == (caseworker, [case.pk])


def test_mobile_worker_gets_the_desk_without_cases(signed_in, mobile):
    response = signed_in(mobile).get("/")

    assert response.status_code == 200
    assert response.context["due"] == []
