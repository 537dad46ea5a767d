"""The lines of the register as they are shown and as they leave."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.spreadsheets import Sheet, Value
from exports.footers import code_of
from exports.models import Export


class Line(NamedTuple):
    """One export with what the register says beside its own fields."""

    export: Export
    made_for: str
    filters: str


def lines_of(exports: Iterable[Export]) -> list[Line]:
    return [Line(row, code_of(row.requested_by), filters_of(row)) for row in exports]


def filters_of(export: Export) -> str:
    """`state: open; team: 2`, codes only."""
    told = {
        name: ", ".join(value) if isinstance(value, list) else value
        for name, value in sorted(export.filters.items())
    }
    return "; ".join(f"{name}: {value}" for name, value in told.items())


def sheet_of(exports: Iterable[Export]) -> Sheet:
    head: list[Value] = [
        _("Number"),
        _("Kind"),
        _("Asked for by"),
        _("Asked for at"),
        _("Filter"),
        _("Columns"),
        _("Rows"),
        _("What for"),
        _("Who gets it"),
        _("Label"),
        _("Form"),
        _("State"),
        _("Agreed by"),
        _("Fetched at"),
        _("SHA-256"),
    ]
    return Sheet(_("Register of exports"), [head, *map(_line, lines_of(exports))])


def _line(line: Line) -> list[Value]:
    row = line.export
    return [
        row.number,
        row.get_kind_display(),
        line.made_for,
        _moment(row.requested_at),
        line.filters,
        ", ".join(row.columns),
        row.rows,
        row.get_purpose_display(),
        row.recipient.name if row.recipient else "",
        row.get_label_display(),
        row.get_format_display(),
        row.get_state_display(),
        code_of(row.decided_by) if row.decided_by else "",
        _moment(row.downloaded_at),
        row.sha256,
    ]


def _moment(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""
