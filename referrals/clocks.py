"""By when a referral is to be answered; arithmetic, no record.

Source: IASC inter-agency referral form: emergency 24 hours, urgent 72 hours, normal two weeks.
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from holidays import HolidayBase, country_holidays

SERBIA = ZoneInfo("Europe/Belgrade")
HOURS = {"emergency": timedelta(hours=24), "urgent": timedelta(hours=72)}
NORMAL = timedelta(days=14)
SATURDAY = 5


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


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in _holidays()


@cache
def _holidays() -> HolidayBase:
    """Serbia's public holidays; a year is added when it is first asked for."""
    return country_holidays("RS")
