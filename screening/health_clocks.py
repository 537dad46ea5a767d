"""Until when care after sexual violence works best: arithmetic, no record.

Hours are hours that pass: a night in which the clocks are changed makes none longer or shorter.
Sources: 72 hours for medicine against HIV infection, 120 hours for emergency contraception, after
guidance of the World Health Organization. Care afterwards still helps.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from casework.clocks import Term, due_after

WINDOWS = (72, 120)


class HealthClock(NamedTuple):
    """One window: how long, since when, until when; whether only the day is known."""

    hours: int
    began_at: datetime
    ends_at: datetime
    is_by_day: bool

    def is_over(self, now: datetime) -> bool:
        return now >= self.ends_at

    def hours_left(self, now: datetime) -> int:
        """Whole hours that are left, rounded down; none once it is over."""
        return max((self.ends_at - now) // timedelta(hours=1), 0)

    def hours_passed(self, now: datetime) -> int:
        return max((now - self.began_at) // timedelta(hours=1), 0)


def health_clocks(day: date | None, hour: int | None, zone: ZoneInfo) -> list[HealthClock]:
    """The windows after a day, or an hour of it; without an hour from the beginning of the day.

    None where not even the day is known. An hour that the clock shows twice is the first of two:
    it is better to hurry than to be late.
    """
    if day is None:
        return []
    # In UTC: between two times of one zone Python would count hours of the clock on the wall.
    began_at = datetime.combine(day, time(hour or 0), tzinfo=zone).astimezone(UTC)
    return [
        HealthClock(hours, began_at, due_after(began_at, Term(hours=hours), zone), hour is None)
        for hours in WINDOWS
    ]
