"""A finished report as a file: protected figures only, through the safe writers."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.spreadsheets import Sheet, Value, csv_file, file_name, xlsx
from reports.models import Report
from reports.tables import HIDDEN, Figure, Table, figures_of

# Lines of word and value at the end of a file: who had it, when, under which number.
Lines = Sequence[Sequence[Value]]

LABELS = {
    "public": gettext_lazy("Public"),
    "restricted": gettext_lazy("Restricted: for the donor named here"),
    "confidential": gettext_lazy("Confidential: for the person it was given to"),
}


def name_of(report: Report, ending: str) -> str:
    """A neutral name: period and version, such as `report-2026-q3-v1.xlsx`."""
    return file_name(f"report-{_period(report)}-v{report.version}", ending)


def _period(report: Report) -> str:
    """A year, a quarter or a month by its short name; else the first and the last day."""
    first, after = report.starts_on, report.ends_before
    months = 12 * (after.year - first.year) + after.month - first.month
    if (first.day, after.day) == (1, 1):
        if (months, first.month) == (12, 1):
            return f"{first:%Y}"
        if months == 3 and first.month % 3 == 1:
            return f"{first:%Y}-q{first.month // 3 + 1}"
        if months == 1:
            return f"{first:%Y-%m}"
    return f"{first}-{after - timedelta(days=1)}"


def as_xlsx(report: Report, foot: Lines = ()) -> bytes:
    """A workbook: figures, one sheet for each breakdown, how it was counted, how it left."""
    about = [Sheet(_("About this file"), foot, headers=0)] if foot else []
    return xlsx([*sheets_of(report), *about])


def sheets_of(report: Report) -> list[Sheet]:
    figures = figures_of(report, in_house=False)
    head = list(_head(report))
    breakdowns = [
        Sheet(f"{figure.code} {number}", list(_breakdown(figure, table)), headers=3)
        for figure in figures
        for number, table in enumerate(figure.tables, start=1)
    ]
    return [
        Sheet(_("Figures"), [*head, *map(_line, figures)], headers=len(head)),
        *breakdowns,
        Sheet(_("Method"), list(_method(report, figures))),
    ]


def as_csv(report: Report, foot: Lines = ()) -> bytes:
    """One long table: indicator, breakdown, row, column, number; empty where kept back."""
    ending: list[list[Value]] = [
        ["", "", "", _("Label"), "", "", _label(report)],
        ["", "", "", _("Seal"), "", "", report.sha256],
    ]
    ending += [["", "", "", word, "", "", value] for word, value in foot]
    return csv_file([*lines_of(report), *ending])


def lines_of(report: Report) -> list[list[Value]]:
    """The header and the numbers of the long table."""
    lines: list[list[Value]] = [
        [_("Code"), _("Measure"), _("Breakdown"), _("Row"), _("Column"), _("Number"), _("Note")]
    ]
    for figure in figures_of(report, in_house=False):
        lines.append([figure.code, figure.measure, "", figure.title, _("Total"), figure.total, ""])
        for name, number in zip((_("New"), _("Continuing")), figure.ways, strict=False):
            lines.append(
                [figure.code, figure.measure, "", figure.title, name, number, _mark(number)]
            )
        for table in figure.tables:
            lines.extend(_long(figure, table))
    return lines


def as_json(report: Report, foot: Lines = ()) -> bytes:
    """The protected figures as JSON; null is a number kept back."""
    body = {
        "template": report.template.code,
        "definition": report.template.version,
        "from": str(report.starts_on),
        "to": str(report.ends_on),
        "version": report.version,
        "figures": report.released_figures,
        "sha256": report.sha256,
        "about": {str(word): value for word, value in foot},
    }
    return json.dumps(body, ensure_ascii=False, indent=1).encode()


WRITERS: dict[str, Callable[[Report, Lines], bytes]] = {
    "xlsx": as_xlsx,
    "csv": as_csv,
    "json": as_json,
}


def measured(report: Report, ending: str) -> tuple[list[str], int]:
    """Columns and rows of the main table in this form, as the register tells them."""
    if ending == "csv":
        lines = lines_of(report)
        return [str(word) for word in lines[0]], len(lines) - 1
    figures = sheets_of(report)[0]
    head = figures.lines[figures.headers - 1]
    return [str(word) for word in head], len(figures.lines) - figures.headers


def _label(report: Report) -> str:
    return str(LABELS[report.template.definition["label"]])


def _head(report: Report) -> Iterator[list[Value]]:
    yield [str(report.template)]
    yield [_("Label"), _label(report)]
    yield [_("Organization"), report.organization.name]
    yield [_("Donor"), str(report.template.donor or _("None"))]
    yield [_("Grant"), str(report.grant or _("All work of the organization"))]
    yield [_("First day"), report.starts_on]
    yield [_("Last day"), report.ends_on]
    yield [_("Version"), report.version]
    yield []
    yield [
        _("Indicator"),
        _("Code"),
        _("Measure"),
        _("New"),
        _("Continuing"),
        _("Total"),
        _("Seats"),
    ]


def _line(figure: Figure) -> list[Value]:
    ways = [_shown(number) for number in figure.ways] or [None, None]
    return [figure.title, figure.code, figure.measure, *ways, figure.total, figure.seats]


def _breakdown(figure: Figure, table: Table) -> Iterator[list[Value]]:
    yield [figure.title]
    yield [table.title]
    yield ["", *table.columns]
    for label, numbers in table.lines:
        yield [label, *(_shown(number) for number in numbers)]


def _long(figure: Figure, table: Table) -> Iterator[list[Value]]:
    for label, numbers in table.lines:
        for column, number in zip(table.columns, numbers, strict=True):
            cell = [label, column, number, _mark(number)]
            yield [figure.code, figure.measure, table.title, *cell]


def _shown(number: int | None) -> Value:
    return str(HIDDEN) if number is None else number


def _mark(number: int | None) -> str:
    return str(HIDDEN) if number is None else ""


def _method(report: Report, figures: list[Figure]) -> Iterator[list[Value]]:
    yield [_("How this was counted")]
    yield [_("Persons, contacts, events and items are four measures; they are never added up.")]
    yield [_("The period runs from the first day to the last one, both included.")]
    yield [_("New: not counted for this indicator before the period. Continuing: counted before.")]
    yield [_("Ages and statuses are those of the day on which something was done.")]
    if report.grant is not None:
        yield [
            _(
                "Screenings and referrals carry no grant:"
                " all of the organization in the time of the grant are counted."
            )
        ]
    yield [
        _(
            "Small numbers of persons and contacts are hidden, and others with the same mark,"
            " so that nobody can be recognised; totals are true."
        )
    ]
    yield [_("Rare nationalities are put together.")]
    yield [_("Source of the indicators"), report.template.definition["source"]]
    yield [_("Definition"), f"{report.template.code} {report.template.version}"]
    for figure in figures:
        yield [figure.code or figure.title, figure.rule]
        for title in figure.withheld:
            yield [figure.code, _("%(table)s: too few to be shown") % {"table": title}]
    yield [_("Seal"), report.sha256]
