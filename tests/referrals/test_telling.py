"""Both sides learn that something moved, silence climbs its ladder, and nobody is told twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Notice, OutboxJob
from casework.models import CaseBlock, CaseEvent, Task
from referrals import actions, clocks
from referrals.clocks import Moments, Who
from referrals.models import Referral
from referrals.states import State
from tests import factories


def told(user):
    return sorted(Notice.objects.filter(user=user).values_list("code", flat=True))


def tell(referral):
    """What the worker does with the last step."""
    actions.tell_of_step(referral.steps.latest("at").pk)


def test_the_sender_is_told_of_the_receivers_step(sent, partner, caseworker, stranger):
    tell(actions.receive_referral(sent, actor=partner))

    assert (told(caseworker), told(partner), told(stranger)) == (["referral_moved"], [], [])
    assert OutboxJob.objects.filter(event="referral_moved").count() == 1


def test_the_receiver_is_told_of_the_senders_step(draft, partner, caseworker, elsewhere):
    tell(actions.send_referral(draft, actor=caseworker))

    assert (told(partner), told(caseworker), told(elsewhere)) == (["inbox_moved"], [], [])


def test_a_refusal_waits_for_a_coordinator(sent, partner, coordinator):
    tell(actions.redirect_referral(sent, other_service="The next town", actor=partner))

    assert told(coordinator) == ["refusal_to_review"]


def test_who_may_not_see_the_case_is_told_nothing(sent, partner, caseworker, case):
    CaseBlock.objects.create(case=case, user=caseworker, reason="own_case", blocked_by=partner)

    tell(actions.receive_referral(sent, actor=partner))

    assert told(caseworker) == []


def test_somebody_missing_is_a_task_of_two_hours(make, partner, caseworker, coordinator):
    referral = make(factories.AcceptedReferralFactory)
    actions.tell_loss(referral, verb="missing", actor=partner)

    tell(referral)
    tell(referral)

    task = Task.objects.get()
    assert (task.assigned_to, task.kind, task.added_by) == (caseworker, Task.Kind.CONTACT, None)
    assert task.due_at - timezone.now() <= timedelta(hours=2)
    assert "supervisor_needed" in told(coordinator)


def test_two_words_against_each_other_are_a_coordinators_task(make, caseworker, coordinator):
    referral = make(factories.DeliveredReferralFactory)
    actions.record_client_word(referral, client_word="no", actor=caseworker)

    tell(referral)
    tell(referral)

    assert Task.objects.get().assigned_to == coordinator
    assert "referral_disagreement" in told(coordinator)


@pytest.mark.parametrize(
    ("delivered", "word", "confirmed"),
    [(True, "yes", "both"), (True, "no", "partner"), (False, "partly", "client"),
     (False, "", "nobody")],
)  # fmt: skip
def test_closing_says_who_confirmed(make, caseworker, delivered, word, confirmed):
    factory = factories.DeliveredReferralFactory if delivered else factories.StartedReferralFactory
    said = {"client_word": word, "client_said_at": timezone.now() if word else None}

    closed = actions.close_referral(make(factory, **said), actor=caseworker)

    assert closed.confirmed_by == confirmed


# The ladder


def waiting(make, factory=factories.SentReferralFactory, **fields):
    return make(factory, next_check_at=timezone.now() - timedelta(minutes=1), **fields)


def test_silence_climbs_one_rung_at_a_time(make, partner, caseworker, coordinator):
    referral = waiting(make, urgency="emergency")

    done = [actions.remind_of_referrals(), actions.remind_of_referrals()]

    referral.refresh_from_db()
    assert (done, referral.rung) == ([1, 0], 1)
    assert (told(caseworker), told(partner)) == (["referral_silent"], ["inbox_moved"])
    assert told(coordinator) == []
    later = timezone.now() + timedelta(hours=2, minutes=1)
    actions.remind_of_referrals(later)
    actions.remind_of_referrals(later + timedelta(hours=2, minutes=1))
    assert told(coordinator) == ["referral_silent"]
    assert CaseEvent.objects.filter(code="referral_reminded").count() == 3
    jobs = OutboxJob.objects.filter(event="referral_reminder").order_by("dedupe_key")
    assert [job.args["who"] for job in jobs] == [Who.FOCAL, Who.DEPUTY]


def test_nobody_is_reminded_for_ever(make):
    referral, at = waiting(make), timezone.now()

    climbed = []
    for _ in range(8):
        climbed.append(actions.remind_of_referrals(at))
        at += timedelta(days=14)

    referral.refresh_from_db()
    assert (climbed, referral.next_check_at) == ([1] * 5 + [0] * 3, None)


def test_a_service_under_way_is_asked_every_two_weeks(make):
    waiting(make, factories.StartedReferralFactory)
    at, climbed = timezone.now(), []

    for _ in range(6):
        climbed.append(actions.remind_of_referrals(at))
        at += timedelta(days=15)

    assert climbed == [1] * 6


def test_one_person_gets_one_notice_however_many_wait(make, caseworker):
    for _ in range(3):
        waiting(make)

    assert actions.remind_of_referrals() == 3
    assert told(caseworker) == ["referral_silent"]


def test_killed_between_two_batches_the_next_run_goes_on(make, caseworker, monkeypatch):
    for _ in range(3):
        waiting(make)
    monkeypatch.setattr(actions.reminding, "BATCH", 2)
    batch = actions.reminding._remind_batch
    calls = iter([batch])

    def dies_after_one(moment, run):
        return next(calls)(moment, run)

    monkeypatch.setattr(actions.reminding, "_remind_batch", dies_after_one)
    with pytest.raises(StopIteration):
        actions.remind_of_referrals()
    monkeypatch.setattr(actions.reminding, "_remind_batch", batch)

    assert actions.remind_of_referrals() == 1
    assert set(Referral.objects.values_list("rung", flat=True)) == {1}
    assert OutboxJob.objects.filter(event="referral_reminder").count() == 3


def test_a_step_winds_the_clock_anew(make, partner):
    referral = waiting(make, rung=3, urgency="urgent")

    moved = actions.receive_referral(referral, actor=partner)

    assert (moved.rung, moved.next_check_at) == (0, moved.due_at)


def test_every_open_state_has_a_clock_and_no_ended_one():
    now = timezone.now()
    running = {state for state in State if clocks.first_check(Moments(state, "normal", now, now))}

    assert running == set(clocks.RUNGS)
    assert running & {State.CLOSED, State.RECALLED} == set()
