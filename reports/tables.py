"""Figures as tables with words: for the page, the workbook and the CSV."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django_countries import countries

from casework.models import Person
from outreach.models import Professional
from reports.counting import UNKNOWN
from reports.models import Report
from reports.release import exact
from reports.suppression import TOTAL

MEASURES: Mapping[str, str | Promise] = {
    "persons": gettext_lazy("Persons"),
    "contacts": gettext_lazy("Contacts"),
    "events": gettext_lazy("Events"),
    "items": gettext_lazy("Items"),
}
TABLES: Mapping[str, str | Promise] = {
    "sex_age": gettext_lazy("By sex and age"),
    "nationality": gettext_lazy("By nationality"),
    "profession_sex": gettext_lazy("By profession and sex"),
}


@dataclass(frozen=True)
class Table:
    """One breakdown: column heads, and lines of a label with its numbers; None is kept back."""

    title: str
    columns: Sequence[str]
    lines: Sequence[tuple[str, Sequence[int | None]]]


@dataclass(frozen=True)
class Figure:
    """One indicator of a report, in words of the active language."""

    code: str
    title: str
    rule: str
    measure: str
    total: int
    new: int | None
    continuing: int | None
    seats: int | None
    tables: Sequence[Table]
    # Titles of breakdowns that are too small to be shown at all.
    withheld: Sequence[str]


def figures_of(report: Report, *, in_house: bool) -> list[Figure]:
    """The figures of a finished report: exact for the house, protected for everybody else."""
    shown = (
        {code: exact(one) for code, one in report.figures.items()}
        if in_house
        else report.released_figures
    )
    return [
        _figure(indicator, shown[indicator["code"]]) for indicator in report.template.indicators
    ]


def _figure(indicator: Mapping[str, Any], figures: Mapping[str, Any]) -> Figure:
    language = "sr" if (get_language() or "").startswith("sr") else "en"
    tables = figures["by"]
    return Figure(
        code=indicator["code"],
        title=indicator["title"][language],
        rule=indicator["rule"][language],
        measure=str(MEASURES[indicator["measure"]]),
        total=figures["total"],
        new=figures.get("new"),
        continuing=figures.get("continuing"),
        seats=figures.get("seats"),
        tables=[_table(name, cells) for name, cells in tables.items() if cells is not None],
        withheld=[str(TABLES[name]) for name, cells in tables.items() if cells is None],
    )


def _table(name: str, cells: Iterable[Sequence[Any]]) -> Table:
    numbers = {(row, column): number for row, column, number in cells}
    rows = _in_order(row for row, _column in numbers)
    columns = _in_order(column for _row, column in numbers)
    if name == "nationality":
        lines = [(_label(name, column), [numbers["all", column]]) for column in columns]
        return Table(str(TABLES[name]), [_("Number")], lines)
    return Table(
        str(TABLES[name]),
        [_label(name, column) for column in columns],
        [(_label(name, row), [numbers[row, column] for column in columns]) for row in rows],
    )


def _in_order(labels: Iterable[str]) -> list[str]:
    """Each label once: ages by their first number, unknown and the total last."""
    return sorted(dict.fromkeys(labels), key=_place)


def _place(label: str) -> tuple[int, int, str]:
    first = label.split("–")[0].rstrip("+")
    age = int(first) if first.isdigit() else 0
    return {UNKNOWN: 1, TOTAL: 2}.get(label, 0), age, label


def _label(table: str, code: str) -> str:
    """The word for a code of a row or a column."""
    if code == TOTAL:
        return _("Total")
    if code in Person.Sex.values:
        return str(Person.Sex(code).label)
    if table == "nationality":
        return str(countries.name(code)) or code
    if code in Professional.Profession.values:
        return str(Professional.Profession(code).label)
    return code
