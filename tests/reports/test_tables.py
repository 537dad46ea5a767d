import pytest
from django.utils import translation

from reports.counting import ALL, EVERYBODY, _grid
from reports.models import Report
from reports.release import OTHER, protected
from reports.suppression import TOTAL
from reports.tables import figures_of
from tests.reports.factories import template

pytestmark = pytest.mark.django_db

SEXES = ["female", "male", "other", "unknown"]
BANDS = ["0–4", "5–11", "12–14", "15–17", "18–24", "25–34", "35–59", "60+", "unknown"]


def people(total, by=None, **more):
    ways = {"new": total, "continuing": 0}
    return {"measure": "persons", "total": total, **ways, "steps": [], "by": by or {}, **more}


def report(**figures):
    """A finished report, not saved, in which all other indicators count nobody."""
    row = Report(template=template())
    row.figures = {
        one["code"]: figures.get(one["code"].replace("-", ""))
        or (people(0) if one["measure"] == "persons" else {**people(0), "measure": one["measure"]})
        for one in row.template.indicators
    } | {EVERYBODY: people(0)}
    row.released_figures = protected(row.template.definition, row.figures)
    return row


def figure(row, code, *, in_house=True):
    return next(one for one in figures_of(row, in_house=in_house) if one.code == code)


def sex_age(**counts):
    """A whole table from `male_18–24`-like names."""
    cells = {tuple(name.split("_")): number for name, number in counts.items()}
    return {"sex_age": _grid(cells, SEXES, BANDS)}


def test_ages_stand_by_age_with_unknown_and_total_last():
    by = sex_age(**{"male_5–11": 1, "male_18–24": 2, "female_60+": 3, "male_unknown": 4})

    (table,) = figure(report(IRC01=people(10, by)), "IRC-01").tables
    assert table.columns == ["5–11", "18–24", "60+", "Not known", "Total"]
    assert table.lines == [
        ("Female", [0, 0, 3, 0, 3]),
        ("Male", [1, 2, 0, 4, 7]),
        ("Total", [1, 2, 3, 4, 10]),
    ]


def test_women_and_men_are_shown_although_there_are_none():
    (table,) = figure(report(IRC01=people(9, sex_age(**{"male_5–11": 9}))), "IRC-01").tables

    assert table.lines == [("Female", [0, 0]), ("Male", [9, 9]), ("Total", [9, 9])]


def test_hidden_number_keeps_its_row_and_column():
    by = sex_age(**{"female_5–11": 30, "male_5–11": 40, "male_60+": 50, "other_60+": 2})

    (table,) = figure(report(IRC01=people(122, by)), "IRC-01", in_house=False).tables
    lines = dict(table.lines)
    assert "Other" in lines
    assert lines["Other"][-1] is None
    assert lines["Total"][-1] == 122


def test_nationalities_have_names_and_rare_ones_stand_together():
    cells = [[ALL, "AF", 30], [ALL, "BI", 2], [ALL, "SY", 8], [ALL, "unknown", 20]]
    row = report(IRC01=people(60, {"nationality": cells}))

    (inside,) = figure(row, "IRC-01").tables
    (outside,) = figure(row, "IRC-01", in_house=False).tables
    assert inside.lines == [
        ("Afghanistan", [30]),
        ("Syria", [8]),
        ("Burundi", [2]),
        ("Not known", [20]),
        ("Total", [60]),
    ]
    assert outside.lines == [
        ("Afghanistan", [30]),
        ("Others together", [10]),
        ("Not known", [20]),
        ("Total", [60]),
    ]


def test_table_that_cannot_be_shown_is_named_instead():
    by = {"nationality": [[ALL, "AF", 3]], **sex_age(**{"male_5–11": 3})}

    found = figure(report(IRC01=people(3, by)), "IRC-01", in_house=False)
    assert (found.total, found.ways, found.tables) == (3, [None, None], [])
    assert found.withheld == ["By nationality", "By sex and age"]


def test_indicator_that_counts_nobody_has_no_table():
    found = figure(report(IRC01=people(0, sex_age())), "IRC-01", in_house=False)

    assert (found.tables, found.withheld) == ([], [])


def test_steps_are_told_in_words_and_in_the_house_only():
    row = report(IRC01=people(5, steps=[["screening", 9, 7], ["information", 8, 6]]))

    assert figure(row, "IRC-01").steps == [
        ("Finished screenings in the period", 9),
        ("Different people among them", 7),
        ("Times this was told or handed over in the period", 8),
        ("Different people among them", 6),
        ("People for whom all of this is so, each counted once", 5),
    ]
    assert figure(row, "IRC-01", in_house=False).steps == []


def test_other_measures_have_neither_new_nor_continuing():
    row = report(IRC11={"measure": "items", "total": 3, "by": {"language": [[ALL, "fa", 3]]}})

    found = figure(row, "IRC-11", in_house=False)
    assert (found.ways, found.measure, found.total) == ([], "Items", 3)
    assert found.tables[0].lines == [("Farsi", [3]), ("Total", [3])]


def test_everybody_stands_last_without_a_code():
    last = figures_of(report(), in_house=True)[-1]

    assert (last.code, last.title, last.anchor) == ("", "All clients together", EVERYBODY)


def test_words_are_those_of_the_reader():
    row = report(IRC01=people(9, sex_age(**{"male_5–11": 9})))

    with translation.override("sr-latn"):
        title = figure(row, "IRC-01").title
    assert title == template().indicators[0]["title"]["sr"]
    assert {OTHER, TOTAL}.isdisjoint({label for label, _ in figure(row, "IRC-01").tables[0].lines})
