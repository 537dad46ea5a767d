"""Figures as tables with words: for the page, the workbook and the CSV."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from casework.models import Person
from directory.models import Language
from directory.models.entry import in_active_language
from outreach.models import Professional
from reports.counting import ALL, EVERYBODY, UNKNOWN, Cells
from reports.models import Report, ReportTemplate
from reports.release import OTHER, exact
from reports.suppression import TOTAL

Word = str | Promise
# The one mark of a number that is kept back, whatever the reason.
HIDDEN = gettext_lazy("hidden")
MEASURES: Mapping[str, Word] = {
    "persons": gettext_lazy("Persons"),
    "contacts": gettext_lazy("Contacts"),
    "events": gettext_lazy("Events"),
    "items": gettext_lazy("Items"),
}
TABLES: Mapping[str, Word] = {
    "sex_age": gettext_lazy("By sex and age"),
    "nationality": gettext_lazy("By nationality"),
    "profession_sex": gettext_lazy("By profession and sex"),
    "language": gettext_lazy("By language"),
}
# What the records behind a condition are called: the first step of "How was this counted?".
RECORDS: Mapping[str, Word] = {
    "visit": gettext_lazy("Visits in the period"),
    "service": gettext_lazy("Services of this kind in the period"),
    "information": gettext_lazy("Times this was told or handed over in the period"),
    "screening": gettext_lazy("Finished screenings in the period"),
    "referral": gettext_lazy("Referrals of this kind sent in the period"),
    "income_session": gettext_lazy("Sessions attended in the period"),
    "training_seat": gettext_lazy("Seats taken in the period"),
}
# Shown although nobody is in it.
ALWAYS = {Person.Sex.FEMALE.value, Person.Sex.MALE.value}


@dataclass(frozen=True)
class Table:
    """One breakdown: column heads, and lines of a label with its numbers; None is kept back.

    With two ways, the last line and the last column are the sums.
    """

    name: str
    title: str
    columns: Sequence[str]
    lines: Sequence[tuple[str, Sequence[int | None]]]


@dataclass(frozen=True)
class Figure:
    """One indicator of a report, in words of the active language.

    `ways` are new and continuing persons, each None where kept back; empty for other measures.
    `steps` lead from the records to the total, and are empty outside the house.
    """

    code: str
    title: str
    rule: str
    measure: str
    total: int
    ways: Sequence[int | None] = ()
    seats: int | None = None
    steps: Sequence[tuple[str, int]] = ()
    tables: Sequence[Table] = ()
    # Titles of breakdowns that are too small to be shown at all.
    withheld: Sequence[str] = ()

    @property
    def anchor(self) -> str:
        return self.code or EVERYBODY


def figures_of(report: Report, *, in_house: bool) -> list[Figure]:
    """The figures of a finished report: exact for the house, protected for everybody else."""
    shown = report.released_figures
    if in_house:
        shown = {code: exact(one) for code, one in report.figures.items()}
    return [
        *(_of_indicator(one, shown[one["code"]]) for one in report.template.indicators),
        _figure("", _("All clients together"), _everybody_rule(), shown[EVERYBODY]),
    ]


def title_of(template: ReportTemplate, code: str) -> str:
    """What an indicator is called in the active language; nothing for an unknown one."""
    known = (one["title"] for one in template.indicators if one["code"] == code)
    return next((in_active_language(**_texts(title)) for title in known), "")


def by_measure(figures: Iterable[Figure]) -> dict[str, list[Figure]]:
    """Figures that are measured alike together: what is in two lists is never added up."""
    groups: dict[str, list[Figure]] = {}
    for figure in figures:
        groups.setdefault(figure.measure, []).append(figure)
    return groups


def _of_indicator(indicator: Mapping[str, Any], figures: Mapping[str, Any]) -> Figure:
    title, rule = (in_active_language(**_texts(indicator[name])) for name in ("title", "rule"))
    return _figure(indicator["code"], title, rule, figures)


def _everybody_rule() -> str:
    return _("Each client once who counts for any indicator above; never the sum of the lines.")


def _figure(code: str, title: str, rule: str, figures: Mapping[str, Any]) -> Figure:
    tables = {name: cells for name, cells in figures["by"].items() if figures["total"]}
    return Figure(
        code=code,
        title=title,
        rule=rule,
        measure=str(MEASURES[figures["measure"]]),
        total=figures["total"],
        ways=[figures[name] for name in ("new", "continuing") if name in figures],
        seats=figures.get("seats"),
        steps=_steps(figures),
        tables=[_table(name, cells) for name, cells in tables.items() if cells is not None],
        withheld=[str(TABLES[name]) for name, cells in tables.items() if cells is None],
    )


def _texts(texts: Mapping[str, str]) -> dict[str, str]:
    return {"english": texts["en"], "serbian": texts["sr"]}


def _steps(figures: Mapping[str, Any]) -> list[tuple[str, int]]:
    steps: list[tuple[str, int]] = []
    for kind, records, people in figures.get("steps", ()):
        steps += [(str(RECORDS[kind]), records), (_("Different people among them"), people)]
    if len(figures.get("steps", ())) > 1:
        steps.append((_("People for whom all of this is so, each counted once"), figures["total"]))
    return steps


def _table(name: str, cells: Cells) -> Table:
    numbers = {(row, column): number for row, column, number in cells}
    words = _words(name)
    rows = _in_order(row for row, _column in numbers)
    columns = _in_order(column for _row, column in numbers)
    title = str(TABLES[name])
    if rows == [ALL]:
        columns.sort(key=lambda column: (_place(column), -numbers[ALL, column]))
        lines = [(words.get(column, column), [numbers[ALL, column]]) for column in columns]
        return Table(name, title, [_("Number")], lines)
    rows = [row for row in rows if row in ALWAYS or any(numbers[row, one] != 0 for one in columns)]
    columns = [one for one in columns if any(numbers[row, one] != 0 for row in rows)]
    return Table(
        name,
        title,
        [words.get(column, column) for column in columns],
        [(words.get(row, row), [numbers[row, column] for column in columns]) for row in rows],
    )


def _in_order(labels: Iterable[str]) -> list[str]:
    """Each label once: ages by their first number, others as they come, the total last."""
    return sorted(dict.fromkeys(labels), key=_place)


def _place(label: str) -> tuple[int, int]:
    first = label.split("–")[0].rstrip("+")
    last = {OTHER: 1, UNKNOWN: 2, TOTAL: 3}
    return last.get(label, 0), int(first) if first.isdigit() else 0


def _words(table: str) -> Mapping[str, str]:
    """The words for the codes of rows and columns; an age band says itself."""
    words: dict[str, Word] = {}
    if table == "nationality":
        words |= dict(countries)
    elif table == "language":
        words |= {language.code: language.name for language in Language.objects.all()}
    else:
        words |= dict(Professional.Profession.choices)
        words |= dict(Person.Sex.choices)
    words |= {
        UNKNOWN: _("Not known"),
        OTHER: _("Others together"),
        TOTAL: _("Total"),
    }
    return {code: str(word) for code, word in words.items()}
