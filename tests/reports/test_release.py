import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from reports.counting import ALL, EVERYBODY
from reports.release import OTHER, exact, protected
from reports.suppression import TOTAL, K

SEXES = ["female", "male", "other", "unknown"]
BANDS = ["0–4", "5–11", "12–17", "18–59", "60+", "unknown"]
NATIONS = ["AF", "BI", "PK", "SY", "TR"]


def leave(figures, label="restricted"):
    """The figures of one indicator as they leave the house."""
    return protected({"label": label, "indicators": []}, {"X-1": figures})["X-1"]


def of_people(by, **more):
    total = sum(number for *_, number in next(iter(by.values())))
    return {"measure": "persons", "total": total, "new": total, "continuing": 0, **more, "by": by}


def nationality(**counts):
    return of_people({"nationality": [[ALL, code, n] for code, n in counts.items()]})


def listed(figures):
    return {label: number for _, label, number in figures["by"]["nationality"]}


def test_total_is_always_true():
    assert leave(nationality(AF=1))["total"] == 1


def test_rare_nationalities_are_put_together_and_none_is_named():
    found = listed(leave(nationality(AF=60, BI=1, SY=2, TR=4)))

    assert found == {"AF": 60, OTHER: 7, TOTAL: 67}


def test_one_rare_nationality_takes_the_next_with_it():
    found = listed(leave(nationality(AF=60, BI=1, SY=8)))

    assert found == {"AF": 60, OTHER: 9, TOTAL: 69}


def test_nationalities_of_few_people_are_not_shown_at_all():
    assert leave(nationality(AF=3, BI=1))["by"] == {"nationality": None}


def test_nationalities_of_nobody_are_an_empty_list():
    figures = {**nationality(AF=0), "by": {"nationality": []}}

    assert leave(figures) == exact(figures) == figures


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 30), min_size=1, max_size=8))
def test_no_small_number_stands_in_a_list(counts):
    found = leave(nationality(**counts))["by"]["nationality"]
    if found is None:
        assert sum(counts.values()) < K
        return

    assert [number for *_, number in found if number < K] == []
    labels = {label: number for _, label, number in found}
    assert sum(number for label, number in labels.items() if label != TOTAL) == labels[TOTAL]


@pytest.mark.parametrize(
    ("new", "continuing", "shown"),
    [
        (60, 7, (60, 7)),
        (60, 0, (60, 0)),
        (60, 3, (None, None)),
        (2, 60, (None, None)),
        (2, 1, (None, None)),
        (0, 3, (None, None)),
        (0, 0, (0, 0)),
    ],
)
def test_new_and_continuing_are_both_shown_or_both_hidden(new, continuing, shown):
    figures = of_people({"nationality": [[ALL, "AF", new + continuing]]})

    found = leave({**figures, "new": new, "continuing": continuing})
    assert (found["new"], found["continuing"]) == shown


def test_records_behind_a_number_do_not_leave_the_house():
    figures = nationality(AF=60) | {"steps": [["screening", 63, 60]]}

    assert "steps" not in leave(figures)
    assert exact(figures)["steps"] == figures["steps"]


@pytest.mark.parametrize("measure", ["events", "items"])
def test_events_and_items_are_never_hidden(measure):
    figures = {"measure": measure, "total": 3, "by": {"language": [[ALL, "fa", 1], [ALL, "en", 2]]}}

    assert leave(figures) == exact(figures)
    assert leave(figures)["by"]["language"][-1] == [ALL, TOTAL, 3]


def test_contacts_are_protected_like_persons():
    cells = [["female", "0–4", 2], ["male", "0–4", 40], ["female", "60+", 30], ["male", "60+", 50]]
    figures = {"measure": "contacts", "total": 122, "by": {"sex_age": cells}}

    hidden = [cell for cell in leave(figures)["by"]["sex_age"] if cell[2] is None]
    assert ["female", "0–4", None] in hidden
    assert len(hidden) == 4


def test_house_sees_everything_with_margins():
    found = exact(of_people({"sex_age": [["female", "0–4", 2], ["male", "0–4", 0]]}))

    assert [TOTAL, TOTAL, 2] in found["by"]["sex_age"]
    assert ["female", "0–4", 2] in found["by"]["sex_age"]


@pytest.mark.parametrize(("label", "shown"), [("public", None), ("restricted", 7)])
def test_public_report_hides_larger_numbers(label, shown):
    figures = of_people({"nationality": [[ALL, "AF", 60]]}) | {"new": 53, "continuing": 7}
    cells = [["female", "0–4", 7], ["male", "0–4", 40], ["female", "60+", 30], ["male", "60+", 50]]
    figures["by"]["sex_age"] = cells

    found = leave(figures, label)
    assert found["continuing"] == shown
    assert ["female", "0–4", shown] in found["by"]["sex_age"]


# Three ways of looking at the same people: nobody may be found by putting the tables together.


def people(seed):
    """Skewed counts of sex, band and nationality together, which no reader is shown."""
    chance = random.Random(seed)
    counts = {}
    for sex in SEXES[: chance.randint(2, 4)]:
        for band in BANDS:
            for nation in NATIONS[: chance.randint(2, 5)]:
                number = int(chance.paretovariate(0.8)) - 1 if chance.random() < 0.6 else 0
                counts[sex, band, nation] = min(number, 150)
    return counts


