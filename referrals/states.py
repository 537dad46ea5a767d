"""The states of a referral and the verbs between them, as a table that knows no Django.

Actions, pages, API, `docs/referrals.md` and the tests read this table. A new closing is a state,
a verb, a permission and the rows that lead there.
"""

from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    DRAFT = "draft"
    CONSENT = "consent"
    SENT = "sent"
    RECEIVED = "received"
    NEED_INFORMATION = "need_information"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REDIRECTED = "redirected"
    STARTED = "started"
    DELIVERED = "delivered"
    NO_SHOW = "no_show"
    CLIENT_DECLINED = "client_declined"
    UNREACHABLE = "unreachable"
    MOVED_ON = "moved_on"
    MISSING = "missing"
    RECALLED = "recalled"
    CLOSED = "closed"


class Side(StrEnum):
    """Who speaks: the one who asks for help, or the one who was asked."""

    SENDER = "sender"
    RECEIVER = "receiver"


class Verb(StrEnum):
    CONSENT = "consent"
    REVISE = "revise"
    SEND = "send"
    RECEIVE = "receive"
    NEED_INFORMATION = "need_information"
    INFORM = "inform"
    ACCEPT = "accept"
    DECLINE = "decline"
    REDIRECT = "redirect"
    REVIEW = "review"
    START = "start"
    DELIVER = "deliver"
    NO_SHOW = "no_show"
    REBOOK = "rebook"
    CLIENT_DECLINED = "client_declined"
    UNREACHABLE = "unreachable"
    MOVED_ON = "moved_on"
    MISSING = "missing"
    MESSAGE = "message"
    CLIENT_SAYS = "client_says"
    RECALL = "recall"
    DELETED = "deleted"
    CLOSE = "close"


class Step(NamedTuple):
    """One allowed change: this side may say this verb in the source state."""

    source: State
    verb: Verb
    side: Side
    target: State


# Still in the house: it can be changed, and the receiver knows nothing of it.
PREPARING = frozenset({State.DRAFT, State.CONSENT})
# The receiver has it and has not said yes or no.
WAITING = frozenset({State.SENT, State.RECEIVED, State.NEED_INFORMATION})
# The receiver took it on; who the person is stands open to her.
IN_PROGRESS = frozenset({State.ACCEPTED, State.STARTED, State.NO_SHOW})
# The receiver still has something to do, and a withdrawn consent takes it away.
OPEN = WAITING | IN_PROGRESS
# It ended with the client, not with the service.
LOST = frozenset({State.CLIENT_DECLINED, State.UNREACHABLE, State.MOVED_ON, State.MISSING})
FINISHED = (
    frozenset({State.DECLINED, State.REDIRECTED, State.DELIVERED, State.RECALLED, State.CLOSED})
    | LOST
)
# What the receiver may know of at all.
SHOWN_TO_RECEIVER = frozenset(State) - PREPARING - {State.RECALLED}
# What ends with the client is a verb of the same name.
LOSSES = tuple(Verb(state.value) for state in State if state in LOST)


def _losses(source: State, *sides: Side) -> tuple[Step, ...]:
    return tuple(Step(source, verb, side, State(verb)) for verb in LOSSES for side in sides)


def _words(source: State, *sides: Side) -> tuple[Step, ...]:
    """A sentence to the other side changes nothing else."""
    return tuple(Step(source, Verb.MESSAGE, side, source) for side in sides)


