"""The demo's calendar: working days of the invented past, none of them after its last moment."""

from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

OPENS, CLOSES, DUSK = time(9), time(18), time(17, 30)


class Calendar:
    """Moments up to the last day; when that is today, up to now."""

    def __init__(self, until: date) -> None:
        self.until = until
        self.now = min(timezone.localtime(), _at(until, CLOSES))
        self._hours: dict[date, tuple[datetime, int]] = {}

    def day(self, before: int) -> date:
        """So many days before the last one; never after it."""
        return self.until - timedelta(days=max(before, 0))

    def ago(self, hours: float) -> datetime:
        return self.now - timedelta(hours=hours)

    def at_desk(self, rng: Random, day: date) -> datetime:
        """A moment of that day while the hub is open.

        Of a day that has only begun, in the middle of a night, what there is of it.
        """
        begin, minutes = self._hours.get(day) or self._open(day)
        return begin + timedelta(minutes=int(rng.random() * minutes))

    def _open(self, day: date) -> tuple[datetime, int]:
        begin, end = _at(day, OPENS), min(_at(day, CLOSES), self.now)
        if end - begin < timedelta(minutes=30):
            begin = _at(day, time.min)
        self._hours[day] = begin, max(int((end - begin).total_seconds()) // 60, 0)
        return self._hours[day]

    def at_dusk(self, rng: Random, day: date) -> datetime:
        """When the mobile team sets out; only for days that are over."""
        return _at(day, DUSK) + timedelta(minutes=rng.randint(0, 150))


def _at(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))
