"""What may be said of talks: counts that no two figures of which give a small number away."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.studying import (
    LATER,
    NEARLY_ALWAYS,
    NEVER,
    SAME_DAY,
    THREE_DAYS,
    WAITING,
    WEEK,
    Talk,
    study,
    tenths,
    time_of,
)

BANDS = ["A", "B", "C", "D", "E"]
TALK = Talk("D", "D", 5.0, "AF", "bulgaria", frozenset(), frozenset({"one", "two"}))

talks = st.lists(
    st.builds(
        Talk,
        band=st.sampled_from(BANDS),
        decision=st.sampled_from(["", *BANDS]),
        hours=st.none() | st.floats(0, 400),
        nationality=st.sampled_from(["AF", "BI", "SY", "unknown"]),
        route=st.sampled_from(["bulgaria", "kosovo", "unknown"]),
        ticked=st.frozensets(st.sampled_from(["one", "two"])),
        asked=st.frozensets(st.sampled_from(["one", "two"])),
    ),
    max_size=150,
)


@given(talks)
@settings(max_examples=60, deadline=None)
def test_no_list_shows_a_small_number_or_lets_it_be_worked_out(found):
    told = study(found, BANDS)

    for name in ("bands", "times"):
        numbers = told[name]
        if numbers is None:
            continue
        hidden = [label for label, number in numbers.items() if number is None]
        shown = [number for number in numbers.values() if number is not None]
        assert [number for number in shown if 0 < number < 5] == []
        # What is left for all hidden ones together is never a small number.
        assert len(hidden) != 1
        assert not hidden or len(found) - sum(shown) >= 5
    for row in told["indicators"].values():
        assert row["yes"] is None or row["yes"] not in range(1, 5)
        assert row["yes"] is None or row["asked"] - row["yes"] not in range(1, 5)
    for name in ("nationalities", "routes"):
        assert [n for *_, n in told[name] or [] if 0 < n < 5] in ([], [len(found)] * 2)


def test_everybody_is_counted_once_in_each_list():
    found = [replace(TALK, band=band, hours=hours) for band in "AD" for hours in (1, 50, None)] * 10

    told = study(found, BANDS)

    assert told["people"] == 60
    assert told["bands"] == {"A": 30, "B": 0, "C": 0, "D": 30, "E": 0}
    assert told["times"] == {SAME_DAY: 20, THREE_DAYS: 20, WEEK: 0, LATER: 0, WAITING: 20}


@pytest.mark.parametrize(
    ("hours", "time"),
    [(0, SAME_DAY), (23.9, SAME_DAY), (24, THREE_DAYS), (72, WEEK), (168, LATER), (None, WAITING)],
)
def test_time_to_a_decision_counts_from_the_end_of_the_talk(hours, time):
    assert time_of(hours) == time


def test_indicator_that_never_holds_and_one_that_nearly_always_does_are_named():
    most = [replace(TALK, ticked=frozenset({"two"}))] * 38

    told = study([*most, TALK, TALK], BANDS)["indicators"]

    assert told["one"] == {"asked": 40, "yes": 0, "says": NEVER}
    assert told["two"] == {"asked": 40, "yes": None, "says": NEARLY_ALWAYS}


def test_of_few_people_nothing_is_said_about_an_indicator():
    assert study([TALK] * 29, BANDS)["indicators"] == {}


def test_what_was_answered_without_being_asked_does_not_count():
    odd = replace(TALK, ticked=frozenset({"one"}), asked=frozenset({"two"}))

    assert "one" not in study([odd] * 40, BANDS)["indicators"]


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [(0, 59, None), (0, 60, 0), (5, 60, 0), (6, 60, 1), (60, 60, 9), (30, 60, 5)],
)
def test_shares_are_tenths_of_many(part, whole, told):
    assert tenths(part, whole) == told


def test_a_tenth_is_wider_than_a_small_number():
    """Whoever knows the tenth knows of no fewer than six numbers which it was."""
    for whole in range(60, 200):
        by_tenth = [tenths(part, whole) for part in range(whole + 1)]
        assert min(by_tenth.count(tenth) for tenth in range(10)) > 5


def test_shares_of_the_strongest_results_are_told_of_large_groups_only():
    many = [replace(TALK, band="A")] * 20 + [TALK] * 60
    few = [replace(TALK, nationality="BI", band="B")] * 10

    told = study([*many, *few], BANDS)

    assert told["strong"] == [("AF", 2)]
    assert told["otherwise"] == 3
