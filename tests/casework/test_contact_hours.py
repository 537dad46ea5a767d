"""One rule and one moment: midnight, days of the week, clocks that change, what nobody knows."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from casework.contact_hours import Answer, Hours, Why, answer

ZONE = ZoneInfo("Europe/Belgrade")
FRIDAY, SATURDAY = date(2026, 11, 20), date(2026, 11, 21)


def at(day, hour, minute=0):
    return datetime.combine(day, time(hour, minute), ZONE)


def asked(hours, moment, is_safe=True):
    return answer(is_safe, hours, moment, ZONE)


def test_what_nobody_knows_is_never_a_yes():
    assert asked(Hours(), at(FRIDAY, 12), None) == Answer(False, Why.UNKNOWN)


def test_no_is_no_at_any_time():
    assert asked(Hours(), at(FRIDAY, 12), False) == Answer(False, Why.UNSAFE)


def test_yes_without_hours_is_the_whole_day():
    assert asked(Hours(), at(FRIDAY, 0)) == Answer(True, Why.SAFE)
    assert asked(Hours(), at(FRIDAY, 23, 59)).allowed


@pytest.mark.parametrize(
    ("hour", "minute", "allowed"), [(9, 59, False), (10, 0, True), (13, 59, True), (14, 0, False)]
)
def test_window_holds_from_its_first_minute_to_the_one_before_its_end(hour, minute, allowed):
    hours = Hours(since=time(10), until=time(14))

    assert asked(hours, at(FRIDAY, hour, minute)).allowed == allowed


def test_before_the_window_it_is_said_from_when():
    hours = Hours(since=time(10), until=time(14))

    assert asked(hours, at(FRIDAY, 8)) == Answer(False, Why.NOT_NOW, at(FRIDAY, 10))
    assert asked(hours, at(FRIDAY, 15)) == Answer(False, Why.NOT_NOW, at(SATURDAY, 10))


def test_window_past_midnight_belongs_to_the_day_it_begins_on():
    hours = Hours(days=(4,), since=time(22), until=time(2))

    assert asked(hours, at(FRIDAY, 23)).allowed
    assert asked(hours, at(SATURDAY, 1, 59)).allowed
    assert not asked(hours, at(SATURDAY, 2)).allowed
    assert not asked(hours, at(FRIDAY, 1)).allowed
    assert asked(hours, at(SATURDAY, 23)).from_when == at(date(2026, 11, 27), 22)


def test_only_on_some_days_and_the_next_of_them_is_found():
    hours = Hours(days=(0, 2))

    assert asked(hours, at(date(2026, 11, 23), 12)).allowed
    assert asked(hours, at(FRIDAY, 12)).from_when == at(date(2026, 11, 23), 0)


def test_same_day_next_week_is_found():
    hours = Hours(days=(4,), since=time(8), until=time(9))

    assert asked(hours, at(FRIDAY, 9)).from_when == at(date(2026, 11, 27), 8)


def test_last_day_is_the_last_one_and_ends_a_window_past_midnight():
    hours = Hours(since=time(22), until=time(2), last_day=FRIDAY)

    assert asked(hours, at(FRIDAY, 23)).allowed
    assert asked(hours, at(SATURDAY, 1)) == Answer(False, Why.RUN_OUT)
    assert asked(hours, at(FRIDAY, 12)).from_when == at(FRIDAY, 22)


def test_rule_without_a_day_left_says_no_time():
    hours = Hours(days=(3,), last_day=SATURDAY)

    assert asked(hours, at(FRIDAY, 12)) == Answer(False, Why.NOT_NOW, None)


def test_moment_is_asked_in_the_time_of_the_house():
    hours = Hours(since=time(10), until=time(14))

    assert asked(hours, datetime(2026, 11, 20, 9, 30, tzinfo=UTC)).allowed
    assert not asked(hours, datetime(2026, 11, 20, 13, 30, tzinfo=UTC)).allowed


def test_hour_that_comes_twice_holds_twice():
    """On 25 October 2026 three o'clock becomes two."""
    hours = Hours(since=time(2), until=time(3))
    day = date(2026, 10, 25)

    first = datetime(2026, 10, 25, 2, 30, tzinfo=ZONE, fold=0)
    again = datetime(2026, 10, 25, 2, 30, tzinfo=ZONE, fold=1)
    assert (asked(hours, first).allowed, asked(hours, again).allowed) == (True, True)
    assert not asked(hours, at(day, 3)).allowed


def test_window_that_begins_in_the_hour_left_out_begins_after_it():
    """On 29 March 2026 two o'clock becomes three."""
    hours = Hours(since=time(2, 30), until=time(5))
    day = date(2026, 3, 29)

    assert not asked(hours, at(day, 1, 59)).allowed
    assert asked(hours, at(day, 1, 59)).from_when == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert asked(hours, at(day, 4)).allowed


def test_day_of_a_changed_clock_is_open_to_its_end():
    hours = Hours(days=(6,))

    assert asked(hours, at(date(2026, 10, 25), 23, 59)).allowed
    assert not asked(hours, at(date(2026, 10, 26), 0)).allowed
