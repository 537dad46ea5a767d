"""Referrals over the API: the same gate and verbs, and the receiver's cut."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent, RoleAssignment
from casework.actions import withdraw_consent
from referrals.models import Referral
from referrals.states import State
from tests import factories
from tests.referrals.conftest import ITEMS

ALL = "/api/v1/referrals/"
VERBS = [
    "send", "receive", "need-information", "accept", "decline", "redirect", "start", "deliver",
    "no-show", "rebook", "client-declined", "unreachable", "moved-on", "missing", "messages",
    "client-says", "review", "override", "review-override", "recall", "deleted", "close",
]  # fmt: skip


def one(referral, verb=""):
    return f"{ALL}{referral.pk}/{verb}{'/' if verb else ''}"


@pytest.fixture
def api(signed_in):
    """`api(user)(method, address, body)`: the answer as (status, content)."""

    def of(user):
        client = signed_in(user)

        def call(method, address, body=None, **headers):
            answer = getattr(client, method)(
                address, body, content_type="application/json", headers=headers
            )
            return answer.status_code, answer.json() if answer.content else None

        return call

    return of


@pytest.fixture
def worker(api, caseworker):
    return api(caseworker)


@pytest.fixture
def receiver(api, partner):
    return api(partner)


def facts(case, service):
    return {
        "case": str(case.pk), "service": str(service.pk), "urgency": "urgent",
        "items": ["code", "message"], "message": "A bed.",
    }  # fmt: skip


# The sender


def test_list_holds_the_sender_s_referrals_without_message(worker, sent):
    factories.SentReferralFactory()

    status, body = worker("get", ALL)

    (row,) = body["results"]
    assert (status, row["id"], row["number"], row["state"]) == (
        200, str(sent.pk), str(sent), "sent"
    )  # fmt: skip
    assert "message" not in row
    assert AuditEvent.objects.get().listed == [sent.pk]


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("who", "asks"), [("caseworker", 9), ("partner", 11)])
def test_list_asks_the_same_number_of_questions_for_any_length(rows, who, asks, api, make, request):
    call = api(request.getfixturevalue(who))
    for _ in range(rows):
        make(factories.SentReferralFactory)

    with CaptureQueriesContext(connection) as asked:
        call("get", ALL)

    assert len(asked) == asks


def test_list_comes_in_pages(worker, make):
    for _ in range(3):
        make(factories.SentReferralFactory)

    _, first = worker("get", f"{ALL}?page_size=2")
    _, second = worker("get", first["next"])

    assert (len(first["results"]), len(second["results"])) == (2, 1)


def test_one_referral_comes_with_its_message(worker, sent):
    status, body = worker("get", one(sent))

    assert (status, body["message"], body["sent_by"]) == (200, "A bed for tonight.", "Clara Worker")
    assert AuditEvent.objects.get().fields == ["message"]


def test_who_may_not_read_the_story_gets_no_message(api, coordinator, sent):
    status, body = api(coordinator)("get", one(sent))

    assert status == 200
    assert "message" not in body


def test_create_begins_a_draft(worker, case, service, consent):
    status, body = worker("post", ALL, facts(case, service))

    referral = Referral.objects.get()
    assert (status, body["id"], body["state"]) == (201, str(referral.pk), "consent")
    assert (referral.items, referral.message) == (["code", "message"], "A bed.")


def test_create_twice_with_one_key_is_one_draft(worker, case, service, consent):
    key = {"Idempotency-Key": str(uuid4())}

    answers = [worker("post", ALL, facts(case, service), **key) for _ in range(2)]

    assert answers[0] == answers[1]
    assert Referral.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [
        ({"case": "nonsense"}, 400, "case"),
        ({"service": str(uuid4())}, 400, "service"),
        ({"urgency": "now"}, 400, "urgency"),
        ({"items": ["shoe size"]}, 400, "items"),
        ({"items": ["phone"]}, 400, "items"),
        ({"message": "x" * 2001}, 400, "message"),
    ],
)
def test_create_with_something_wrong_says_what(
    fields, status, field, worker, case, service, consent
):
    answered, body = worker("post", ALL, {**facts(case, service), **fields})

    assert (answered, list(body["fields"])) == (status, [field])
    assert not Referral.objects.exists()


def test_create_for_a_case_of_others_finds_no_case(worker, service):
    status, _ = worker("post", ALL, facts(factories.CaseFactory(), service))

    assert status == 404


def test_create_is_refused_without_the_permission(api, coordinator, case, service):
    status, _ = api(coordinator)("post", ALL, facts(case, service))

    assert status == 403


def test_send_recall_and_close_over_the_api(worker, make, draft):
    delivered = make(factories.DeliveredReferralFactory)

    sent = worker("post", one(draft, "send"), {"version": 1})
    recalled = worker("post", one(draft, "recall"), {"reason": "safety"})
    closed = worker("post", one(delivered, "close"), {})

    assert [(status, body["state"]) for status, body in (sent, recalled, closed)] == [
        (200, "sent"), (200, "recalled"), (200, "closed")
    ]  # fmt: skip


def test_recall_needs_no_reason_over_the_api(worker, sent):
    status, body = worker("post", one(sent, "recall"), {})

    assert (status, body["state"], sent.steps.get().reason) == (200, "recalled", "not_needed")


def test_an_old_version_is_a_conflict(worker, draft):
    status, body = worker("post", one(draft, "send"), {"version": 7})

    assert (status, body["code"]) == (409, "stale")
    assert Referral.objects.get().state == State.DRAFT


def test_send_without_consent_is_refused(worker, draft, consent, caseworker):
    withdraw_consent(consent, actor=caseworker)

    status, body = worker("post", one(draft, "send"), {})

    assert status == 400
    assert "no consent in force" in body["detail"]


# The receiver


def test_receiver_gets_the_sheet_and_nothing_of_the_case(receiver, sent, case):
    status, body = receiver("get", one(sent))

    assert status == 200
    assert body["shared"] == {
        "code": case.person.code,
        "age_band": "35–59",
        "sex": "Female",
        "message": "A bed for tonight.",
    }
    assert body["after_acceptance"] == ["name"]
    assert {"case", "consent", "items", "message"}.isdisjoint(body)
    assert str(case.pk) not in str(body)


def test_receiver_s_list_tells_nothing_about_the_person(receiver, make, case):
    accepted, sent = make(factories.AcceptedReferralFactory), make(factories.SentReferralFactory)
    factories.SentReferralFactory()

    _, body = receiver("get", ALL)

    assert {row["id"] for row in body["results"]} == {str(accepted.pk), str(sent.pk)}
    assert case.person.code not in str(body)
    assert "Zarmina" not in str(body)


def test_receiver_walks_through_to_the_end(receiver, sent):
    told = [
        receiver("post", one(sent, verb), {"comment": "So."} if verb != "receive" else {})
        for verb in ("receive", "accept", "start", "deliver", "close")
    ]

    assert [(status, body["state"]) for status, body in told] == [
        (200, "received"),
        (200, "accepted"),
        (200, "started"),
        (200, "delivered"),
        (200, "closed"),
    ]
    assert [body["shared"].get("name") for _, body in told] == [
        None, "Zarmina Testowa", "Zarmina Testowa", None, None
    ]  # fmt: skip


def test_receiver_declines_with_a_reason(receiver, sent):
    status, body = receiver("post", one(sent, "decline"), {"decline_reason": "no_place"})

    assert (status, body["state"], body["decline_reason"]) == (200, "declined", "no_place")
    assert body["shared"] == {}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "decline_reason"),
        ({"decline_reason": "nonsense"}, "decline_reason"),
        ({"decline_reason": "other_service"}, "other_service"),
    ],
)
def test_decline_without_a_good_reason_says_what_is_missing(body, field, receiver, sent):
    status, answer = receiver("post", one(sent, "decline"), body)

    assert (status, list(answer["fields"])) == (400, [field])
    assert Referral.objects.get().state == State.SENT


def test_second_answer_is_a_conflict(receiver, sent):
    receiver("post", one(sent, "accept"), {})

    status, body = receiver("post", one(sent, "decline"), {"decline_reason": "no_place"})

    assert (status, body["type"], body["code"]) == (409, "conflict", "answered")


def test_the_same_answer_with_one_key_is_one_answer(receiver, sent):
    key = {"Idempotency-Key": str(uuid4())}

    answers = [receiver("post", one(sent, "accept"), {}, **key) for _ in range(2)]

    assert answers[0] == answers[1]
    assert (answers[0][0], sent.steps.count()) == (200, 1)


def test_verb_out_of_turn_is_a_conflict(receiver, sent):
    status, body = receiver("post", one(sent, "deliver"), {})

    assert (status, body["code"]) == (409, "stale")


# Others


SOON = {"appointment_at": "2099-01-01T10:00:00Z"}


@pytest.mark.parametrize(
    ("factory", "side", "verb", "body", "state"),
    [
        (
            factories.SentReferralFactory,
            "receiver",
            "need-information",
            {"comment": "Which language?"},
            "need_information",
        ),
        (
            factories.SentReferralFactory,
            "receiver",
            "redirect",
            {"other_service": "The next town"},
            "redirected",
        ),
        (factories.AskedReferralFactory, "worker", "messages", {"comment": "Dari."}, "received"),
        (
            factories.AcceptedReferralFactory,
            "receiver",
            "messages",
            {"comment": "Today."},
            "accepted",
        ),
        (factories.AcceptedReferralFactory, "receiver", "no-show", {}, "no_show"),
        (factories.NoShowReferralFactory, "worker", "rebook", SOON, "accepted"),
        (factories.SentReferralFactory, "worker", "client-declined", {}, "client_declined"),
        (factories.StartedReferralFactory, "receiver", "unreachable", {}, "unreachable"),
        (factories.SentReferralFactory, "worker", "moved-on", {}, "moved_on"),
        (factories.AcceptedReferralFactory, "receiver", "missing", {}, "missing"),
        (
            factories.DeliveredReferralFactory,
            "worker",
            "client-says",
            {"client_word": "no", "client_rating": 1},
            "delivered",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_further_verb_is_said_from_its_side(factory, side, verb, body, state, request, make):
    status, answer = request.getfixturevalue(side)("post", one(make(factory), verb), body)

    assert (status, answer["state"], answer["version"]) == (200, state, 2)


def test_deletion_is_confirmed_by_whoever_had_it(receiver, make):
    recalled = make(factories.RecalledReferralFactory)

    status, answer = receiver("post", one(recalled, "deleted"), {})

    assert (status, set(answer)) == (200, {"number", "deleted_at"})
    assert receiver("post", one(recalled, "deleted"), {})[0] == 409


@pytest.mark.parametrize("who", ["colleague", "stranger", "elsewhere", "donor", "admin", "dpo"])
def test_nothing_is_there_for_others(who, api, sent, request):
    call = api(request.getfixturevalue(who))

    statuses = {call("get", one(sent))[0], *(call("post", one(sent, v), {})[0] for v in VERBS)}

    assert statuses == {404}
    assert Referral.objects.get().version == 1


@pytest.mark.parametrize("verb", ["send", "recall"])
def test_receiver_cannot_say_the_sender_s_verbs(verb, receiver, sent):
    assert receiver("post", one(sent, verb), {})[0] == 403


@pytest.mark.parametrize("verb", ["receive", "accept", "start", "deliver"])
def test_sender_cannot_answer_for_the_receiver(verb, worker, sent):
    assert worker("post", one(sent, verb), {})[0] == 403


def test_who_is_both_finds_each_side_apart(api, caseworker, sent, make):
    RoleAssignment.objects.create(user=caseworker, role_id="partner", starts_on="2026-01-01")
    received = factories.SentReferralFactory(service__organization=caseworker.organization)
    call = api(caseworker)

    lists = [call("get", f"{ALL}?side={side}")[1]["results"] for side in ("sender", "receiver")]
    accepted = call("post", one(received, "accept"), {})
    recalled = call("post", one(sent, "recall"), {})
    closed = call("post", one(make(factories.DeliveredReferralFactory), "close"), {})

    assert [[row["id"] for row in rows] for rows in lists] == [[str(sent.pk)], [str(received.pk)]]
    assert (accepted[0], "shared" in accepted[1]) == (200, True)
    assert (recalled[0], recalled[1]["state"]) == (200, "recalled")
    assert (closed[0], closed[1]["state"]) == (200, "closed")


def test_reading_is_refused_to_who_sees_the_case_but_works_with_no_referral(api, operator, sent):
    factories.CaseAccessFactory(content_object=sent.case, user=operator)

    assert api(operator)("get", one(sent))[0] == 403


def test_list_is_refused_without_the_permission(api, donor, sent):
    assert api(donor)("get", ALL)[0] == 403


def test_consent_taken_back_shuts_the_api_at_once(receiver, make, consent, caseworker):
    accepted = make(factories.AcceptedReferralFactory, items=ITEMS)
    withdraw_consent(consent, actor=caseworker)

    statuses = [receiver("get", one(accepted))[0], receiver("post", one(accepted, "start"), {})[0]]

    assert (statuses, receiver("get", ALL)[1]["results"]) == ([404, 404], [])


@pytest.mark.parametrize("address", [f"{ALL}nonsense/", f"{ALL}1/send/"])
def test_an_address_that_is_none_is_not_found(address, worker):
    assert worker("get", address)[0] in {404, 405}
