"""What each small component says."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template

from accounts.templatetags import charts

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)


def shown(source, **context):
    return Template("{% load ui charts %}" + source).render(Context(context)).strip()


def test_icon_beside_a_word_is_silent_and_alone_has_a_label():
    assert 'aria-hidden="true"' in shown('{% icon "lock" %}')
    assert 'role="img" aria-label="Lock now"' in shown('{% icon "lock" label="Lock now" %}')


@pytest.mark.parametrize(("level", "bars", "word"), [
    ("low", 1, "Low risk"), ("medium", 2, "Medium risk"), ("high", 3, "High risk"),
    ("unknown", 0, "Risk not known"),
])  # fmt: skip
def test_risk_is_bars_and_a_word(level, bars, word):
    html = shown("{% risk level %}", level=level)

    assert html.count('class="on"') == bars
    assert word in html


def test_label_that_holds_markup_is_shown_as_text():
    assert "&lt;b&gt;" in shown("{% tag label %}", label="<b>")
    assert "&lt;b&gt;" in shown("{% code label %}", label="<b>")
    assert "&lt;b&gt;" in shown('{% entry label "send" %}x{% endentry %}', label="<b>")


def test_fact_nobody_knows_is_said_to_be_not_known():
    html = shown("{% summary facts %}", facts=[("Language", None), ("Children", 0)])

    assert html.count("Not known") == 1
    assert "0" in html


@pytest.mark.parametrize(("moment", "words", "kind"), [
    (date(2026, 11, 16), "2 days late", "late"),
    (date(2026, 11, 17), "1 day late", "late"),
    (date(2026, 11, 18), "Today", "soon"),
    (datetime(2026, 11, 18, 11, 0, tzinfo=UTC), "Late since 12:00", "late"),
    (datetime(2026, 11, 18, 14, 0, tzinfo=UTC), "Today 15:00", "soon"),
    (datetime(2026, 11, 18, 23, 30, tzinfo=UTC), "Tomorrow 00:30", "soon"),
    (date(2026, 11, 20), "20 Nov 2026", ""),
])  # fmt: skip
def test_due_day_is_said_in_words_of_this_place(moment, words, kind):
    html = shown("{% due moment now=now %}", moment=moment, now=NOW)

    assert f">{words}</time>" in html
    assert f'class="{kind}"' in html


def test_date_carries_its_weekday():
    html = shown("{% when moment time=True %}", moment=NOW)

    assert 'title="Wednesday, 18 Nov 2026, 13:00">18 Nov 2026, 13:00<' in html


def test_missing_date_is_not_known():
    assert "Not known" in shown("{% when moment %}", moment=None)
    assert "No date set" in shown("{% due moment %}", moment=None)


def test_elements_say_their_state_in_words():
    html = shown('{% amp_mini "met" "na" "none" %}')

    assert 'aria-label="Act: Indicated, Means: Not needed, child, Purpose: Not clear yet"' in html


def test_avatar_of_somebody_without_a_name_is_empty():
    assert "></span>" in shown("{% avatar name %}", name="")


def test_steps_that_cannot_be_opened_yet_are_no_links():
    parts = [{"label": "One", "url": "/1/", "state": "done"}, {"label": "Two", "state": "open"}]

    html = shown('{% steps parts "Parts" %}', parts=parts)

    assert html.count("<a ") == 1


def test_hidden_figure_has_the_same_bar_whatever_it_is():
    rows = charts.bars("k", "Title", "", [("A", 40, ""), ("B", None), ("C", 20)])["rows"]

    assert [row["width"] for row in rows] == ["84.00", "12.00", "42.00"]
    assert [row["hidden"] for row in rows] == [False, True, False]


def test_bar_over_the_agreed_limit_is_marked():
    rows = charts.bars("k", "Title", "", [("A", 5), ("B", 9)], limit=6)["rows"]

    assert [row["over"] for row in rows] == [False, True]


def test_stack_begins_where_the_part_before_ends():
    (row,) = charts.stacks("k", "T", "", [("A", [1, 0, 3])], [("x", "1"), ("y", "2"), ("z", "3")])[
        "rows"
    ]

    assert [(part["x"], part["width"]) for part in row["parts"]] == [
        ("0.00", "21.00"),
        ("21.00", "63.00"),
    ]
    assert (row["total"], row["end"]) == (4, "84.00")


def test_chart_shows_its_figures_as_a_table_too():
    html = shown('{% bars "k" "Title" "Say" rows %}', rows=[("A", 14), ("B", None)])

    assert '<th scope="row">A</th><td class="r">14</td>' in html
    assert html.count("hidden") >= 2
    assert "style=" not in html


def test_chart_without_rows_is_an_empty_one():
    assert charts.bars("k", "Title", "", [])["rows"] == []