def tables(counts):
    pairs = {(sex, band): 0 for sex in SEXES for band in BANDS}
    nations = {}
    for (sex, band, nation), number in counts.items():
        pairs[sex, band] += number
        if number:
            nations[nation] = nations.get(nation, 0) + number
    return {
        "sex_age": [[sex, band, number] for (sex, band), number in pairs.items()],
        "nationality": [[ALL, nation, number] for nation, number in sorted(nations.items())],
    }


def published(figures, cells):
    """Equations over the unseen cells: one for each number that is shown."""
    shown = figures["by"]
    named = {label for _, label, _ in shown["nationality"] or []} - {OTHER, TOTAL}
    lines = [(cells, figures["total"])]
    for row, column, number in shown["sex_age"] or []:
        if number is not None:
            met = [c for c in cells if row in {TOTAL, c[0]} and column in {TOTAL, c[1]}]
            lines.append((met, number))
    for _, label, number in shown["nationality"] or []:
        if label in named:
            lines.append(([c for c in cells if c[2] == label], number))
        elif label == OTHER:
            lines.append(([c for c in cells if c[2] not in named], number))
    return lines


def width(lines, cells, wanted):
    """How far apart the smallest and the largest value are that a hidden number could have."""
    equations = [[int(cell in met) for cell in cells] for met, _ in lines]
    numbers = [number for _, number in lines]
    goal = [int(cell in wanted) for cell in cells]
    low = linprog(goal, A_eq=equations, b_eq=numbers, bounds=(0, None))
    high = linprog([-one for one in goal], A_eq=equations, b_eq=numbers, bounds=(0, None))
    return -high.fun - low.fun


@pytest.mark.parametrize("seed", range(40))
def test_three_tables_together_give_nobody_away(seed):
    counts = people(seed)
    figures = leave(of_people(tables(counts)))
    if figures["by"]["sex_age"] is None:
        return
    cells = [(sex, band, nation) for sex in SEXES for band in BANDS for nation in NATIONS]
    lines = published(figures, cells)

    hidden = [(row, column) for row, column, n in figures["by"]["sex_age"] if n is None]
    narrow = {
        (row, column)
        for row, column in hidden
        if width(
            lines,
            cells,
            {c for c in cells if row in {TOTAL, c[0]} and column in {TOTAL, c[1]}},
        )
        < K - 1e-6
    }
    assert narrow == set()


# A part and its whole: neither is found by subtracting one from the other.


def nested(seed):
    """Skewed counts of a part and of the rest of its whole."""
    chance = random.Random(seed)
    share = chance.choice([0.1, 0.5, 0.9])
    part, rest = {}, {}
    for sex in SEXES[:2]:
        for band in BANDS:
            number = min(int(3 * (chance.paretovariate(0.6) - 1)), 300)
            part[sex, band] = sum(chance.random() < share for _ in range(number))
            rest[sex, band] = number - part[sex, band]
    return part, rest


def as_cells(counts):
    return [[row, column, number] for (row, column), number in counts.items()]


def released(part, rest, name="sex_age", cells=as_cells):
    whole = {cell: part.get(cell, 0) + rest.get(cell, 0) for cell in {**part, **rest}}
    figures = {
        "X-1": of_people({name: cells(whole)}),
        "X-2": of_people({name: cells(part)}),
    }
    indicators = [{"code": "X-1"}, {"code": "X-2", "within": "X-1"}]
    found = protected({"label": "restricted", "indicators": indicators}, figures)
    return found["X-2"]["by"][name], found["X-1"]["by"][name]


def nested_lines(of_part, of_whole, places):
    """Equations over the cells of the part and, behind them, of the rest."""
    lines = []
    for table, both in ((of_part, False), (of_whole, True)):
        for row, column, number in table:
            if number is not None:
                met = [c for c in places if row in {TOTAL, c[0]} and column in {TOTAL, c[1]}]
                lines.append(({(n, c) for c in met for n in ((0, 1) if both else (0,))}, number))
    return lines


@pytest.mark.parametrize("seed", range(60))
def test_part_and_whole_together_give_nobody_away(seed):
    part, rest = nested(seed)
    of_part, of_whole = released(part, rest)
    if of_part is None or not any(part.values()):
        return
    places = list(part)
    cells = [(layer, place) for layer in (0, 1) for place in places]
    lines = nested_lines(of_part, of_whole, places)

    narrow = set()
    for (row, column, number), both in [(c, False) for c in of_part] + [
        (c, True) for c in of_whole
    ]:
        if number is None:
            met = {c for c in places if row in {TOTAL, c[0]} and column in {TOTAL, c[1]}}
            wanted = {(layer, c) for c in met for layer in ((0, 1) if both else (0,))}
            if width(lines, cells, wanted) < K - 1e-6:
                narrow.add((row, column, both))
    assert narrow == set()


