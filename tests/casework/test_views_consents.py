from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, OutboxJob
from casework.models import CaseEvent, Consent, TraffickingStatus
from tests import factories


def page(name, row):
    return reverse(f"casework:{name}", args=[row.pk])


@pytest.fixture
def desk(signed_in, caseworker):
    return signed_in(caseworker)


@pytest.fixture
def answer():
    return {
        "operation": str(uuid4()),
        "purpose": "record",
        "decision": "given",
        "channel": "spoken",
        "language": "fa",
    }


def test_consent_to_share_is_saved_with_its_items(desk, caseworker, case, answer):
    receiver = factories.OrganizationFactory()
    until = timezone.localdate() + timedelta(days=30)
    shared = {
        "purpose": "referral",
        "organization": receiver.pk,
        "items": ["code", "age_band"],
        "valid_until": until.isoformat(),
    }

    response = desk.post(page("record_consent", case), {**answer, **shared})

    assert response.headers["Location"] == page("consents", case)
    consent = Consent.objects.get()
    assert (consent.case, consent.organization, consent.items) == (
        case,
        receiver,
        ["age_band", "code"],
    )
    assert consent.is_in_force
    event = AuditEvent.objects.get(verb="record_consent")
    assert (event.actor, event.case_id, event.note) == (caseworker, case.pk, "given")
    assert CaseEvent.objects.get().code == CaseEvent.Code.CONSENT_RECORDED


def test_no_is_an_answer(desk, case, answer):
    desk.post(page("record_consent", case), {**answer, "decision": "refused"})

    assert not Consent.objects.get().is_in_force
    assert "Refused" in desk.get(page("consents", case)).text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"purpose": "referral"}, "Say with whom it may be shared."),
        ({"decision": ""}, "Say whether the person agreed."),
        ({"items": ["soul"]}, "Select a valid choice"),
        ({"organization": str(uuid4())}, "Select a valid choice"),
        ({"valid_until": "2026-02-30"}, "Write a day that is in the calendar."),
        ({"valid_until": "2020-01-01"}, "This day is over. Choose a later one."),
        ({"language": "klingon"}, "Select a valid choice"),
    ],
)
def test_wrong_answer_is_not_kept(desk, case, answer, wrong, said):
    response = desk.post(page("record_consent", case), {**answer, **wrong})

    assert said in response.text
    assert Consent.objects.count() == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_answers_ask_the_database_the_same_for_any_number_of_rows(
    desk, case, rows, django_assert_num_queries
):
    for _ in range(rows):
        factories.ReferralConsentFactory(case=case)

    with django_assert_num_queries(17):
        response = desk.get(page("consents", case))

    assert len(response.context["answers"]) == rows


def test_taking_back_holds_at_once_and_is_told(desk, case):
    consent = factories.ReferralConsentFactory(case=case)

    response = desk.post(page("withdraw_consent", consent), {"operation": str(uuid4())})

    assert response.headers["Location"] == page("consent", consent)
    consent.refresh_from_db()
    assert not consent.is_in_force
    assert OutboxJob.objects.get().event == "consent_withdrawn"
    assert CaseEvent.objects.get().code == CaseEvent.Code.CONSENT_WITHDRAWN


def test_taking_back_twice_is_said(desk, case):
    consent = factories.ConsentFactory(case=case, withdrawn_at=timezone.now())

    response = desk.post(page("withdraw_consent", consent), {"operation": str(uuid4())})

    assert "There is no consent here to take back." in response.text
    assert OutboxJob.objects.count() == 0


def test_strangers_consent_does_not_exist(signed_in, stranger, colleague, case):
    consent = factories.ConsentFactory(case=case)

    for user in (stranger, colleague):
        assert signed_in(user).post(page("withdraw_consent", consent)).status_code == 404
    assert Consent.objects.get().is_in_force


def test_taking_back_needs_the_function(signed_in, coordinator, case):
    consent = factories.ConsentFactory(case=case)

    response = signed_in(coordinator).post(page("withdraw_consent", consent), {"operation": ""})

    assert response.status_code == 403
    assert Consent.objects.get().is_in_force


# Status


@pytest.fixture
def decision(case):
    return {
        "operation": str(uuid4()),
        "status": "presumed",
        "decided_on": timezone.localdate().isoformat(),
        "deciding_body": "NGO",
        "organization": case.organization_id,
        "basis": "interview",
    }


def test_decision_stands_beside_the_earlier_one(desk, caseworker, case, decision):
    earlier = factories.TraffickingStatusFactory(
        case=case, status="at_risk", decided_on=date(2026, 1, 5)
    )

    response = desk.post(page("record_status", case), decision)

    assert response.headers["Location"] == page("statuses", case)
    latest, first = TraffickingStatus.objects.filter(case=case)
    assert (latest.status, first) == ("presumed", earlier)
    assert TraffickingStatus.objects.on(date(2026, 1, 6)).get() == earlier
    assert TraffickingStatus.objects.on(timezone.localdate()).get() == latest
    assert AuditEvent.objects.filter(verb="record_trafficking_status").count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"status": "identified"}, "An NGO presumes; only an institution or a court identifies."),
        ({"status": "guilty"}, "Select a valid choice"),
        ({"decided_on": "2999-01-01"}, "This day lies in the future."),
        ({"decided_on": "0026-01-01"}, "too far back"),
        ({"decided_on": "soon"}, "Write a day that is in the calendar."),
        ({"organization": "x"}, "is not a valid UUID"),
        ({"basis": ""}, "There is no answer here yet."),
    ],
)
def test_wrong_decision_is_not_kept(desk, case, decision, wrong, said):
    response = desk.post(page("record_status", case), {**decision, **wrong})

    assert said in response.text
    assert TraffickingStatus.objects.count() == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_statuses_ask_the_database_the_same_for_any_number_of_rows(
    desk, case, rows, django_assert_num_queries
):
    for _ in range(rows):
        factories.TraffickingStatusFactory(case=case)

    with django_assert_num_queries(15):
        response = desk.get(page("statuses", case))

    assert len(response.context["statuses"]) == rows
