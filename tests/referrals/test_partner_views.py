"""The receiver's pages: what her institution was sent, and nothing else."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEvent, OutboxJob
from casework.actions import record_consent, withdraw_consent
from casework.models import CaseEvent
from referrals.models import Referral
from referrals.states import LOSSES, LOST, State
from tests import factories

VERBS = ["receive/", "answer/", "progress/"]
ANSWER = {"answer": "accept", "decline_reason": "", "other_service": "", "contact": ""}


@pytest.fixture
def receiver(signed_in, partner):
    return signed_in(partner)


def page(referral, part=""):
    return f"/partner/{referral.pk}/{part}"


def audit(verb):
    return AuditEvent.objects.get(verb=verb)


# Inbox


def test_inbox_shows_what_waits_for_this_institution_and_is_recorded(receiver, sent, partner):
    factories.SentReferralFactory()

    response = receiver.get("/partner/")

    assert list(response.context["page"]) == [sent]
    assert "Formal help, Female" in response.text
    assert (audit("list_referrals").actor, audit("list_referrals").listed) == (partner, [sent.pk])


def test_inbox_begins_with_what_is_due_first(receiver, make):
    later, first = make(factories.SentReferralFactory), make(factories.OverdueReferralFactory)

    response = receiver.get("/partner/")

    assert list(response.context["page"]) == [first, later]
    assert "Answer was due" in response.text


@pytest.mark.parametrize(
    ("shown", "states"),
    [
        ("answer", [State.SENT, State.RECEIVED, State.NEED_INFORMATION]),
        ("progress", [State.ACCEPTED, State.STARTED, State.NO_SHOW]),
        (
            "finished",
            [State.DECLINED, State.REDIRECTED, State.DELIVERED, State.CLOSED, *LOST],
        ),
        ("nonsense", [State.SENT, State.RECEIVED, State.NEED_INFORMATION]),
    ],
)
def test_inbox_has_three_parts(shown, states, receiver, one_of_each):
    response = receiver.get("/partner/", {"show": shown})

    assert {row.state for row in response.context["page"]} == set(states)
    assert response.context["counts"] == {"answer": 3, "progress": 3, "finished": 8}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("shown", ["answer", "progress"])
def test_inbox_asks_the_same_number_of_questions_for_any_length(rows, shown, receiver, make):
    factory = (
        factories.SentReferralFactory if shown == "answer" else factories.AcceptedReferralFactory
    )
    for _ in range(rows):
        make(factory)

    with CaptureQueriesContext(connection) as asked:
        receiver.get("/partner/", {"show": shown})

    assert len(asked) == 16


def test_inbox_shows_no_name_and_no_message(receiver, make, named):
    make(factories.AcceptedReferralFactory)

    text = receiver.get("/partner/?show=progress").text

    assert "Zarmina" not in text
    assert "A bed for tonight." not in text


def test_inbox_tells_the_number_of_what_was_taken_back_and_not_why(receiver, make):
    recalled = make(factories.RecalledReferralFactory)
    old = make(factories.RecalledReferralFactory, ended_at=timezone.now() - timedelta(days=31))

    text = receiver.get("/partner/").text

    assert str(recalled) in text
    assert str(old) not in text
    assert f'href="{page(recalled)}' not in text


@pytest.mark.parametrize("who", ["caseworker", "coordinator", "donor", "admin", "mobile", "dpo"])
def test_inbox_is_refused_without_the_permission(who, signed_in, request):
    assert signed_in(request.getfixturevalue(who)).get("/partner/").status_code == 403


# One referral


def test_before_acceptance_the_name_waits(receiver, sent, case):
    response = receiver.get(page(sent))

    assert case.person.code in response.text
    assert "A bed for tonight." in response.text
    assert "Zarmina" not in response.text
    assert "After acceptance" in response.text
    assert audit("view_referral").fields == ["age_band", "code", "message", "sex"]


def test_after_acceptance_the_name_is_shown(receiver, make, case):
    response = receiver.get(page(make(factories.AcceptedReferralFactory)))

    assert "Zarmina Testowa" in response.text
    assert audit("view_referral").fields == ["age_band", "code", "message", "name", "sex"]
    assert audit("view_referral").case_id == case.pk


@pytest.mark.parametrize(
    "factory",
    [
        factories.DeclinedReferralFactory,
        factories.DeliveredReferralFactory,
        factories.ClosedReferralFactory,
    ],
)
def test_in_the_end_number_and_answer_stay_and_details_close(factory, receiver, make, case):
    referral = make(factory)

    response = receiver.get(page(referral))

    assert str(referral) in response.text
    assert "The details are closed for you." in response.text
    assert "Zarmina" not in response.text
    assert case.person.code not in response.text
    assert audit("view_referral").fields == []


@pytest.mark.parametrize("state", [State.DRAFT, State.RECALLED])
def test_before_sending_and_after_recall_there_is_no_page(state, receiver, one_of_each):
    assert receiver.get(page(one_of_each[state])).status_code == 404


@pytest.mark.parametrize("state", [State.SENT, State.RECEIVED, State.ACCEPTED, State.STARTED])
def test_consent_taken_back_shuts_page_and_verbs_at_once(
    state, receiver, one_of_each, consent, caseworker
):
    referral = one_of_each[state]
    assert receiver.get(page(referral)).status_code == 200

    withdraw_consent(consent, actor=caseworker)

    answers = [receiver.get(page(referral))]
    answers += [receiver.post(page(referral, part), ANSWER) for part in VERBS]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert Referral.objects.get(pk=referral.pk).version == 1


def test_a_no_after_a_yes_shuts_the_page_as_well(receiver, sent, consent, caseworker):
    assert receiver.get(page(sent)).status_code == 200

    record_consent(
        sent.case, purpose="referral", decision="refused", channel="spoken",
        language=factories.language(), organization=sent.organization, actor=caseworker,
    )  # fmt: skip

    consent.refresh_from_db()
    assert receiver.get(page(sent)).status_code == 404
    assert consent.withdrawn_at is not None
    assert OutboxJob.objects.get().args == {"consent_id": str(consent.pk)}


def test_a_no_to_another_receiver_shuts_nothing(receiver, sent, consent, house, caseworker):
    record_consent(
        sent.case, purpose="referral", decision="refused", channel="spoken",
        language=factories.language(), organization=house, actor=caseworker,
    )  # fmt: skip

    assert sent.case.person.code in receiver.get(page(sent)).text


def test_pages_are_not_there_for_others(
    sent, signed_in, elsewhere, caseworker, coordinator, stranger, donor
):
    people = [elsewhere, caseworker, coordinator, stranger, donor]

    found = {signed_in(user).get(page(sent)).status_code for user in people}
    said = {
        signed_in(user).post(page(sent, part), ANSWER).status_code
        for user in people
        for part in VERBS
    }

    assert (found, said) == ({404}, {404})
    assert Referral.objects.get().version == 1


def test_receiver_has_no_way_into_the_house(receiver, sent, case):
    addresses = [
        f"/referrals/{sent.pk}/", f"/referrals/cases/{case.pk}/", f"/referrals/new/{case.pk}/"
    ]  # fmt: skip

    assert [receiver.get(url).status_code for url in addresses] == [404, 404, 404]


def test_looking_changes_nothing(receiver, sent):
    before = Referral.objects.values().get()

    for _ in range(3):
        receiver.get(page(sent))
        receiver.head(page(sent))
        receiver.get("/partner/")

    assert Referral.objects.values().get() == before
    assert not CaseEvent.objects.exists()


@pytest.mark.parametrize("part", VERBS)
def test_verbs_are_not_said_by_looking(part, receiver, sent):
    assert receiver.get(page(sent, part)).status_code == 405


def test_title_holds_the_number_only(receiver, sent):
    text = " ".join(receiver.get(page(sent)).text.split())
    title = text.partition("<title>")[2].partition("</title>")[0]

    assert title == f"{sent} – Casework"


def test_page_names_who_sent_it_and_what_else_is_kept(receiver, sent, caseworker):
    text = receiver.get(page(sent)).text

    assert f"Contact: {caseworker.name}" in text
    assert "8 more fields are kept by the sender." in text


# Verbs


def test_receive_says_that_it_has_arrived(receiver, sent, partner):
    response = receiver.post(page(sent, "receive/"))

    sent.refresh_from_db()
    assert (response.headers["Location"], sent.state) == (page(sent), State.RECEIVED)
    event = CaseEvent.objects.get()
    assert (event.code, event.actor, event.url) == (
        "referral_received", partner, f"/referrals/{sent.pk}/"
    )  # fmt: skip


def test_accept_opens_the_name(receiver, sent):
    response = receiver.post(page(sent, "answer/"), {**ANSWER, "contact": "Ana"}, follow=True)

    assert Referral.objects.get().state == State.ACCEPTED
    assert "Zarmina Testowa" in response.text
    assert "Ana" in response.text


def test_decline_keeps_the_reason_and_closes_the_details(receiver, sent):
    response = receiver.post(
        page(sent, "answer/"),
        {**ANSWER, "answer": "decline", "decline_reason": "no_place", "comment": "Full."},
        follow=True,
    )

    sent.refresh_from_db()
    assert (sent.state, sent.decline_reason_id) == (State.DECLINED, "no_place")
    assert "No place or staff now" in response.text
    assert "A bed for tonight." not in response.text


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"answer": ""}, "answer"),
        ({"answer": "perhaps"}, "answer"),
        ({"answer": "decline"}, "decline_reason"),
        ({"answer": "decline", "decline_reason": "nonsense"}, "decline_reason"),
        ({"answer": "decline", "decline_reason": "other_service"}, "other_service"),
        ({"comment": "x" * 1001}, "comment"),
    ],
)
def test_answer_with_something_wrong_says_what(fields, field, receiver, sent):
    response = receiver.post(page(sent, "answer/"), {**ANSWER, **fields})

    assert list(response.context["answer_form"].errors) == [field]
    assert (Referral.objects.get().state, Referral.objects.get().version) == (State.SENT, 1)


def test_second_answer_is_refused_with_a_sentence(receiver, sent):
    receiver.post(page(sent, "answer/"), ANSWER)

    response = receiver.post(
        page(sent, "answer/"), {**ANSWER, "answer": "decline", "decline_reason": "no_place"}
    )

    assert "already been answered" in response.text
    assert Referral.objects.get().state == State.ACCEPTED


def test_one_click_too_many_is_one_answer(receiver, sent):
    form = {**ANSWER, "operation": uuid4()}

    answers = [receiver.post(page(sent, "answer/"), form).headers["Location"] for _ in range(2)]

    assert answers == [page(sent), page(sent)]
    assert sent.steps.count() == 1


@pytest.mark.parametrize(
    ("factory", "offered"),
    [
        (
            factories.AcceptedReferralFactory,
            ["start", "deliver", "no_show", *LOSSES, "redirect", "close", "message"],
        ),
        (
            factories.StartedReferralFactory,
            ["deliver", "no_show", *LOSSES, "close", "message"],
        ),
        (
            factories.NoShowReferralFactory,
            ["start", "rebook", *LOSSES, "close", "message"],
        ),
        (factories.DeliveredReferralFactory, ["close"]),
    ],
)
def test_progress_offers_what_is_possible_now(factory, offered, receiver, make):
    form = receiver.get(page(make(factory))).context["progress_form"]

    assert [value for value, _ in form["progress"].field.widget.choices] == offered


@pytest.mark.parametrize(
    ("factory", "said", "state"),
    [
        (factories.AcceptedReferralFactory, "start", State.STARTED),
        (factories.StartedReferralFactory, "deliver", State.DELIVERED),
        (factories.StartedReferralFactory, "close", State.CLOSED),
        (factories.DeliveredReferralFactory, "close", State.CLOSED),
    ],
)
def test_progress_is_told(factory, said, state, receiver, make):
    referral = make(factory)

    response = receiver.post(page(referral, "progress/"), {"progress": said, "comment": "Weekly."})

    referral.refresh_from_db()
    assert (response.headers["Location"], referral.state) == (page(referral), state)
    assert referral.steps.get().comment == "Weekly."


def test_progress_said_twice_by_one_click_too_many_is_said_once(receiver, make):
    accepted = make(factories.AcceptedReferralFactory)
    form = {"progress": "start", "operation": uuid4()}

    answers = [receiver.post(page(accepted, "progress/"), form).status_code for _ in range(2)]

    assert (answers, accepted.steps.count()) == ([302, 302], 1)


@pytest.mark.parametrize(
    ("factory", "said", "says"),
    [
        (factories.SentReferralFactory, "start", "now stands at: Sent"),
        (factories.StartedReferralFactory, "start", "now stands at: Started"),
        (factories.AcceptedReferralFactory, "", "There is no answer here yet."),
        (factories.AcceptedReferralFactory, "nonsense", "Select a valid choice"),
    ],
)
def test_progress_out_of_turn_is_refused_with_a_sentence(factory, said, says, receiver, make):
    referral = make(factory)

    response = receiver.post(page(referral, "progress/"), {"progress": said})

    assert says in response.text
    assert Referral.objects.get().version == 1


def test_receive_out_of_turn_is_refused_with_a_sentence(receiver, make):
    accepted = make(factories.AcceptedReferralFactory)

    assert "now stands at: Accepted" in receiver.post(page(accepted, "receive/")).text


def test_the_sender_finds_the_answer_on_the_timeline_of_the_case(receiver, sent, case):
    receiver.post(page(sent, "receive/"))
    receiver.post(page(sent, "answer/"), ANSWER)
    receiver.post(page(sent, "progress/"), {"progress": "start"})
    receiver.post(page(sent, "progress/"), {"progress": "deliver"})
    receiver.post(page(sent, "progress/"), {"progress": "close"})

    codes = list(case.events.order_by("at").values_list("code", flat=True))
    assert codes == [
        "referral_received",
        "referral_accepted",
        "referral_started",
        "referral_delivered",
        "referral_closed",
    ]
