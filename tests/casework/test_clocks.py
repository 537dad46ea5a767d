"""Clocks of steps for children, also over the nights on which Belgrade changes its clocks."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from casework.clocks import Term, due_after

BELGRADE = ZoneInfo("Europe/Belgrade")


def local(*parts):
    return datetime(*parts, tzinfo=BELGRADE)


@pytest.mark.parametrize(
    ("began", "term", "due"),
    [
        (local(2026, 11, 22, 9, 0), Term(hours=24), local(2026, 11, 23, 9, 0)),
        (local(2026, 11, 22, 9, 0), Term(hours=72), local(2026, 11, 25, 9, 0)),
        (local(2026, 11, 22, 9, 0), Term(days=7), local(2026, 11, 29, 9, 0)),
        # On 29 March 2026 the clock leaps from 2 to 3: 24 hours end an hour later on it.
        (local(2026, 3, 28, 9, 0), Term(hours=24), local(2026, 3, 29, 10, 0)),
        (local(2026, 3, 28, 9, 0), Term(days=7), local(2026, 4, 4, 9, 0)),
        # On 25 October 2026 it goes back from 3 to 2: they end an hour earlier on it.
        (local(2026, 10, 24, 9, 0), Term(hours=24), local(2026, 10, 25, 8, 0)),
        (local(2026, 10, 24, 9, 0), Term(days=7), local(2026, 10, 31, 9, 0)),
        # A time that the clock leaps over comes an hour later, one that comes twice is the first.
        (local(2026, 3, 22, 2, 30), Term(days=7), local(2026, 3, 29, 3, 30)),
        (local(2026, 10, 18, 2, 30), Term(days=7), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (local(2028, 2, 26, 12, 0), Term(days=7), local(2028, 3, 4, 12, 0)),
    ],
)
def test_when_a_term_is_over(began, term, due):
    assert due_after(began, term, BELGRADE).astimezone(UTC) == due.astimezone(UTC)
    assert due_after(began.astimezone(UTC), term, BELGRADE) == due_after(began, term, BELGRADE)


def test_hours_that_pass_are_counted_in_whichever_zone():
    began = datetime(2026, 3, 28, 22, 15, tzinfo=UTC)

    assert (due_after(began, Term(hours=72), BELGRADE) - began).total_seconds() == 72 * 3600
