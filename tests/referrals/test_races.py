"""Two people at once, each in a transaction of her own: one effect, and the other one is told."""

from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction

from casework.actions import withdraw_consent
from casework.models import CaseEvent
from directory.models import DeclineReason
from referrals import actions
from referrals.models import Referral, ReferralStep
from referrals.states import State
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*verbs):
    """Say all of them at the same moment; {position: what came of it}."""
    start, outcomes = Barrier(len(verbs)), {}

    def run(position, verb):
        start.wait()
        try:
            with transaction.atomic():
                verb()
            outcomes[position] = "done"
        except (ValidationError, PermissionDenied) as error:
            outcomes[position] = getattr(error, "code", "denied")
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(verbs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.parametrize("attempt", range(5))
def test_two_answers_at_once_are_one_answer(attempt, sent, partner):
    reason = DeclineReason.objects.get(pk="no_place")

    outcomes = at_once(
        lambda: actions.accept_referral(sent, actor=partner),
        lambda: actions.decline_referral(sent, decline_reason=reason, actor=partner),
    )

    step = ReferralStep.objects.get()
    assert sorted(outcomes.values()) == ["answered", "done"]
    assert Referral.objects.get().state == step.to_state
    assert (step.verb == "accept") == (outcomes[0] == "done")
    assert CaseEvent.objects.count() == 1


def test_five_clicks_at_once_send_once(draft, caseworker):
    outcomes = at_once(*[lambda: actions.send_referral(draft, actor=caseworker)] * 5)

    assert sorted(outcomes.values()) == ["done", "stale", "stale", "stale", "stale"]
    assert (Referral.objects.get().version, ReferralStep.objects.count()) == (2, 1)


def test_answer_and_recall_at_once_end_in_one_state(sent, partner, caseworker):
    outcomes = at_once(
        lambda: actions.accept_referral(sent, actor=partner),
        lambda: actions.recall_referral(sent, reason="safety", actor=caseworker),
    )

    # Taken back first, the answer is refused; answered first, it is taken back all the same.
    assert outcomes[1] == "done"
    assert outcomes[0] in {"done", "stale", "denied"}
    assert Referral.objects.get().state == State.RECALLED
    assert ReferralStep.objects.count() == list(outcomes.values()).count("done")


@pytest.mark.parametrize("attempt", range(5))
def test_what_is_sent_while_consent_is_taken_back_does_not_stay_open(
    attempt, draft, consent, caseworker, partner
):
    outcomes = at_once(
        lambda: actions.send_referral(draft, actor=caseworker),
        lambda: withdraw_consent(consent, actor=caseworker),
    )
    assert outcomes[1] == "done"

    actions.recall_referrals_of_consent(consent.pk)

    expected = State.RECALLED if outcomes[0] == "done" else State.DRAFT
    assert Referral.objects.get().state == expected
    assert not Referral.objects.open_to_partner(partner).exists()


def test_two_clock_runs_at_once_mark_each_referral_once(make):
    for _ in range(6):
        make(factories.OverdueReferralFactory)

    at_once(actions.mark_overdue_referrals, actions.mark_overdue_referrals)
    actions.mark_overdue_referrals()

    assert CaseEvent.objects.filter(code=CaseEvent.Code.REFERRAL_OVERDUE).count() == 6
