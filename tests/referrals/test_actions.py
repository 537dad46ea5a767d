"""Each verb: works and leaves its traces, is refused to the wrong people and in the wrong state."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.levels import Level
from accounts.models import AuditEvent
from casework.actions import close_case, record_consent, withdraw_consent
from casework.models import CaseEvent, Consent
from directory.models import DeclineReason, Service
from referrals import actions, clocks, states
from referrals.models import Referral, ReferralStep
from referrals.states import Side, State, Verb
from tests import factories
from tests.referrals.conftest import ITEMS, OF_STATE

SOON = timedelta(days=3)


def loss(verb):
    return lambda r, actor: actions.tell_loss(r, verb=verb, actor=actor)


def say_more(r, actor):
    return actions.write_message(r, comment="One more thing.", actor=actor)


def book_again(r, actor):
    return actions.rebook_referral(r, appointment_at=timezone.now() + SOON, actor=actor)


# What is said while a referral is prepared follows from the draft: tests/referrals/test_drafts.py.
SAY = {
    (Side.SENDER, Verb.SEND): actions.send_referral,
    (Side.SENDER, Verb.INFORM): say_more,
    (Side.SENDER, Verb.MESSAGE): say_more,
    (Side.SENDER, Verb.REBOOK): book_again,
    (Side.SENDER, Verb.CLIENT_SAYS): lambda r, actor: actions.record_client_word(
        r, client_word="yes", actor=actor
    ),
    (Side.SENDER, Verb.REVIEW): lambda r, actor: actions.review_refusal(
        r, review="stands", actor=actor
    ),
    **{(Side.SENDER, verb): loss(verb) for verb in states.LOSSES},
    (Side.SENDER, Verb.RECALL): lambda r, actor: actions.recall_referral(
        r, reason=Referral.RecallReason.SAFETY, actor=actor
    ),
    (Side.SENDER, Verb.CLOSE): actions.close_referral,
    (Side.RECEIVER, Verb.RECEIVE): actions.receive_referral,
    (Side.RECEIVER, Verb.NEED_INFORMATION): lambda r, actor: actions.ask_for_information(
        r, comment="Which language?", actor=actor
    ),
    (Side.RECEIVER, Verb.ACCEPT): actions.accept_referral,
    (Side.RECEIVER, Verb.DECLINE): lambda r, actor: actions.decline_referral(
        r, decline_reason=reason(), actor=actor
    ),
    (Side.RECEIVER, Verb.REDIRECT): lambda r, actor: actions.redirect_referral(
        r, other_service="The shelter in the next town", actor=actor
    ),
    (Side.RECEIVER, Verb.MESSAGE): say_more,
    (Side.RECEIVER, Verb.START): actions.start_referral,
    (Side.RECEIVER, Verb.DELIVER): actions.deliver_referral,
    (Side.RECEIVER, Verb.NO_SHOW): actions.tell_no_show,
    (Side.RECEIVER, Verb.REBOOK): book_again,
    **{(Side.RECEIVER, verb): loss(verb) for verb in states.LOSSES},
    (Side.RECEIVER, Verb.DELETED): actions.confirm_deletion,
    (Side.RECEIVER, Verb.CLOSE): actions.close_referral,
}
NOTES = {
    Verb.RECALL: "safety", Verb.DECLINE: "no_place", Verb.CLIENT_SAYS: "yes", Verb.REVIEW: "stands",
}  # fmt: skip
SPOKEN = [step for step in states.TABLE if (step.side, step.verb) in SAY]


def named_by(step):
    return f"{step.side} {step.verb} {step.source}"


def reason(code="no_place"):
    return DeclineReason.objects.get(pk=code)


def written(referral):
    """What a verb could have left behind."""
    return (
        list(ReferralStep.objects.values_list("verb", "from_state", "to_state", "actor", "reason")),
        list(CaseEvent.objects.values_list("code", "actor", "object_id")),
        list(AuditEvent.objects.values_list("verb", "actor", "case_id", "note")),
    )


@pytest.fixture
def people(caseworker, partner):
    return {Side.SENDER: caseworker, Side.RECEIVER: partner}


def speaker(step, people, request):
    return request.getfixturevalue("coordinator") if step.verb == Verb.REVIEW else people[step.side]


def test_every_row_of_the_table_is_said_by_somebody():
    unsaid = {step.verb for step in states.TABLE if step not in SPOKEN}

    assert unsaid == {Verb.CONSENT, Verb.REVISE}


@pytest.mark.parametrize("step", SPOKEN, ids=named_by)
def test_each_step_of_the_table_works_and_leaves_its_traces(step, make, people, request):
    referral, actor = make(OF_STATE[step.source]), speaker(step, people, request)

    changed = SAY[step.side, step.verb](referral, actor=actor)

    note = NOTES.get(step.verb, "")
    assert (changed.state, changed.version) == (step.target, 2)
    assert written(referral) == (
        [(step.verb, step.source, step.target, actor.pk, note)],
        [(actions.moving.EVENTS[step.verb], actor.pk, referral.pk)],
        [(f"{step.verb}_referral", actor.pk, referral.case_id, note)],
    )
    assert changed.steps.get().side == step.side


@pytest.mark.parametrize("said", SAY, ids=lambda s: f"{s[0]} {s[1]}")
def test_what_the_table_does_not_know_is_refused(said, one_of_each, people):
    side, verb = said
    # What both sides may say is refused to one where neither row is there.
    unknown = {
        s: r for s, r in one_of_each.items() if not any(states.step_for(s, verb, x) for x in Side)
    }
    if verb in {Verb.MESSAGE, Verb.INFORM}:
        # One action says both, whichever of them the state knows.
        unknown = {s: r for s, r in unknown.items() if s not in states.OPEN}

    for referral in unknown.values():
        with pytest.raises((ValidationError, PermissionDenied)):
            SAY[said](referral, actor=people[side])

    left = {s: Referral.objects.get(pk=r.pk) for s, r in unknown.items()}
    assert {s: (r.state, r.version) for s, r in left.items()} == {s: (s, 1) for s in unknown}
    assert written(one_of_each[State.SENT]) == ([], [], [])


OTHERS = [
    "colleague", "stranger", "coordinator", "mobile", "operator", "interpreter", "director",
    "elsewhere", "donor", "dpo", "admin",
]  # fmt: skip
# Each verb of a side once, in the first state that knows it.
ONE_EACH = list({(step.side, step.verb): step for step in reversed(SPOKEN)}.values())


@pytest.mark.parametrize("step", ONE_EACH, ids=named_by)
def test_nobody_else_may_say_it(step, make, request, people):
    referral = make(OF_STATE[step.source])
    allowed = speaker(step, people, request)

    for who in OTHERS:
        actor = request.getfixturevalue(who)
        if actor != allowed:
            with pytest.raises(PermissionDenied):
                SAY[step.side, step.verb](referral, actor=actor)

    assert written(referral) == ([], [], [])


# What both sides may say is no voice of the other.
OWN = [
    step
    for step in ONE_EACH
    if len({each.side for each in SPOKEN if each.verb == step.verb}) == 1
    and step.verb != Verb.INFORM
]


@pytest.mark.parametrize("step", OWN, ids=named_by)
def test_neither_side_speaks_for_the_other(step, make, people):
    referral = make(OF_STATE[step.source])
    (other,) = set(Side) - {step.side}

    with pytest.raises(PermissionDenied):
        SAY[step.side, step.verb](referral, actor=people[other])

    assert written(referral) == ([], [], [])


def test_receiver_cannot_close_what_she_declined(make, partner):
    with pytest.raises(ValidationError):
        actions.close_referral(make(factories.DeclinedReferralFactory), actor=partner)


# Draft


def test_draft_points_at_the_receiver_and_finds_the_consent(case, service, consent, caseworker):
    referral = actions.draft_referral(
        case, service=service, urgency="urgent", items=ITEMS, message=" A bed. ", actor=caseworker
    )

    assert (referral.state, referral.organization) == (State.CONSENT, service.organization)
    assert (referral.consent, referral.items) == (consent, sorted(ITEMS))
    assert (referral.message, referral.urgency) == ("A bed.", "urgent")
    steps, events, audit = written(referral)
    assert [step[:3] for step in steps] == [("consent", "draft", "consent")]
    assert [event[0] for event in events] == ["referral_ready", "referral_drafted"]
    assert [row[0] for row in audit] == ["draft_referral", "consent_referral"]


def test_draft_needs_no_consent_yet(case, service, caseworker):
    referral = actions.draft_referral(case, service=service, actor=caseworker)

    assert (referral.consent, referral.items) == (None, [])


def test_draft_is_refused_for_a_closed_case(case, service, caseworker):
    close_case(case, closure_reason="done", version=case.version, actor=caseworker)

    with pytest.raises(ValidationError, match="closed"):
        actions.draft_referral(case, service=service, actor=caseworker)


def test_draft_is_refused_to_a_service_that_takes_no_referrals(case, service, caseworker):
    service.is_referable = False
    service.save()

    with pytest.raises(ValidationError, match="takes no referrals"):
        actions.draft_referral(case, service=service, actor=caseworker)


def test_draft_is_refused_to_a_service_that_does_not_take_the_person(case, service, caseworker):
    service.sexes = [Service.Sex.MALE]
    service.save()

    with pytest.raises(ValidationError, match="Only for: Male"):
        actions.draft_referral(case, service=service, actor=caseworker)


def test_draft_is_refused_for_items_beyond_the_consent(case, service, consent, caseworker):
    with pytest.raises(ValidationError, match="did not agree to share: Phone"):
        actions.draft_referral(case, service=service, items=["phone"], actor=caseworker)


@pytest.mark.parametrize("who", ["colleague", "stranger", "coordinator", "partner", "donor"])
def test_draft_is_refused_to_others(who, case, service, request):
    with pytest.raises(PermissionDenied):
        actions.draft_referral(case, service=service, actor=request.getfixturevalue(who))

    assert not Referral.objects.exists()


@pytest.fixture
def standin(case, colleague):
    """A colleague who sees the case, but not its story."""
    factories.CaseAccessFactory(content_object=case, user=colleague, level=Level.OPERATIONAL)
    return colleague


def test_who_may_not_read_the_story_prepares_and_sends_nothing(standin, case, service, draft):
    for attempt in (
        lambda: actions.draft_referral(case, service=service, actor=standin),
        lambda: actions.choose_service(draft, service=service, actor=standin),
        lambda: actions.change_referral(
            draft, urgency="normal", items=[], message="", actor=standin
        ),
        lambda: actions.send_referral(draft, actor=standin),
    ):
        with pytest.raises(PermissionDenied):
            attempt()


def test_who_sees_the_case_may_take_a_referral_back(standin, sent):
    recalled = actions.recall_referral(sent, reason="safety", actor=standin)

    assert recalled.state == State.RECALLED


# Change


def test_change_writes_what_is_shared_and_takes_the_newest_consent(draft, caseworker):
    newer = factories.ReferralConsentFactory(
        case=draft.case, organization=draft.organization, items=["code", "phone"]
    )

    changed = actions.change_referral(
        draft, urgency="emergency", items=["phone"], message="Now.", version=1, actor=caseworker
    )

    assert (changed.urgency, changed.items, changed.message) == ("emergency", ["phone"], "Now.")
    assert (changed.consent, changed.state) == (newer, State.CONSENT)
    assert AuditEvent.objects.get(verb="change_referral").fields == ["phone"]


def test_change_is_refused_beyond_the_consent(draft, caseworker):
    with pytest.raises(ValidationError, match="did not agree to share: Phone"):
        actions.change_referral(
            draft, urgency="normal", items=["phone"], message="", actor=caseworker
        )


def test_change_is_refused_on_an_older_version(draft, caseworker):
    Referral.objects.update(version=2)

    with pytest.raises(ValidationError) as refused:
        actions.change_referral(
            draft, urgency="normal", items=[], message="", version=1, actor=caseworker
        )

    assert refused.value.code == "stale"


def test_change_is_refused_once_it_was_sent(sent, caseworker):
    with pytest.raises(ValidationError, match="taken back, not changed"):
        actions.change_referral(sent, urgency="normal", items=[], message="", actor=caseworker)


def test_change_is_refused_without_the_permission(draft, coordinator):
    factories.CaseAccessFactory(content_object=draft.case, user=coordinator)

    with pytest.raises(PermissionDenied):
        actions.change_referral(draft, urgency="normal", items=[], message="", actor=coordinator)
    with pytest.raises(PermissionDenied):
        actions.choose_service(draft, service=draft.service, actor=coordinator)


def test_another_receiver_needs_another_consent(draft, caseworker):
    other = factories.ServiceFactory()

    changed = actions.choose_service(draft, service=other, actor=caseworker)

    assert (changed.service, changed.organization) == (other, other.organization)
    assert (changed.consent, changed.items) == (None, [])


def test_another_service_of_the_same_receiver_keeps_what_was_ticked(draft, consent, caseworker):
    other = factories.ServiceFactory(organization=draft.organization)

    changed = actions.choose_service(draft, service=other, version=1, actor=caseworker)

    assert (changed.service, changed.consent, changed.items) == (other, consent, ITEMS)


# Send


@time_machine.travel("2035-03-05T10:00:00Z", tick=False)
@pytest.mark.parametrize("urgency", Referral.Urgency.values)
def test_send_starts_the_clock(urgency, draft, caseworker):
    Referral.objects.update(urgency=urgency)

    referral = actions.send_referral(draft, version=1, actor=caseworker)

    assert (referral.sent_at, referral.sent_by) == (timezone.now(), caseworker)
    assert referral.due_at == clocks.due_at(urgency, timezone.now())
    assert referral.received_at is None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"withdrawn_at": timezone.now()}, "no consent in force"),
        ({"given_on": "2026-01-01", "valid_until": "2026-01-02"}, "no consent in force"),
        ({"decision": "refused"}, "no consent in force"),
        ({"purpose": "record"}, "no consent in force"),
        ({"items": ["code"]}, "did not agree to share"),
    ],
    ids=["taken back", "run out", "refused", "another purpose", "fewer items"],
)
def test_send_is_refused_without_a_consent_that_covers_it(change, says, draft, caseworker):
    Consent.objects.update(**change)

    with pytest.raises(ValidationError, match=says):
        actions.send_referral(draft, actor=caseworker)

    assert written(draft) == ([], [], [])


def test_send_is_refused_on_a_consent_for_another_receiver(draft, caseworker):
    Consent.objects.update(organization=factories.OrganizationFactory())

    with pytest.raises(ValidationError, match="no consent in force"):
        actions.send_referral(draft, actor=caseworker)


def test_send_is_refused_on_a_consent_of_another_case(draft, caseworker):
    Consent.objects.update(case=factories.CaseFactory())

    with pytest.raises(ValidationError, match="no consent in force"):
        actions.send_referral(draft, actor=caseworker)


def test_a_later_refusal_ends_an_earlier_consent(draft, caseworker):
    record_consent(
        draft.case, purpose="referral", decision="refused", channel="spoken",
        language=factories.language(), organization=draft.organization, actor=caseworker,
    )  # fmt: skip

    with pytest.raises(ValidationError, match="no consent in force"):
        actions.send_referral(draft, actor=caseworker)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"items": []}, "Tick what they need"),
        ({"items": ["message"], "message": ""}, "Write what is needed"),
    ],
)
def test_send_is_refused_when_it_says_nothing(fields, says, make, caseworker):
    referral = make(factories.ReferralFactory, **fields)

    with pytest.raises(ValidationError, match=says):
        actions.send_referral(referral, actor=caseworker)


def test_send_is_refused_when_the_service_takes_no_more(draft, caseworker):
    Service.objects.filter(pk=draft.service_id).update(is_referable=False)

    with pytest.raises(ValidationError, match="no longer takes referrals"):
        actions.send_referral(draft, actor=caseworker)


def test_send_is_refused_when_somebody_changed_it_meanwhile(draft, caseworker):
    with pytest.raises(ValidationError) as refused:
        actions.send_referral(draft, version=7, actor=caseworker)

    assert refused.value.code == "stale"


# Answer


def test_accept_names_a_contact_and_counts_as_receipt(sent, partner):
    referral = actions.accept_referral(sent, contact=" Ana ", comment=" Monday ", actor=partner)

    assert (referral.contact, ReferralStep.objects.get().comment) == ("Ana", "Monday")
    assert referral.received_at == referral.answered_at is not None


def test_accept_without_a_name_names_who_answers(sent, partner):
    assert actions.accept_referral(sent, actor=partner).contact == partner.name


def test_answer_keeps_the_time_of_the_receipt(make, partner):
    earlier = timezone.now() - timedelta(minutes=5)
    received = make(factories.ReceivedReferralFactory, received_at=earlier)

    assert actions.accept_referral(received, actor=partner).received_at == earlier


def test_decline_keeps_reason_and_comment(sent, partner):
    referral = actions.decline_referral(
        sent, decline_reason=reason(), comment="Full until March.", actor=partner
    )

    assert (referral.decline_reason_id, referral.other_service) == ("no_place", "")
    assert ReferralStep.objects.get().comment == "Full until March."


def test_decline_is_refused_without_a_reason(sent, partner):
    with pytest.raises(ValidationError, match="Choose the reason"):
        actions.decline_referral(sent, decline_reason=None, actor=partner)


def test_decline_for_another_service_names_it(sent, partner):
    other = reason("other_service")
    with pytest.raises(ValidationError, match="Name the service"):
        actions.decline_referral(sent, decline_reason=other, actor=partner)

    referral = actions.decline_referral(
        sent, decline_reason=other, other_service="Day centre", actor=partner
    )

    assert referral.other_service == "Day centre"


def test_second_answer_is_refused_with_a_sentence(sent, partner):
    actions.accept_referral(sent, actor=partner)

    with pytest.raises(ValidationError, match="already been answered") as refused:
        actions.decline_referral(sent, decline_reason=reason(), actor=partner)

    assert refused.value.code == "answered"
    assert Referral.objects.get().state == State.ACCEPTED


def test_verb_out_of_turn_says_where_the_referral_stands(sent, partner):
    with pytest.raises(ValidationError, match="now stands at: Sent") as refused:
        actions.start_referral(sent, actor=partner)

    assert refused.value.code == "stale"


def test_answer_on_an_older_version_is_refused_when_the_caller_insists(sent, partner):
    actions.receive_referral(sent, actor=partner)

    with pytest.raises(ValidationError) as refused:
        actions.accept_referral(sent, version=1, actor=partner)

    assert refused.value.code == "stale"


def test_answer_is_refused_once_the_consent_was_taken_back(sent, consent, caseworker, partner):
    withdraw_consent(consent, actor=caseworker)

    with pytest.raises(PermissionDenied):
        actions.accept_referral(sent, actor=partner)


@pytest.mark.parametrize(
    ("answer", "state"), [("accept", State.ACCEPTED), ("decline", State.DECLINED)]
)
def test_one_form_answers_either_way(answer, state, sent, partner):
    referral = actions.answer_referral(
        sent, answer=answer, decline_reason=reason(), other_service="", contact="", comment="",
        actor=partner,
    )  # fmt: skip

    assert referral.state == state


@pytest.mark.parametrize(
    ("factory", "progress", "state"),
    [
        (factories.AcceptedReferralFactory, "start", State.STARTED),
        (factories.StartedReferralFactory, "deliver", State.DELIVERED),
        (factories.StartedReferralFactory, "close", State.CLOSED),
    ],
)
def test_one_form_tells_how_it_goes(factory, progress, state, make, partner):
    referral = actions.report_progress(
        make(factory), progress=progress, comment="Weekly.", actor=partner
    )

    assert (referral.state, ReferralStep.objects.get().comment) == (state, "Weekly.")


# Recall


def test_recall_is_refused_for_a_reason_that_is_none(sent, caseworker):
    with pytest.raises(ValidationError, match="why it is taken back"):
        actions.recall_referral(sent, reason="because", actor=caseworker)


def test_consent_taken_back_recalls_what_is_open_and_leaves_the_rest(
    make, consent, caseworker, partner
):
    rows = {state: make(OF_STATE[state]) for state in State}
    other = factories.SentReferralFactory()
    withdraw_consent(consent, actor=caseworker)
    CaseEvent.objects.all().delete()

    first = actions.recall_referrals_of_consent(consent.pk)
    second = actions.recall_referrals_of_consent(consent.pk)

    now = {state: Referral.objects.get(pk=row.pk).state for state, row in rows.items()}
    expected = {s: State.RECALLED if s in states.OPEN else s for s in State}
    assert (first, second, now) == (6, 0, expected)
    assert Referral.objects.get(pk=other.pk).state == State.SENT
    assert set(ReferralStep.objects.values_list("actor", "reason")) == {(None, "consent")}
    assert CaseEvent.objects.filter(code=CaseEvent.Code.REFERRAL_RECALLED).count() == 6


def test_consent_in_force_recalls_nothing(sent, consent):
    assert actions.recall_referrals_of_consent(consent.pk) == 0


# Overdue


def test_overdue_is_written_once_on_the_timeline(make):
    late = make(factories.OverdueReferralFactory)
    make(factories.SentReferralFactory)
    make(factories.AcceptedReferralFactory, due_at=timezone.now() - timedelta(days=1))

    marked = [actions.mark_overdue_referrals(), actions.mark_overdue_referrals()]

    assert marked == [1, 0]
    assert written(late) == (
        [],
        [("referral_overdue", None, late.pk)],
        [("mark_overdue_referrals", None, None, "")],
    )
    assert AuditEvent.objects.get().listed == [late.pk]


def test_overdue_goes_on_after_a_batch(make, monkeypatch):
    monkeypatch.setattr(actions.overdue, "BATCH", 2)
    for _ in range(5):
        make(factories.OverdueReferralFactory)

    assert actions.mark_overdue_referrals() == 5
    assert AuditEvent.objects.count() == 3


def test_overdue_follows_the_clock(sent):
    assert actions.mark_overdue_referrals() == 0

    with time_machine.travel(sent.due_at + timedelta(seconds=1)):
        assert actions.mark_overdue_referrals() == 1


def test_an_overdue_referral_can_still_be_answered(make, partner):
    late = make(factories.OverdueReferralFactory)
    actions.mark_overdue_referrals()

    assert actions.accept_referral(late, actor=partner).state == State.ACCEPTED
