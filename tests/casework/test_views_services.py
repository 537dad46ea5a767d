from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from casework.models import Case, CaseEvent, IncomeActivity, ServiceDelivered
from tests import factories

ACTIVITIES = reverse("casework:activities")


def page(name, row):
    return reverse(f"casework:{name}", args=[row.pk])


def days_ago(days):
    return timezone.localdate() - timedelta(days=days)


@pytest.fixture
def desk(signed_in, caseworker):
    return signed_in(caseworker)


@pytest.fixture
def service():
    return {
        "operation": str(uuid4()),
        "service_type": "recovery_workshop",
        "delivered_on": timezone.localdate().isoformat(),
        "channel": "group",
        "quantity": "2",
        "language": "fa",
    }


def test_service_is_saved_under_its_grant(desk, caseworker, house, case, service):
    grant = factories.GrantFactory(organization=house)
    Case.objects.update(last_contact_on=days_ago(9))

    response = desk.post(page("deliver_service", case), {**service, "grant": grant.pk})

    assert response.headers["Location"] == page("services", case)
    row = ServiceDelivered.objects.get()
    facts = (row.case, row.person, row.service_type_id, row.grant, row.quantity, row.channel)
    assert facts == (case, case.person, "recovery_workshop", grant, 2, "group")
    case.refresh_from_db()
    assert case.last_contact_on == timezone.localdate()
    assert AuditEvent.objects.get(verb="deliver_service").case_id == case.pk
    assert CaseEvent.objects.get().code == CaseEvent.Code.SERVICE_DELIVERED


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"service_type": ""}, "There is no answer here yet."),
        ({"service_type": "border"}, "Select a valid choice"),
        ({"delivered_on": "2999-01-01"}, "This day lies in the future."),
        ({"delivered_on": "1026-01-01"}, "too far back"),
        ({"delivered_on": "31.31.2026"}, "Write a day that is in the calendar."),
        ({"quantity": "0"}, "greater than or equal to 1"),
        ({"quantity": "99999999999999999999"}, "less than or equal to 1000"),
    ],
)
def test_wrong_service_is_not_kept(desk, case, service, wrong, said):
    response = desk.post(page("deliver_service", case), {**service, **wrong})

    assert said in response.text
    assert ServiceDelivered.objects.count() == 0


def test_grant_of_another_organization_is_no_choice(desk, case, service):
    foreign = factories.GrantFactory()

    response = desk.post(page("deliver_service", case), {**service, "grant": foreign.pk})

    assert "Select a valid choice" in response.text
    assert ServiceDelivered.objects.count() == 0


def test_grant_that_had_not_begun_is_refused(desk, house, case, service):
    grant = factories.GrantFactory(organization=house, starts_on=timezone.localdate())

    response = desk.post(
        page("deliver_service", case),
        {**service, "grant": grant.pk, "delivered_on": days_ago(1).isoformat()},
    )

    assert "This grant does not cover that day." in response.text
    assert ServiceDelivered.objects.count() == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_services_ask_the_database_the_same_for_any_number_of_rows(
    desk, case, rows, django_assert_num_queries
):
    for _ in range(rows):
        factories.ServiceDeliveredFactory(case=case)
        factories.IncomeActivitySessionFactory(activity__case=case)

    with django_assert_num_queries(17):
        response = desk.get(page("services", case))

    assert len(response.context["services"]) == rows
    assert len(response.context["activities"]) == rows


def test_services_of_hub_visits_stand_in_the_file_too(desk, caseworker, case):
    visit = factories.VisitFactory(person=case.person)
    service = factories.ServiceDeliveredFactory(
        case=None,
        person=case.person,
        visit=visit,
        organization=case.organization,
        recorded_by=caseworker,
    )

    assert list(desk.get(page("services", case)).context["services"]) == [service]


# Income-generating activities


@pytest.fixture
def activity(case):
    return factories.IncomeActivityFactory(case=case, started_on=days_ago(30))


