"""Going along: written down once, counted once, seen with the case."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organization
from casework.models import CaseEvent, ServiceDelivered
from directory.models import ServiceType
from referrals import actions
from referrals.models import Accompaniment
from tests import factories

QUERIES = 16
JSON = {"content_type": "application/json"}


def page(name, *arguments):
    return reverse(f"referrals:{name}", args=arguments)


def record(case, actor, **changes):
    facts = {
        "worker": actor,
        "place": "police",
        "why": "hearing",
        "started_at": timezone.now() - timedelta(hours=3),
        "minutes": 150,
        "outcome": "done",
    }
    return actions.record_accompaniment(case, actor=actor, **{**facts, **changes})


@pytest.fixture
def desk(signed_in, caseworker):
    return signed_in(caseworker)


def test_it_is_counted_as_one_service(case, caseworker):
    row = record(case, caseworker)

    service = ServiceDelivered.objects.get(case=case)
    assert (row.service, service.service_type_id, service.quantity) == (service, "accompaniment", 1)
    assert [e.code for e in CaseEvent.objects.filter(actor=caseworker)] == ["service_delivered"]


def test_a_house_that_counts_no_such_service_still_writes_it_down(case, caseworker):
    ServiceType.objects.filter(category="accompaniment").update(category="other")

    row = record(case, caseworker)

    assert (row.service, ServiceDelivered.objects.count()) == (None, 0)
    assert CaseEvent.objects.filter(code="accompanied").count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"place": ""}, "__all__"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 9000}, "minutes"),
        ({"why": "nonsense"}, "why"),
        ({"started_at": timezone.now() + timedelta(days=9)}, "started_at"),
    ],
    ids=["nowhere", "no time", "too long", "no reason", "future"],
)
def test_what_does_not_hold_is_refused_and_counts_nothing(case, caseworker, changes, field):
    with pytest.raises(ValidationError) as error:
        record(case, caseworker, **changes)

    assert field in error.value.error_dict
    assert (Accompaniment.objects.count(), ServiceDelivered.objects.count()) == (0, 0)


def test_company_is_of_this_house_and_this_case(case, caseworker, stranger):
    other = factories.SentReferralFactory()

    for changes in ({"worker": stranger}, {"referral": other}):
        with pytest.raises(ValidationError) as error:
            record(case, caseworker, **changes)
        assert list(error.value.error_dict) == list(changes)


def test_it_needs_permission_and_an_open_case(case, caseworker, coordinator):
    with pytest.raises(PermissionDenied):
        record(case, coordinator)
    case.status, case.closed_on, case.closure_reason = "Closed", timezone.localdate(), "done"
    case.save()
    with pytest.raises(ValidationError):
        record(case, caseworker)

    assert Accompaniment.objects.count() == 0


def test_page_saves_once_for_two_clicks(desk, case, caseworker):
    center = Organization.objects.get(code="CZZTLJ")
    given = {
        "operation": "00000000-0000-4000-8000-000000000007",
        "worker": caseworker.pk,
        "why": "appointment",
        "organization": center.pk,
        "started_at": (timezone.localtime() - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M"),
        "minutes": 45,
        "outcome": "again",
    }

    for _click in range(2):
        answer = desk.post(page("record_accompaniment", case.pk), given)
        assert answer.status_code == 302

    assert (Accompaniment.objects.count(), ServiceDelivered.objects.count()) == (1, 1)
    text = desk.get(page("accompaniments", case.pk)).text
    assert ("45 minutes" in text, center.name_en in text) == (True, True)


def test_page_says_the_rule_and_changes_nothing(desk, case):
    answer = desk.post(page("record_accompaniment", case.pk), {"minutes": 9})

    assert answer.status_code == 200
    assert Accompaniment.objects.count() == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_as_often_for_three_as_for_one(desk, case, rows, django_assert_num_queries):
    for _row in range(rows):
        referral = factories.ReferralFactory(case=case)
        factories.AccompanimentFactory(case=case, referral=referral)
    desk.get(page("accompaniments", case.pk))

    with django_assert_num_queries(QUERIES):
        desk.get(page("accompaniments", case.pk))


def test_doors(signed_in, case, stranger, coordinator):
    doors = [page("accompaniments", case.pk), page("record_accompaniment", case.pk)]

    assert {signed_in(stranger).get(door).status_code for door in doors} == {404}
    assert [signed_in(coordinator).get(door).status_code for door in doors] == [200, 403]


def test_interface_records_and_lists(desk, case, caseworker):
    body = {
        "case": str(case.pk),
        "worker": str(caseworker.pk),
        "why": "papers",
        "place": "asylum",
        "started_at": (timezone.now() - timedelta(hours=1)).isoformat(),
        "minutes": 30,
        "outcome": "done",
    }

    made = desk.post("/api/v1/accompaniments/", body, **JSON)

    assert (made.status_code, made.json()["minutes"]) == (201, 30)
    listed = desk.get("/api/v1/accompaniments/").json()["results"]
    assert [row["id"] for row in listed] == [made.json()["id"]]
