"""A finished report as a file: protected figures only, through the safe writers."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from accounts.spreadsheets import Sheet, Value, csv_file, file_name, xlsx
from reports.models import Report
from reports.tables import Figure, Table, figures_of


def name_of(report: Report, ending: str) -> str:
    """A neutral name: code of the template, first day, version."""
    return file_name(f"report-{report.template.code}-{report.starts_on}-v{report.version}", ending)


def as_xlsx(report: Report) -> bytes:
    """A workbook: figures, one sheet for each breakdown, how it was counted."""
    figures = figures_of(report, in_house=False)
    breakdowns = [
        Sheet(f"{figure.code} {number}", list(_breakdown(figure, table)), headers=3)
        for figure in figures
        for number, table in enumerate(figure.tables, start=1)
    ]
    lines = [*_head(report), *_figures(figures)]
    sheets = [Sheet(_("Figures"), lines, headers=len(lines) - len(figures)), *breakdowns]
    return xlsx([*sheets, Sheet(_("Method"), list(_method(report, figures)))])


def as_csv(report: Report) -> bytes:
    """One long table: indicator, breakdown, row, column, number; empty where kept back."""
    lines: list[list[Value]] = [
        [_("Code"), _("Measure"), _("Breakdown"), _("Row"), _("Column"), _("Number"), _("Hidden")]
    ]
    for figure in figures_of(report, in_house=False):
        lines.append([figure.code, figure.measure, "", "", _("Total"), figure.total, ""])
        for name, number in ((_("New"), figure.new), (_("Continuing"), figure.continuing)):
            if number is not None:
                lines.append([figure.code, figure.measure, "", "", name, number, ""])
        for table in figure.tables:
            lines.extend(_long(figure, table))
    return csv_file([*lines, *([_("Seal"), "", "", "", "", report.sha256, ""],)])


def _head(report: Report) -> Iterator[list[Value]]:
    yield [str(report.template)]
    yield [_("Label"), _("Restricted: for the donor named here")]
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


def _figures(figures: list[Figure]) -> Iterator[list[Value]]:
    for figure in figures:
        yield [
            figure.title,
            figure.code,
            figure.measure,
            figure.new,
            figure.continuing,
            figure.total,
            figure.seats,
        ]


def _breakdown(figure: Figure, table: Table) -> Iterator[list[Value]]:
    yield [figure.title]
    yield [table.title]
    yield ["", *table.columns]
    for label, numbers in table.lines:
        yield [label, *(_hidden() if number is None else number for number in numbers)]


def _long(figure: Figure, table: Table) -> Iterator[list[Value]]:
    for label, numbers in table.lines:
        for column, number in zip(table.columns, numbers, strict=True):
            mark = _hidden() if number is None else ""
            yield [figure.code, figure.measure, table.title, label, column, number, mark]


def _hidden() -> str:
    """The one mark of a number that is kept back, whatever the reason."""
    return _("hidden")


def _method(report: Report, figures: list[Figure]) -> Iterator[list[Value]]:
    yield [_("How this was counted")]
    yield [_("Persons, contacts, events and items are four measures; they are never added up.")]
    yield [_("The period runs from the first day to the last one, both included.")]
    yield [_("New: not counted for this indicator before the period. Continuing: counted before.")]
    yield [_("Ages are those of the day on which a person counts.")]
    yield [
        _(
            "Small numbers of persons and contacts are hidden, and others with the same mark,"
            " so that nobody can be recognised; totals are true."
        )
    ]
    yield [_("Source of the indicators"), report.template.definition["source"]]
    yield [_("Definition"), f"{report.template.code} {report.template.version}"]
    for figure in figures:
        yield [figure.code, figure.rule]
        for title in figure.withheld:
            yield [figure.code, _("%(table)s: too few to be shown") % {"table": title}]
    yield [_("Seal"), report.sha256]
