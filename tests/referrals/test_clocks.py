from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from referrals.clocks import due_at, is_working_day

BELGRADE = ZoneInfo("Europe/Belgrade")


def local(*parts):
    return datetime(*parts, tzinfo=BELGRADE)


@pytest.mark.parametrize(
    ("urgency", "sent", "due"),
    [
        ("emergency", local(2026, 11, 18, 9, 12), local(2026, 11, 19, 9, 12)),
        # Christmas does not stop an emergency, nor does a weekend an urgent one.
        ("emergency", local(2027, 1, 6, 23, 0), local(2027, 1, 7, 23, 0)),
        ("urgent", local(2026, 11, 20, 17, 0), local(2026, 11, 23, 17, 0)),
        # 24 hours are 24 hours when the clock goes forward, and when it goes back.
        ("emergency", local(2027, 3, 27, 12, 0), local(2027, 3, 28, 13, 0)),
        ("emergency", local(2026, 10, 24, 12, 0), local(2026, 10, 25, 11, 0)),
        # Two weeks from a working day is a working day, at the same hour.
        ("normal", local(2026, 11, 16, 9, 12), local(2026, 11, 30, 9, 12)),
        # From Saturday: Saturday in two weeks, so Monday.
        ("normal", local(2026, 11, 21, 10, 0), local(2026, 12, 7, 10, 0)),
        # New Year on Friday 1 and Saturday 2, then Sunday: Monday 4.
        ("normal", local(2026, 12, 18, 10, 0), local(2027, 1, 4, 10, 0)),
        # Orthodox Christmas on Thursday 7: Friday 8.
        ("normal", local(2026, 12, 24, 10, 0), local(2027, 1, 8, 10, 0)),
        # Orthodox Good Friday 30 April to Labour Day observed on Tuesday 4: Wednesday 5.
        ("normal", local(2027, 4, 16, 8, 0), local(2027, 5, 5, 8, 0)),
        # Statehood Day on Sunday 15 and Monday 16, observed on Tuesday 17: Wednesday 18.
        ("normal", local(2026, 2, 1, 8, 0), local(2026, 2, 18, 8, 0)),
        # Summer time ends between: the hour on the wall stays.
        ("normal", local(2026, 10, 15, 14, 30), local(2026, 10, 29, 14, 30)),
        # Late in the evening in UTC it is the next day in Belgrade.
        ("normal", datetime(2026, 11, 20, 23, 30, tzinfo=UTC), local(2026, 12, 7, 0, 30)),
    ],
)
def test_answer_is_due(urgency, sent, due):
    found = due_at(urgency, sent)

    assert found == due
    assert found.tzinfo is UTC


@pytest.mark.parametrize("year", range(2026, 2036))
def test_normal_answer_is_never_due_on_a_day_off(year):
    sent = [datetime(year, month, day, 11, tzinfo=UTC) for month in range(1, 13) for day in (1, 15)]

    days = [due_at("normal", at).astimezone(BELGRADE).date() for at in sent]

    assert [day for day in days if not is_working_day(day)] == []


def test_working_days():
    assert is_working_day(date(2026, 11, 20))
    assert not is_working_day(date(2026, 11, 21))
    assert not is_working_day(date(2026, 11, 11))
