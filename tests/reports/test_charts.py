import pytest

from reports.charts import age_chart
from reports.tables import Figure, Table

AGES = ["0–17", "18+", "Total"]


def figure(*lines, total=30, name="sex_age"):
    table = Table(name, "By sex and age", AGES, lines)
    return Figure("IRC-01", "Title", "Rule", "Persons", total, tables=[table])


def test_parts_are_drawn_where_every_number_is_shown():
    chart = age_chart(
        figure(("Female", [5, 15, 20]), ("Male", [0, 10, 10]), ("Total", [5, 25, 30]))
    )

    assert chart.parts == [("0–17", [5, 0]), ("18+", [15, 10])]
    assert chart.series == [("Female", "1"), ("Male", "2")]
    assert chart.say == "The largest group is 18+: 25 of 30."


def test_sums_are_drawn_where_a_part_is_kept_back():
    chart = age_chart(
        figure(("Female", [None, 15, 20]), ("Male", [None, 10, 10]), ("Total", [5, 25, 30]))
    )

    assert (chart.parts, chart.series) == ([], [])
    assert chart.sums == [("0–17", 5), ("18+", 25)]


def test_sum_that_is_kept_back_stays_so_and_nothing_is_said_of_the_largest():
    chart = age_chart(
        figure(("Female", [None, 15, None]), ("Male", [None, 10, None]), ("Total", [None, 25, 30]))
    )

    assert chart.sums == [("0–17", None), ("18+", 25)]
    assert chart.say == ""


def test_nothing_is_said_of_the_largest_where_two_are():
    chart = age_chart(figure(("Female", [15, 15, 30]), ("Total", [15, 15, 30])))

    assert chart.say == ""


@pytest.mark.parametrize("hidden", [[None, None, 12], [0, None, 12]])
def test_nothing_is_drawn_where_no_number_is_left(hidden):
    assert age_chart(figure(("Female", [None] * 3), ("Total", hidden))) is None


def test_other_breakdowns_have_no_ages_to_draw():
    assert (
        age_chart(figure(("Judge", [1, 2, 3]), ("Total", [1, 2, 3]), name="profession_sex")) is None
    )
