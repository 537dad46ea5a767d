"""What follows a referral at the door: each form works, refuses, and is not for others."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.levels import Level
from referrals.models import Referral
from referrals.states import State
from tests import factories
from tests.referrals.conftest import ITEMS

WORDS = {"override": "danger_to_life", "override_note": "Nobody could be asked"}


def page(referral, verb=""):
    return f"/referrals/{referral.pk}/{verb}"


@pytest.fixture
def worker(signed_in, caseworker):
    return signed_in(caseworker)


@pytest.fixture
def unasked(case, service, named):
    return factories.ReferralFactory(case=case, service=service, items=ITEMS, message="A bed.")


@pytest.mark.parametrize(
    ("factory", "said", "state", "shows"),
    [
        (factories.AskedReferralFactory, {"said": "inform", "comment": "Dari."}, "received",
         "Dari."),
        (factories.SentReferralFactory, {"said": "message", "comment": "Soon?"}, "sent", "Soon?"),
        (factories.SentReferralFactory, {"said": "moved_on"}, "moved_on", "Moved on"),
        (factories.AcceptedReferralFactory, {"said": "missing"}, "missing", "Missing"),
        (factories.DeliveredReferralFactory, {"said": "client_says", "client_word": "partly",
         "client_rating": "4"}, "delivered", "4/5"),
    ],
)  # fmt: skip
def test_what_goes_on_is_written_down(factory, said, state, shows, worker, make):
    referral = make(factory)

    response = worker.post(page(referral, "follow/"), said, follow=True)

    assert (Referral.objects.get().state, Referral.objects.get().version) == (state, 2)
    assert "Written down." in response.text
    assert shows in response.text


def test_a_new_appointment_brings_it_back(worker, make):
    referral = make(factories.NoShowReferralFactory)
    day = (timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%dT10:00")

    worker.post(page(referral, "follow/"), {"said": "rebook", "appointment_at": day})

    again = Referral.objects.get()
    assert (again.state, timezone.localtime(again.appointment_at).hour) == (State.ACCEPTED, 10)


@pytest.mark.parametrize(
    ("factory", "said", "says"),
    [
        (factories.SentReferralFactory, {}, "There is no answer here yet."),
        (factories.SentReferralFactory, {"said": "message"}, "Write a sentence."),
        (factories.NoShowReferralFactory, {"said": "rebook"}, "Write day and hour"),
        (factories.NoShowReferralFactory, {"said": "rebook", "appointment_at": "2020-01-01T10:00"},
         "This day is over."),
        (factories.DeliveredReferralFactory, {"said": "client_says"}, "Say whether the help"),
        (factories.ClosedReferralFactory, {"said": "missing"}, "now stands at: Closed"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_changed(factory, said, says, worker, make):
    referral = make(factory)

    response = worker.post(page(referral, "follow/"), said)

    assert says in response.text
    assert Referral.objects.get().version == 1


def test_a_refusal_is_looked_at_once(signed_in, coordinator, make):
    referral = make(factories.DeclinedReferralFactory)
    lead = signed_in(coordinator)

    assert "Look at the refusal" in lead.get(page(referral)).text
    lead.post(page(referral, "review/"), {"review": "stands"})
    second = lead.post(page(referral, "review/"), {"review": "again"})

    assert Referral.objects.get().review == "stands"
    assert "Somebody said this already." in second.text
    assert "Look at the refusal" not in lead.get(page(referral)).text


def test_without_consent_it_leaves_for_a_reason_and_is_looked_at(
    signed_in, coordinator, worker, unasked, case, team
):
    factories.CaseAccessFactory(content_object=case, user=coordinator, level=Level.NARRATIVE)
    lead = signed_in(coordinator)

    asked = lead.get(page(unasked, "override/")).text
    refused = lead.post(page(unasked, "override/"), {"override": "danger_to_life"}).text
    lead.post(page(unasked, "override/"), WORDS)
    worker.post(page(unasked, "send/"), {"version": Referral.objects.get().version})

    sent = Referral.objects.get()
    other = signed_in(factories.UserFactory(organization=team.organization, role="coordinator"))
    other.post(page(unasked, "override/review/"), {"override_review": "right"})
    assert "Send without consent" in asked
    assert "There is no answer here yet." in refused
    assert (sent.state, sent.override) == (State.SENT, "danger_to_life")
    assert Referral.objects.get().override_review == "right"


DOORS = ["follow/", "review/", "override/", "override/review/"]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("who", ["stranger", "partner", "donor", "admin"])
def test_doors_are_not_there_for_others(door, who, signed_in, request, sent):
    response = signed_in(request.getfixturevalue(who)).post(page(sent, door), WORDS)

    assert (response.status_code, Referral.objects.get().version) == (404, 1)


@pytest.mark.parametrize(("door", "said"), [
    ("review/", {"review": "stands"}), ("override/", WORDS),
    ("override/review/", {"override_review": "right"}),
])  # fmt: skip
def test_what_a_coordinator_decides_no_worker_does(door, said, worker, make):
    referral = make(factories.DeclinedReferralFactory)

    assert worker.post(page(referral, door), said).status_code == 403
    assert Referral.objects.get().version == 1


def test_receiver_says_that_it_is_deleted(signed_in, partner, elsewhere, make):
    recalled = make(factories.RecalledReferralFactory)
    door = f"/partner/{recalled.pk}/deleted/"

    others = signed_in(elsewhere).post(door).status_code
    said = signed_in(partner).post(door, follow=True)
    again = signed_in(partner).post(door, follow=True)

    assert (others, "it is deleted" in said.text) == (404, True)
    assert "Somebody said this already." in again.text
    assert Referral.objects.get().deleted_at is not None
    assert signed_in(partner).post(f"/partner/{uuid4()}/deleted/").status_code == 404
