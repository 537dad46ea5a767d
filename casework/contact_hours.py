"""When somebody may be reached: the arithmetic of one rule, in the time of the house.

A window belongs to the day on which it begins: "Friday 22:00 to 02:00" still holds on Saturday at
one. Where clocks change, what the clock on the wall says counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

# Every day of the week comes round within these; one more for a window that began the day before.
LOOKED_AHEAD_DAYS = 8


class Why(StrEnum):
    """Why somebody may be reached now, or may not."""

    SAFE = "safe"
    UNKNOWN = "unknown"
    UNSAFE = "unsafe"
    RUN_OUT = "run_out"
    NOT_NOW = "not_now"


@dataclass(frozen=True)
class Hours:
    """A safe window: days of the week (Monday is 0; none means each), and from when until when.

    Without times the whole day. A window that ends before it begins goes past midnight.
    """

    days: tuple[int, ...] = ()
    since: time | None = None
    until: time | None = None
    last_day: date | None = None


@dataclass(frozen=True)
class Answer:
    """Whether somebody may be reached, why, and from when at the earliest if not now."""

    allowed: bool
    why: Why
    from_when: datetime | None = None


def answer(is_safe: bool | None, hours: Hours, at: datetime, zone: ZoneInfo) -> Answer:
    """What a rule says of a moment. `is_safe` is None where nobody knows: never a yes."""
    if is_safe is None:
        return Answer(False, Why.UNKNOWN)
    if not is_safe:
        return Answer(False, Why.UNSAFE)
    today = at.astimezone(zone).date()
    if hours.last_day is not None and today > hours.last_day:
        return Answer(False, Why.RUN_OUT)
    windows = list(_windows(hours, today, zone))
    if any(begins <= at < ends for begins, ends in windows):
        return Answer(True, Why.SAFE)
    following = (begins for begins, _ends in windows if begins > at)
    return Answer(False, Why.NOT_NOW, min(following, default=None))


def _windows(hours: Hours, today: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """The windows from yesterday on that begin within the time of the rule."""
    for ahead in range(-1, LOOKED_AHEAD_DAYS):
        day = today + timedelta(days=ahead)
        if hours.days and day.weekday() not in hours.days:
            continue
        if hours.last_day is not None and day > hours.last_day:
            continue
        begins, ends = _moments(hours, day, zone)
        if hours.last_day is not None:
            # Whatever the window says: the rule itself ends with its last day.
            ends = min(ends, _moment(hours.last_day + timedelta(days=1), time.min, zone))
        yield begins, ends


def _moments(hours: Hours, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    tomorrow = day + timedelta(days=1)
    if hours.since is None or hours.until is None:
        return _moment(day, time.min, zone), _moment(tomorrow, time.min, zone)
    last = day if hours.until > hours.since else tomorrow
    return _moment(day, hours.since, zone), _moment(last, hours.until, zone, late=True)


def _moment(day: date, at: time, zone: ZoneInfo, *, late: bool = False) -> datetime:
    """A time on the wall as a moment; of an hour that comes twice the first to begin, the last to
    end; an hour that is left out counts as the one after it.
    """
    wall = datetime.combine(day, at, zone).replace(fold=int(late))
    moment = wall.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None, fold=0) != wall.replace(tzinfo=None, fold=0):
        # The clock jumps over it: read with the offset from before the jump.
        moment = wall.replace(fold=0).astimezone(UTC)
    return moment
