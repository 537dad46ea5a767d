"""By when a step for a child is due: arithmetic, no record.

Hours are hours that pass; days are days of the calendar, due at the same time of the clock. When
clocks are changed in Belgrade the first kind moves on the clock and the second does not.
"""

from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo


class Term(NamedTuple):
    """How long something may take."""

    hours: int = 0
    days: int = 0


def due_after(began_at: datetime, term: Term, zone: ZoneInfo) -> datetime:
    """The moment at which a term that began then is over; all moments are aware."""
    # Added to a local time, hours would be those of the clock on the wall.
    moment = began_at.astimezone(UTC) + timedelta(hours=term.hours)
    if not term.days:
        return moment
    local = moment.astimezone(zone)
    day, clock = local.date() + timedelta(days=term.days), local.time()
    return _at(datetime.combine(day, time(clock.hour, clock.minute, clock.second)), zone)


def _at(wanted: datetime, zone: ZoneInfo) -> datetime:
    """That time of the clock: the first of two, and an hour later when the clock leaps over it."""
    moment = wanted.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return moment.astimezone(zone)