SENDER, RECEIVER = Side.SENDER, Side.RECEIVER
TABLE = (
    # What a draft shares is agreed to; a change, or an answer taken back, undoes that.
    Step(State.DRAFT, Verb.CONSENT, SENDER, State.CONSENT),
    Step(State.DRAFT, Verb.SEND, SENDER, State.SENT),
    Step(State.DRAFT, Verb.RECALL, SENDER, State.RECALLED),
    Step(State.CONSENT, Verb.REVISE, SENDER, State.DRAFT),
    Step(State.CONSENT, Verb.SEND, SENDER, State.SENT),
    Step(State.CONSENT, Verb.RECALL, SENDER, State.RECALLED),
    Step(State.SENT, Verb.RECEIVE, RECEIVER, State.RECEIVED),
    # An answer is a receipt as well: nobody has to say "received" first.
    Step(State.SENT, Verb.NEED_INFORMATION, RECEIVER, State.NEED_INFORMATION),
    Step(State.SENT, Verb.ACCEPT, RECEIVER, State.ACCEPTED),
    Step(State.SENT, Verb.DECLINE, RECEIVER, State.DECLINED),
    Step(State.SENT, Verb.REDIRECT, RECEIVER, State.REDIRECTED),
    # Before acceptance the receiver knows nobody who could be lost.
    *_losses(State.SENT, SENDER),
    *_words(State.SENT, SENDER, RECEIVER),
    Step(State.SENT, Verb.RECALL, SENDER, State.RECALLED),
    Step(State.RECEIVED, Verb.NEED_INFORMATION, RECEIVER, State.NEED_INFORMATION),
    Step(State.RECEIVED, Verb.ACCEPT, RECEIVER, State.ACCEPTED),
    Step(State.RECEIVED, Verb.DECLINE, RECEIVER, State.DECLINED),
    Step(State.RECEIVED, Verb.REDIRECT, RECEIVER, State.REDIRECTED),
    *_losses(State.RECEIVED, SENDER),
    *_words(State.RECEIVED, SENDER, RECEIVER),
    Step(State.RECEIVED, Verb.RECALL, SENDER, State.RECALLED),
    Step(State.NEED_INFORMATION, Verb.INFORM, SENDER, State.RECEIVED),
    Step(State.NEED_INFORMATION, Verb.ACCEPT, RECEIVER, State.ACCEPTED),
    Step(State.NEED_INFORMATION, Verb.DECLINE, RECEIVER, State.DECLINED),
    Step(State.NEED_INFORMATION, Verb.REDIRECT, RECEIVER, State.REDIRECTED),
    *_losses(State.NEED_INFORMATION, SENDER),
    *_words(State.NEED_INFORMATION, RECEIVER),
    Step(State.NEED_INFORMATION, Verb.RECALL, SENDER, State.RECALLED),
    Step(State.ACCEPTED, Verb.START, RECEIVER, State.STARTED),
    # Help given in one go has started as well.
    Step(State.ACCEPTED, Verb.DELIVER, RECEIVER, State.DELIVERED),
    Step(State.ACCEPTED, Verb.REDIRECT, RECEIVER, State.REDIRECTED),
    Step(State.ACCEPTED, Verb.NO_SHOW, RECEIVER, State.NO_SHOW),
    *_losses(State.ACCEPTED, RECEIVER, SENDER),
    *_words(State.ACCEPTED, SENDER, RECEIVER),
    Step(State.ACCEPTED, Verb.CLIENT_SAYS, SENDER, State.ACCEPTED),
    Step(State.ACCEPTED, Verb.CLOSE, RECEIVER, State.CLOSED),
    Step(State.ACCEPTED, Verb.RECALL, SENDER, State.RECALLED),
    Step(State.STARTED, Verb.DELIVER, RECEIVER, State.DELIVERED),
    Step(State.STARTED, Verb.NO_SHOW, RECEIVER, State.NO_SHOW),
    *_losses(State.STARTED, RECEIVER, SENDER),
    *_words(State.STARTED, SENDER, RECEIVER),
    Step(State.STARTED, Verb.CLIENT_SAYS, SENDER, State.STARTED),
    # Ended without having helped.
    Step(State.STARTED, Verb.CLOSE, RECEIVER, State.CLOSED),
    Step(State.STARTED, Verb.CLOSE, SENDER, State.CLOSED),
    Step(State.STARTED, Verb.RECALL, SENDER, State.RECALLED),
    Step(State.NO_SHOW, Verb.REBOOK, RECEIVER, State.ACCEPTED),
    Step(State.NO_SHOW, Verb.REBOOK, SENDER, State.ACCEPTED),
    Step(State.NO_SHOW, Verb.START, RECEIVER, State.STARTED),
    *_losses(State.NO_SHOW, RECEIVER, SENDER),
    *_words(State.NO_SHOW, SENDER, RECEIVER),
    Step(State.NO_SHOW, Verb.CLIENT_SAYS, SENDER, State.NO_SHOW),
    Step(State.NO_SHOW, Verb.CLOSE, RECEIVER, State.CLOSED),
    Step(State.NO_SHOW, Verb.CLOSE, SENDER, State.CLOSED),
    Step(State.NO_SHOW, Verb.RECALL, SENDER, State.RECALLED),
    Step(State.DELIVERED, Verb.CLIENT_SAYS, SENDER, State.DELIVERED),
    Step(State.DELIVERED, Verb.CLOSE, RECEIVER, State.CLOSED),
    Step(State.DELIVERED, Verb.CLOSE, SENDER, State.CLOSED),
    # A refusal is looked at by a coordinator, once.
    Step(State.DECLINED, Verb.REVIEW, SENDER, State.DECLINED),
    Step(State.DECLINED, Verb.CLOSE, SENDER, State.CLOSED),
    Step(State.REDIRECTED, Verb.REVIEW, SENDER, State.REDIRECTED),
    Step(State.REDIRECTED, Verb.CLOSE, SENDER, State.CLOSED),
    Step(State.CLIENT_DECLINED, Verb.CLOSE, SENDER, State.CLOSED),
    Step(State.UNREACHABLE, Verb.CLOSE, SENDER, State.CLOSED),
    Step(State.MOVED_ON, Verb.CLOSE, SENDER, State.CLOSED),
    Step(State.MISSING, Verb.CLOSE, SENDER, State.CLOSED),
    # The receiver was asked to delete what she noted down, and says that she has.
    Step(State.RECALLED, Verb.DELETED, RECEIVER, State.RECALLED),
    # What the client says of the help counts afterwards too.
    Step(State.CLOSED, Verb.CLIENT_SAYS, SENDER, State.CLOSED),
)