def test_activity_is_started_attended_and_ended(desk, case):
    started = {"kind": "course", "started_on": days_ago(10).isoformat()}
    desk.post(page("start_income_activity", case), started)
    activity = IncomeActivity.objects.get()

    attended = {"attend-attended_on": days_ago(5).isoformat()}
    desk.post(page("attend_income_activity", activity), attended)
    ended = {"end-ended_on": days_ago(1).isoformat(), "end-outcome": "earning"}
    desk.post(page("end_income_activity", activity), ended)

    activity.refresh_from_db()
    assert (activity.case, activity.outcome) == (case, "earning")
    assert activity.sessions.get().attended_on == days_ago(5)
    codes = list(CaseEvent.objects.order_by("at").values_list("code", flat=True))
    assert codes == ["activity_started", "activity_attended", "activity_ended"]


def test_day_is_attended_once(desk, activity):
    day = {"attend-attended_on": days_ago(5).isoformat()}
    desk.post(page("attend_income_activity", activity), day)

    response = desk.post(page("attend_income_activity", activity), day)

    assert "This day is recorded already." in response.text
    assert activity.sessions.count() == 1


@pytest.mark.parametrize("days", [31, -1])
def test_day_outside_the_activity_is_refused(desk, activity, days):
    response = desk.post(
        page("attend_income_activity", activity), {"attend-attended_on": days_ago(days).isoformat()}
    )

    assert "This day lies outside the activity, or in the future." in response.text
    assert activity.sessions.count() == 0


@pytest.mark.parametrize(
    ("day", "outcome", "said"),
    [
        (1, "", "There is no answer here yet."),
        (31, "earning", "An activity that ended has an outcome, and a day after its start."),
        (-1, "earning", "This day lies in the future."),
    ],
)
def test_wrong_end_ends_nothing(desk, activity, day, outcome, said):
    ended = {"end-ended_on": days_ago(day).isoformat(), "end-outcome": outcome}

    response = desk.post(page("end_income_activity", activity), ended)

    assert said in response.text
    activity.refresh_from_db()
    assert activity.ended_on is None


def test_activity_ends_once(desk, activity):
    ended = {"end-ended_on": days_ago(1).isoformat(), "end-outcome": "earning"}
    desk.post(page("end_income_activity", activity), ended)

    response = desk.post(page("end_income_activity", activity), {**ended, "end-outcome": "left"})

    assert "This activity has ended already." in response.text
    activity.refresh_from_db()
    assert activity.outcome == "earning"


def test_activity_does_not_begin_tomorrow(desk, case):
    tomorrow = {"kind": "course", "started_on": days_ago(-1).isoformat()}

    response = desk.post(page("start_income_activity", case), tomorrow)

    assert "This day lies in the future." in response.text
    assert IncomeActivity.objects.count() == 0


@pytest.mark.parametrize(
    "name", ["income_activity", "attend_income_activity", "end_income_activity"]
)
def test_activity_of_somebody_elses_client_does_not_exist(
    signed_in, stranger, colleague, activity, name
):
    for user in (stranger, colleague):
        assert signed_in(user).get(page(name, activity)).status_code == 404


@pytest.mark.parametrize("name", ["attend_income_activity", "end_income_activity"])
def test_activity_is_recorded_by_those_who_may(signed_in, coordinator, activity, name):
    assert signed_in(coordinator).post(page(name, activity), {"x": "y"}).status_code == 403
    assert signed_in(coordinator).get(page("income_activity", activity)).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_activities_ask_the_database_the_same_for_any_number_of_rows(
    desk, caseworker, case, rows, django_assert_num_queries
):
    for _ in range(rows):
        factories.IncomeActivitySessionFactory(activity__case=case)

    with django_assert_num_queries(10):
        response = desk.get(ACTIVITIES)

    assert len(response.context["activities"]) == rows
    assert case.person.code in response.text


def test_activities_are_ones_own(signed_in, stranger, colleague, partner, activity):
    assert signed_in(colleague).get(ACTIVITIES).context["activities"] == []
    assert signed_in(stranger).get(ACTIVITIES).context["activities"] == []
    assert signed_in(partner).get(ACTIVITIES).status_code == 403