@pytest.mark.parametrize("seed", range(60))
def test_rest_of_a_whole_without_its_part_shows_no_small_number(seed):
    part, rest = nested(seed)
    of_part, of_whole = released(part, rest)
    if of_part is None:
        return

    difference = [
        b[2] - a[2]
        for a, b in zip(of_part, of_whole, strict=True)
        if None not in {a[2], b[2]} and a[:2] != [TOTAL, TOTAL]
    ]
    assert [number for number in difference if 0 < number < K] == []


def test_zero_of_the_whole_does_not_give_away_a_zero_of_the_part():
    part = {("female", "a"): 2, ("female", "b"): 0, ("male", "a"): 40, ("male", "b"): 30}
    rest = {("female", "a"): 40, ("female", "b"): 0, ("male", "a"): 40, ("male", "b"): 30}

    of_part, of_whole = released(part, rest)
    hidden = [{(row, col) for row, col, n in table if n is None} for table in (of_part, of_whole)]
    assert hidden[0] == hidden[1] != set()


def test_part_that_is_nearly_the_whole_is_not_broken_down():
    part = {("female", "a"): 20, ("male", "a"): 30}
    rest = {("female", "a"): 1, ("male", "a"): 2}

    of_part, of_whole = released(part, rest)
    assert of_part is None
    assert ["female", "a", 21] in of_whole


def test_part_that_is_the_whole_is_shown_like_it():
    counts = {("female", "a"): 20, ("male", "a"): 30}

    of_part, of_whole = released(counts, {("female", "a"): 0, ("male", "a"): 0})
    assert of_part == of_whole
    assert ["female", "a", 20] in of_part


def test_cell_that_is_larger_in_the_part_is_no_error():
    """Somebody had a birthday between the two services."""
    figures = {
        "X-1": of_people({"sex_age": as_cells({("female", "a"): 30, ("female", "b"): 20})}),
        "X-2": of_people({"sex_age": as_cells({("female", "a"): 9, ("female", "b"): 21})}),
    }
    indicators = [{"code": "X-1"}, {"code": "X-2", "within": "X-1"}]

    found = protected({"label": "restricted", "indicators": indicators}, figures)
    assert ["female", "b", 21] in found["X-2"]["by"]["sex_age"]


def in_a_list(counts):
    return [[ALL, label, number] for label, number in counts.items() if number]


def test_lists_of_a_part_and_its_whole_name_the_same():
    part = {"AF": 20, "BI": 6, "SY": 30, "TR": 0}
    rest = {"AF": 20, "BI": 1, "SY": 30, "TR": 9}

    of_part, of_whole = released(part, rest, "nationality", in_a_list)
    assert of_part == [[ALL, "AF", 20], [ALL, "SY", 30], [ALL, OTHER, 6], [ALL, TOTAL, 56]]
    assert of_whole == [[ALL, "AF", 40], [ALL, "SY", 60], [ALL, OTHER, 16], [ALL, TOTAL, 116]]


# New and continuing of lines that can be subtracted from each other


def ways(new, continuing):
    return {
        "measure": "persons",
        "total": new + continuing,
        "new": new,
        "continuing": continuing,
        "by": {},
    }


def told(figures, *, within=None):
    """{code: new and continuing as they leave} of lines about clients."""
    lines = [{"code": code, "of": "clients"} for code in figures if code != EVERYBODY]
    if within:
        lines[-1]["within"] = within
    found = protected({"label": "restricted", "indicators": lines}, figures)
    return {code: (one["new"], one["continuing"]) for code, one in found.items()}


def test_ways_of_a_part_and_its_whole_are_shown_where_nothing_is_small():
    assert told({"X-1": ways(40, 30), "X-2": ways(10, 20)}, within="X-1") == {
        "X-1": (40, 30),
        "X-2": (10, 20),
    }


@pytest.mark.parametrize(
    ("whole", "part"),
    [((1, 60), (0, 50)), ((30, 20), (6, 1)), ((40, 30), (10, 28))],
    ids=["whole is small", "part is small", "difference is small"],
)
def test_ways_of_a_part_and_its_whole_are_kept_back_together(whole, part):
    found = told({"X-1": ways(*whole), "X-2": ways(*part)}, within="X-1")

    assert found == {"X-1": (None, None), "X-2": (None, None)}


def test_ways_of_two_lines_that_are_no_parts_have_nothing_to_do_with_each_other():
    assert told({"X-1": ways(1, 60), "X-2": ways(10, 20)}) == {
        "X-1": (None, None),
        "X-2": (10, 20),
    }


def test_union_is_kept_back_where_one_line_subtracted_leaves_a_few():
    figures = {"X-1": ways(40, 30), "X-2": ways(10, 9), EVERYBODY: ways(45, 32)}

    assert told(figures)[EVERYBODY] == (None, None)


def test_union_is_shown_beside_its_only_line_and_beside_hidden_ones():
    alone = {"X-1": ways(40, 30), EVERYBODY: ways(40, 30)}
    hidden = {"X-1": ways(69, 1), EVERYBODY: ways(65, 5)}

    assert (told(alone)[EVERYBODY], told(hidden)[EVERYBODY]) == ((40, 30), (65, 5))