PREPARE, SAY_SENT = "referrals.draft_referral", "referrals.send_referral"
FOLLOW, ANSWER = "referrals.follow_referral", "referrals.answer_referral"
# The function a person needs to say a verb for her side; a receiver has one for all of hers.
SENDERS = {
    Verb.CONSENT: PREPARE,
    Verb.REVISE: PREPARE,
    Verb.SEND: SAY_SENT,
    Verb.INFORM: SAY_SENT,
    Verb.MESSAGE: SAY_SENT,
    Verb.REVIEW: "referrals.review_referral",
    Verb.REBOOK: FOLLOW,
    Verb.CLIENT_SAYS: FOLLOW,
    **dict.fromkeys(LOSSES, FOLLOW),
    Verb.RECALL: "referrals.recall_referral",
    Verb.CLOSE: "referrals.close_referral",
}
PERMISSIONS = {(Side.SENDER, verb): name for verb, name in SENDERS.items()} | {
    (step.side, step.verb): ANSWER for step in TABLE if step.side == Side.RECEIVER
}
# Said once only; the state stays as it is.
ONCE = frozenset({Verb.REVIEW, Verb.DELETED})


def step_for(source: str, verb: Verb, side: Side) -> Step | None:
    """The row for a verb said by a side in a state; None when the table has none."""
    rows = (step for step in TABLE if (step.source, step.verb, step.side) == (source, verb, side))
    return next(rows, None)


def verbs(source: str, side: Side) -> list[Verb]:
    """What a side may say in a state, in the order of the table."""
    return [step.verb for step in TABLE if step.source == source and step.side == side]
