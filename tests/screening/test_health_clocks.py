from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from screening.health_clocks import health_clocks

BELGRADE = ZoneInfo("Europe/Belgrade")


def ends(day, hour):
    return [clock.ends_at.astimezone(BELGRADE) for clock in health_clocks(day, hour, BELGRADE)]


def test_without_a_day_there_is_no_clock():
    assert health_clocks(None, None, BELGRADE) == []


def test_hours_are_counted_from_the_hour():
    assert ends(date(2026, 6, 1), 22) == [
        datetime(2026, 6, 4, 22, tzinfo=BELGRADE),
        datetime(2026, 6, 6, 22, tzinfo=BELGRADE),
    ]


def test_without_an_hour_from_the_beginning_of_the_day():
    clocks = health_clocks(date(2026, 6, 1), None, BELGRADE)

    assert [clock.is_by_day for clock in clocks] == [True, True]
    assert clocks[0].ends_at == datetime(2026, 6, 4, tzinfo=BELGRADE)


@pytest.mark.parametrize(
    ("day", "hour", "ends_at"),
    [
        # 2026-03-29: the clock goes from 2 to 3; a day is an hour shorter.
        (date(2026, 3, 27), 12, datetime(2026, 3, 30, 13, tzinfo=BELGRADE)),
        # 2026-10-25: from 3 back to 2; a day is an hour longer.
        (date(2026, 10, 24), 0, datetime(2026, 10, 26, 23, tzinfo=BELGRADE)),
        # An hour that the clock leaps over, and one that it shows twice: the first of two.
        (date(2026, 3, 29), 2, datetime(2026, 4, 1, 3, tzinfo=BELGRADE)),
        (date(2026, 10, 25), 2, datetime(2026, 10, 28, 1, tzinfo=BELGRADE)),
        (date(2026, 12, 31), 23, datetime(2027, 1, 3, 23, tzinfo=BELGRADE)),
    ],
)
def test_hours_pass_while_clocks_are_changed(day, hour, ends_at):
    (first, second) = health_clocks(day, hour, BELGRADE)

    assert first.ends_at.astimezone(BELGRADE) == ends_at
    assert second.ends_at - first.ends_at == timedelta(hours=48)
    assert first.ends_at - first.began_at == timedelta(hours=72)


def test_it_is_over_on_the_hour():
    clock = health_clocks(date(2026, 6, 1), 22, BELGRADE)[0]
    end = datetime(2026, 6, 4, 20, tzinfo=UTC)

    assert (clock.hours_left(end - timedelta(minutes=61)), clock.is_over(end)) == (1, True)
    assert clock.hours_left(end - timedelta(minutes=59)) == 0
    assert not clock.is_over(end - timedelta(seconds=1))
    assert clock.hours_left(end + timedelta(days=1)) == 0
    assert clock.hours_passed(end) == 72
