"""By when what is to be heard of a referral, and who is told when it is not; no record.

Sources: IASC inter-agency referral form (emergency 24 hours, urgent 72 hours, normal two weeks to
answer); receipt, information, start and progress: docs/referrals.md, "Clocks".
"""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from holidays import HolidayBase, country_holidays

from referrals.states import State

SERBIA = ZoneInfo("Europe/Belgrade")
HOURS = {"emergency": timedelta(hours=24), "urgent": timedelta(hours=72)}
NORMAL = timedelta(days=14)
RECEIPT_HOURS = {"emergency": timedelta(hours=2), "urgent": timedelta(hours=24)}
RECEIPT_DAYS = 3
# A question holds everything up: an answer within a day.
INFORM_WITHIN = timedelta(hours=24)
START_AFTER_APPOINTMENT = timedelta(days=2)
# An acceptance that names no appointment is followed up as if it were in a week.
START_WITHOUT_APPOINTMENT = timedelta(days=7)
PROGRESS_EVERY = timedelta(days=14)
ASK_CLIENT_AFTER = timedelta(days=7)
DRAFT_AFTER = timedelta(days=1)
REVIEW_AFTER = timedelta(days=2)
# Between two rungs of the ladder.
RUNG_HOURS = {"emergency": timedelta(hours=2), "urgent": timedelta(hours=12)}
RUNG_DAYS = 1
SATURDAY = 5


class Who(StrEnum):
    """Who is reminded. The sender's side learns of each rung."""

    WRITER = "writer"
    WORKER = "worker"
    FOCAL = "focal"
    DEPUTY = "deputy"
    COORDINATOR = "coordinator"
    MANAGER = "manager"
    GROUP = "group"


# A receiver who is silent: the one who answers there, the deputy, our coordinator, the manager
# there (by telephone), and the working group's list. Nobody is asked for ever.
LADDER = (Who.FOCAL, Who.DEPUTY, Who.COORDINATOR, Who.MANAGER, Who.GROUP)
RUNGS: dict[State, tuple[Who, ...]] = {
    State.DRAFT: (Who.WRITER,),
    State.CONSENT: (Who.WRITER,),
    State.SENT: LADDER,
    State.RECEIVED: LADDER,
    State.NEED_INFORMATION: (Who.WORKER, Who.COORDINATOR),
    State.ACCEPTED: (Who.FOCAL, Who.DEPUTY, Who.COORDINATOR),
    State.STARTED: (Who.FOCAL, Who.DEPUTY, Who.COORDINATOR),
    State.NO_SHOW: (Who.WORKER, Who.COORDINATOR),
    State.DECLINED: (Who.COORDINATOR,),
    State.REDIRECTED: (Who.COORDINATOR,),
    State.DELIVERED: (Who.WORKER,),
}


class Moments(NamedTuple):
    """What of a referral its clocks look at."""

    state: str
    urgency: str
    at: datetime
    due_at: datetime | None = None
    appointment_at: datetime | None = None


def due_at(urgency: str, sent_at: datetime) -> datetime:
    """When the answer is due, in UTC.

    Emergency and urgent count hours, night and day, weekend and holiday. Normal counts 14
    calendar days and moves to the next working day in Serbia, at the hour of sending.
    """
    if urgency in HOURS:
        return sent_at.astimezone(UTC) + HOURS[urgency]
    # Added to the local clock on purpose: the hour stays when summer time ends between.
    local = sent_at.astimezone(SERBIA) + NORMAL
    while not is_working_day(local.date()):
        local += timedelta(days=1)
    return local.astimezone(UTC)


def receipt_due_at(urgency: str, sent_at: datetime) -> datetime:
    """When "received" is due, in UTC: 2 hours, 24 hours, or three working days."""
    if urgency in RECEIPT_HOURS:
        return sent_at.astimezone(UTC) + RECEIPT_HOURS[urgency]
    return after_working_days(sent_at, RECEIPT_DAYS)


# How long after a step somebody is reminded first, where nothing else says it.
FIRST = {
    State.DRAFT: DRAFT_AFTER,
    State.CONSENT: DRAFT_AFTER,
    State.NEED_INFORMATION: INFORM_WITHIN,
    State.NO_SHOW: INFORM_WITHIN,
    State.ACCEPTED: START_WITHOUT_APPOINTMENT,
    State.STARTED: PROGRESS_EVERY,
    State.DELIVERED: ASK_CLIENT_AFTER,
    State.DECLINED: REVIEW_AFTER,
    State.REDIRECTED: REVIEW_AFTER,
}


def first_check(seen: Moments) -> datetime | None:
    """When somebody is reminded first, after a step at `seen.at`; None where nothing runs."""
    state = State(seen.state)
    if state == State.SENT:
        return receipt_due_at(seen.urgency, seen.at)
    if state == State.RECEIVED:
        return seen.due_at
    if state == State.ACCEPTED and seen.appointment_at is not None:
        return seen.appointment_at + START_AFTER_APPOINTMENT
    return seen.at + FIRST[state] if state in FIRST else None


def next_check(state: str, urgency: str, rung: int, at: datetime) -> datetime | None:
    """When the rung after `rung` reminders is due; a service under way is asked for ever."""
    if rung < len(RUNGS.get(State(state), ())):
        if urgency in RUNG_HOURS:
            return at + RUNG_HOURS[urgency]
        return after_working_days(at, RUNG_DAYS)
    return at + PROGRESS_EVERY if state == State.STARTED else None


def reminded(state: str, rung: int) -> Who | None:
    """Who is reminded after `rung` earlier reminders; a service under way begins again."""
    ladder = RUNGS.get(State(state), ())
    if rung < len(ladder):
        return ladder[rung]
    return ladder[rung % len(ladder)] if state == State.STARTED else None


def after_working_days(start: datetime, days: int) -> datetime:
    """So many working days in Serbia later, at the same hour on the wall, in UTC."""
    local = start.astimezone(SERBIA)
    while days:
        local += timedelta(days=1)
        days -= is_working_day(local.date())
    return local.astimezone(UTC)


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in _holidays()


@cache
def _holidays() -> HolidayBase:
    """Serbia's public holidays; a year is added when it is first asked for."""
    return country_holidays("RS")
