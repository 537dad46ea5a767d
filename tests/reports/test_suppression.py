import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from reports.suppression import TOTAL, K, protect, protect_list, with_margins

ROWS = ["female", "male"]


def solve(shown, table, rows, columns):
    """The interval of each hidden number as a solver finds it from every number shown."""
    cells = list(table)
    place = {cell: n for n, cell in enumerate(cells)}
    equations, right = [], []

    def equation(terms, value):
        line = [0] * len(cells)
        for cell, sign in terms:
            line[place[cell]] += sign
        equations.append(line)
        right.append(value)

    for row in [*rows, TOTAL]:
        equation([((row, c), 1) for c in columns] + [((row, TOTAL), -1)], 0)
    for column in [*columns, TOTAL]:
        equation([((r, column), 1) for r in rows] + [((TOTAL, column), -1)], 0)
    for cell, value in shown.items():
        if value is not None:
            equation([(cell, 1)], value)
    widths = {}
    for cell in (cell for cell, value in shown.items() if value is None):
        line = [0] * len(cells)
        line[place[cell]] = 1
        low = linprog(line, A_eq=equations, b_eq=right, bounds=(0, None))
        high = linprog([-n for n in line], A_eq=equations, b_eq=right, bounds=(0, None))
        top = float("inf") if high.status == 3 else -high.fun
        widths[cell] = top - low.fun
    return widths


def skewed(seed):
    """A table as it comes in our work: a few large cells, many small ones, many empty ones."""
    chance = random.Random(seed)
    columns = [f"band{n}" for n in range(chance.randint(2, 8))]
    rows = ROWS if chance.random() < 0.7 else [f"nation{n}" for n in range(chance.randint(3, 9))]
    counts = {
        (row, column): int(chance.paretovariate(0.7)) - 1 for row in rows for column in columns
    }
    return {cell: min(count, 400) for cell, count in counts.items()}, rows, columns


@pytest.mark.parametrize("seed", range(200))
def test_no_solver_narrows_a_hidden_number(seed):
    counts, rows, columns = skewed(seed)
    shown = protect(counts, rows, columns)
    if shown is None:
        return

    widths = solve(shown, with_margins(counts, rows, columns), rows, columns)

    assert {cell: width for cell, width in widths.items() if width < K - 1e-6} == {}


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from(ROWS), st.sampled_from("abcd")), st.integers(0, 40), max_size=8
    )
)
def test_small_counts_are_never_shown_and_shown_ones_are_true(counts):
    table = with_margins(counts, ROWS, "abcd")
    shown = protect(counts, ROWS, "abcd")
    if shown is None:
        return

    assert [
        c for c, n in shown.items() if n is not None and 0 < n < K and c != (TOTAL, TOTAL)
    ] == []
    assert {c: n for c, n in shown.items() if n is not None and n != table[c]} == {}
    assert shown[TOTAL, TOTAL] == table[TOTAL, TOTAL]


def test_one_small_cell_takes_neighbours_with_it():
    counts = {("female", "a"): 2, ("male", "a"): 30, ("female", "b"): 40, ("male", "b"): 50}

    shown = protect(counts, ROWS, "ab")

    assert shown["female", "a"] is None
    assert sum(value is None for value in shown.values()) >= 4


def test_table_without_small_cells_is_shown_whole():
    counts = {("female", "a"): 20, ("male", "a"): 30, ("female", "b"): 0, ("male", "b"): 50}

    assert protect(counts, ROWS, "ab") == with_margins(counts, ROWS, "ab")


def test_table_of_few_people_is_not_shown_at_all():
    assert protect({("female", "a"): 3}, ROWS, "ab") is None


def test_empty_table_is_shown():
    assert protect({}, ROWS, "ab") == with_margins({}, ROWS, "ab")


def test_list_hides_a_second_number_that_would_give_the_first_away():
    assert protect_list({"AF": 60, "SY": 3, "BI": 9}) == {"AF": 60, "SY": None, "BI": None}


def test_list_hides_until_the_hidden_ones_could_be_anything():
    assert protect_list({"AF": 60, "SY": 1, "BI": 1}) == {"AF": None, "SY": None, "BI": None}


def test_list_without_small_numbers_is_shown_whole():
    assert protect_list({"AF": 60, "SY": 0}) == {"AF": 60, "SY": 0}


def test_list_of_few_people_is_not_shown_at_all():
    assert protect_list({"AF": 3}) is None


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 30), max_size=8))
def test_hidden_numbers_of_a_list_stay_open(counts):
    shown = protect_list(counts)
    if shown is None:
        return

    hidden = [label for label, value in shown.items() if value is None]
    assert len(hidden) != 1
    assert not hidden or sum(counts[label] for label in hidden) >= K
    assert [n for n in shown.values() if n is not None and 0 < n < K] == []


def test_every_hidden_number_bears_the_same_mark():
    counts = {("female", "a"): 2, ("male", "a"): 30, ("female", "b"): 40, ("male", "b"): 50}

    hidden = [value for value in protect(counts, ROWS, "ab").values() if not isinstance(value, int)]

    assert set(hidden) == {None}
