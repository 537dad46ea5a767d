"""The states of a referral and the verbs between them, as a table that knows no Django.

Actions, pages, API, `docs/referrals.md` and the tests read this table. A new closing (no-show,
unreachable) is a state, a verb, a permission and the rows that lead there.
"""

from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    STARTED = "started"
    DELIVERED = "delivered"
    RECALLED = "recalled"
    CLOSED = "closed"


class Side(StrEnum):
    """Who speaks: the one who asks for help, or the one who was asked."""

    SENDER = "sender"
    RECEIVER = "receiver"


class Verb(StrEnum):
    SEND = "send"
    RECEIVE = "receive"
    ACCEPT = "accept"
    DECLINE = "decline"
    START = "start"
    DELIVER = "deliver"
    RECALL = "recall"
    CLOSE = "close"


class Step(NamedTuple):
    """One allowed change: this side may say this verb in the source state."""

    source: State
    verb: Verb
    side: Side
    target: State


TABLE = (
    Step(State.DRAFT, Verb.SEND, Side.SENDER, State.SENT),
    Step(State.DRAFT, Verb.RECALL, Side.SENDER, State.RECALLED),
    Step(State.SENT, Verb.RECEIVE, Side.RECEIVER, State.RECEIVED),
    # An answer is a receipt as well: nobody has to say "received" first.
    Step(State.SENT, Verb.ACCEPT, Side.RECEIVER, State.ACCEPTED),
    Step(State.SENT, Verb.DECLINE, Side.RECEIVER, State.DECLINED),
    Step(State.SENT, Verb.RECALL, Side.SENDER, State.RECALLED),
    Step(State.RECEIVED, Verb.ACCEPT, Side.RECEIVER, State.ACCEPTED),
    Step(State.RECEIVED, Verb.DECLINE, Side.RECEIVER, State.DECLINED),
    Step(State.RECEIVED, Verb.RECALL, Side.SENDER, State.RECALLED),
    Step(State.ACCEPTED, Verb.START, Side.RECEIVER, State.STARTED),
    Step(State.ACCEPTED, Verb.RECALL, Side.SENDER, State.RECALLED),
    Step(State.STARTED, Verb.DELIVER, Side.RECEIVER, State.DELIVERED),
    # Ended without having helped.
    Step(State.STARTED, Verb.CLOSE, Side.RECEIVER, State.CLOSED),
    Step(State.STARTED, Verb.CLOSE, Side.SENDER, State.CLOSED),
    Step(State.STARTED, Verb.RECALL, Side.SENDER, State.RECALLED),
    Step(State.DELIVERED, Verb.CLOSE, Side.RECEIVER, State.CLOSED),
    Step(State.DELIVERED, Verb.CLOSE, Side.SENDER, State.CLOSED),
    Step(State.DECLINED, Verb.CLOSE, Side.SENDER, State.CLOSED),
)

# The function a person needs to say a verb for her side.
PERMISSIONS = {
    (Side.SENDER, Verb.SEND): "referrals.send_referral",
    (Side.SENDER, Verb.RECALL): "referrals.recall_referral",
    (Side.SENDER, Verb.CLOSE): "referrals.close_referral",
    (Side.RECEIVER, Verb.RECEIVE): "referrals.answer_referral",
    (Side.RECEIVER, Verb.ACCEPT): "referrals.answer_referral",
    (Side.RECEIVER, Verb.DECLINE): "referrals.answer_referral",
    (Side.RECEIVER, Verb.START): "referrals.answer_referral",
    (Side.RECEIVER, Verb.DELIVER): "referrals.answer_referral",
    (Side.RECEIVER, Verb.CLOSE): "referrals.answer_referral",
}

WAITING = frozenset({State.SENT, State.RECEIVED})
IN_PROGRESS = frozenset({State.ACCEPTED, State.STARTED})
# The receiver still has something to do, and a withdrawn consent takes it away.
OPEN = WAITING | IN_PROGRESS
FINISHED = frozenset({State.DECLINED, State.DELIVERED, State.RECALLED, State.CLOSED})
# What the receiver may know of at all.
SHOWN_TO_RECEIVER = frozenset(State) - {State.DRAFT, State.RECALLED}


def step_for(source: str, verb: Verb, side: Side) -> Step | None:
    """The row for a verb said by a side in a state; None when the table has none."""
    rows = (step for step in TABLE if (step.source, step.verb, step.side) == (source, verb, side))
    return next(rows, None)


def verbs(source: str, side: Side) -> list[Verb]:
    """What a side may say in a state, in the order of the table."""
    return [step.verb for step in TABLE if step.source == source and step.side == side]
