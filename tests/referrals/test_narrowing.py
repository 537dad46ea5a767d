"""A newer answer that covers less narrows what was sent before it."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import scope
from accounts.models import AuditEvent, OutboxJob
from casework.actions import record_consent, withdraw_consent
from casework.consent_uses import uses_of
from casework.models import CaseEvent, Consent, PersonIdentity
from referrals import actions, tasks
from referrals.models import Referral
from tests import factories

pytestmark = pytest.mark.django_db

Item = Consent.Item


@pytest.fixture
def accepted(make, named):
    """Shows code, age band, sex, message and name."""
    return make(factories.AcceptedReferralFactory)


@pytest.fixture
def agree(case, service, caseworker):
    """`agree("code", "sex")`: a newer answer about the same receiver."""

    def say(*items, **more):
        told = {"organization": service.organization, "decision": "given", "channel": "spoken"}
        return record_consent(
            case,
            purpose="referral",
            items=items,
            language=factories.language(),
            actor=caseworker,
            **{**told, **more},
        )

    return say


@pytest.fixture
def api(signed_in, partner):
    def ask(referral):
        answer = signed_in(partner).get(f"/api/v1/referrals/{referral.pk}/")
        return answer.json() if answer.status_code == 200 else answer.status_code

    return ask


@pytest.fixture
def page(signed_in, partner):
    def ask(referral):
        return signed_in(partner).get(reverse("partner:referral", args=[referral.pk]))

    return ask


def test_partner_sees_from_then_on_what_the_newest_answer_covers(
    accepted, agree, api, page, partner
):
    assert "Zarmina Testowa" in page(accepted).text
    assert set(api(accepted)["shared"]) == {"code", "age_band", "sex", "message", "name"}

    agree(Item.CODE, Item.SEX, Item.PHONE)

    assert "Zarmina Testowa" not in page(accepted).text
    assert set(api(accepted)["shared"]) == {"code", "sex"}
    with scope.acting_as(partner):
        assert PersonIdentity.objects.count() == 0


def test_record_keeps_what_was_ticked_and_shown_and_says_what_ended(
    accepted, agree, page, signed_in, caseworker, partner
):
    page(accepted)
    consent = agree(Item.CODE, Item.SEX)

    tasks.narrow_referrals(str(OutboxJob.objects.get(event="consent_narrowed").pk))

    accepted.refresh_from_db()
    assert (accepted.state, len(accepted.items)) == (Referral.State.ACCEPTED, 5)
    shown = AuditEvent.objects.get(verb="view_referral", actor=partner)
    assert "name" in shown.fields
    ended = AuditEvent.objects.get(verb="narrow_referral")
    assert (ended.actor, ended.fields) == (None, ["age_band", "message", "name"])
    event = CaseEvent.objects.get(code=CaseEvent.Code.REFERRAL_NARROWED)
    assert (event.case, event.object_id) == (accepted.case, accepted.pk)
    detail = signed_in(caseworker).get(reverse("referrals:detail", args=[accepted.pk])).text
    assert "No longer shared, by the newest answer" in detail
    assert [use.what.split(",")[0] for use in uses_of(consent)] == [str(accepted)]


def test_answer_that_covers_as_much_or_more_changes_nothing(accepted, agree, api):
    before = api(accepted)["shared"]

    consent = agree(*accepted.items, Item.PHONE)

    assert api(accepted)["shared"] == before
    assert actions.narrow_referrals_of_consent(consent.pk) == 0
    assert CaseEvent.objects.filter(code=CaseEvent.Code.REFERRAL_NARROWED).count() == 0


def test_second_narrowing_tells_of_what_it_took_and_no_more(accepted, agree):
    agree(Item.CODE, Item.SEX)
    consent = agree(Item.CODE)

    assert actions.narrow_referrals_of_consent(consent.pk) == 1
    assert AuditEvent.objects.get(verb="narrow_referral").fields == ["sex"]


def test_answer_about_another_receiver_or_another_service_narrows_nothing(accepted, agree, api):
    before = api(accepted)["shared"]
    sister = factories.ServiceFactory(organization=accepted.organization)

    agree(Item.CODE, organization=factories.OrganizationFactory())
    consent = agree(Item.CODE, service=sister)

    assert api(accepted)["shared"] == before
    assert actions.narrow_referrals_of_consent(consent.pk) == 0


def test_guardian_who_agrees_to_less_narrows_too(accepted, api):
    factories.ReferralConsentFactory(
        case=accepted.case, organization=accepted.organization, given_by="guardian", items=["sex"]
    )

    assert set(api(accepted)["shared"]) == {"sex"}


def test_newer_answer_that_ran_out_shuts_the_page(accepted, api, page):
    today = timezone.localdate()
    factories.ReferralConsentFactory(
        case=accepted.case,
        organization=accepted.organization,
        items=accepted.items,
        given_on=today - timedelta(days=3),
        valid_until=today,
    )
    Consent.objects.filter(pk=accepted.consent_id).update(given_on=today - timedelta(days=9))
    assert page(accepted).status_code == 200

    Consent.objects.filter(valid_until=today).update(valid_until=today - timedelta(days=1))

    assert (page(accepted).status_code, api(accepted)) == (404, 404)


def test_newer_no_shuts_the_page_at_once_as_taking_back_does(accepted, agree, page):
    agree(decision="refused")

    assert page(accepted).status_code == 404
    assert actions.recall_referrals_of_consent(accepted.consent_id) == 1


def test_taking_back_the_newer_answer_ends_the_older_one_too(accepted, agree, page, caseworker):
    newer = agree(Item.CODE)
    withdraw_consent(newer, actor=caseworker)

    assert page(accepted).status_code == 404
    assert actions.recall_referrals_of_consent(accepted.consent_id) == 1


def test_what_is_over_is_not_told_of(make, agree):
    make(factories.ClosedReferralFactory)
    consent = agree(Item.CODE)

    assert actions.narrow_referrals_of_consent(consent.pk) == 0


def test_referrals_are_held_and_earlier_answers_read_once(accepted, make, agree):
    make(factories.AcceptedReferralFactory)
    consent = agree(Item.CODE)

    with CaptureQueriesContext(connection) as asked:
        assert actions.narrow_referrals_of_consent(consent.pk) == 2

    asked = [each["sql"] for each in asked]
    assert len([sql for sql in asked if 'FOR UPDATE OF "referrals_referral"' in sql]) == 1
    assert len([sql for sql in asked if 'FROM "casework_consent"' in sql]) == 2


def items_told(user, referral):
    with transaction.atomic(), scope.acting_as(user), connection.cursor() as cursor:
        cursor.execute("SELECT gate_items_told(%s)", [referral.pk])
        return cursor.fetchone()[0]


def test_database_tells_what_is_agreed_to_who_sees_the_referral(
    accepted, caseworker, coordinator, colleague, stranger, admin, partner
):
    seen = [items_told(user, accepted) for user in (caseworker, coordinator, partner)]
    unseen = [items_told(user, accepted) for user in (colleague, stranger, admin)]

    assert [sorted(items) for items in seen] == [sorted(accepted.items)] * 3
    assert unseen == [None] * 3


def test_no_process_asks_past_that(accepted, caseworker):
    with (
        pytest.raises(ProgrammingError, match="permission denied for function gate_items_agreed"),
        transaction.atomic(),
        scope.acting_as(caseworker),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT gate_items_agreed(%s)", [accepted.pk])
