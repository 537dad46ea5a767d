import re
from pathlib import Path

from casework.models import CaseEvent
from referrals import clocks, states
from referrals.actions.moving import EVENTS, MOMENTS
from referrals.models import Referral, ReferralStep
from referrals.states import PERMISSIONS, TABLE, Side, State, Verb
from referrals.templatetags.referrals import STATES, STEPS, URGENCIES

ROOT = Path(__file__).resolve().parent.parent.parent


def reachable(start):
    seen, waiting = set(), [start]
    while waiting:
        state = waiting.pop()
        if state not in seen:
            seen.add(state)
            waiting += [step.target for step in TABLE if step.source == state]
    return seen


def test_docs_show_the_table_that_runs():
    page = (ROOT / "docs/referrals.md").read_text()

    told = re.findall(r"^\| (\w+) \| (\w+) \| (\w+) \| (\w+) \|$", page, re.MULTILINE)

    assert told[1:] == [(s.source, s.verb, s.side, s.target) for s in TABLE]


def test_table_knows_no_django():
    text = (ROOT / "referrals/states.py").read_text()

    assert re.findall(r"^(?:from|import) (\w+)", text, re.MULTILINE) == ["enum", "typing"]


def test_each_step_is_said_in_one_way_only():
    said = [(step.source, step.verb, step.side) for step in TABLE]

    assert len(said) == len(set(said))


def test_every_state_can_be_reached_and_only_the_last_two_end():
    assert reachable(State.DRAFT) == set(State)
    assert {s for s in State if reachable(s) == {s}} == {State.RECALLED, State.CLOSED}


def test_only_the_receiver_answers_starts_and_delivers():
    answers = {Verb.RECEIVE, Verb.ACCEPT, Verb.DECLINE, Verb.REDIRECT, Verb.START, Verb.DELIVER}

    assert {step.side for step in TABLE if step.verb in answers} == {Side.RECEIVER}


def test_nobody_says_for_the_receiver_that_it_arrived():
    """A question that was answered had arrived; nothing else of the sender leads there."""
    said = {step for step in TABLE if step.target in states.OPEN and step.source != step.target}
    ours = {(step.source, step.verb) for step in said if step.side == Side.SENDER}

    assert ours == {
        (State.DRAFT, Verb.SEND),
        (State.CONSENT, Verb.SEND),
        (State.NEED_INFORMATION, Verb.INFORM),
        (State.NO_SHOW, Verb.REBOOK),
    }


def test_a_client_is_lost_from_the_receiver_after_acceptance_only():
    told = {step.source for step in TABLE if step.verb in states.LOSSES and step.side == "receiver"}

    assert told == states.IN_PROGRESS


def test_only_the_sender_sends_and_recalls():
    assert {s.side for s in TABLE if s.verb in {Verb.SEND, Verb.RECALL}} == {Side.SENDER}


def test_each_verb_has_permission_event_moment_and_mark():
    assert set(PERMISSIONS) == {(step.side, step.verb) for step in TABLE}
    assert set(EVENTS) == set(STEPS) == set(Verb) >= set(MOMENTS)
    assert set(clocks.RUNGS) <= set(State)
    assert set(EVENTS.values()) < set(CaseEvent.Code)
    assert set(STATES) == set(State)
    assert set(URGENCIES) == set(Referral.Urgency.values)


def test_models_speak_the_same_words():
    assert Referral.State.values == [state.value for state in State]
    assert ReferralStep.Verb.values == [verb.value for verb in Verb]


def test_groups_of_states_leave_nothing_out():
    assert states.WAITING | states.IN_PROGRESS == states.OPEN
    assert set(State) == states.OPEN | states.FINISHED | states.PREPARING
    assert set(State) - states.SHOWN_TO_RECEIVER == states.PREPARING | {State.RECALLED}


def test_what_a_side_may_say_follows_the_table():
    assert states.verbs(State.NEED_INFORMATION, Side.RECEIVER) == [
        Verb.ACCEPT, Verb.DECLINE, Verb.REDIRECT, Verb.MESSAGE,
    ]  # fmt: skip
    assert states.verbs(State.CLOSED, Side.SENDER) == [Verb.CLIENT_SAYS]
    assert states.verbs(State.CLOSED, Side.RECEIVER) == []
    assert states.step_for(State.SENT, Verb.SEND, Side.SENDER) is None
