"""The one way tables leave the house: spreadsheets in which no text can come alive.

Text is written as text, with a leading apostrophe where a program might take it for a formula;
whole numbers and dates are written as what they are. The same table gives the same bytes.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from math import isfinite
from typing import NamedTuple, TypeGuard

import xlsxwriter

Value = str | int | float | date | None

# What starts a formula in some program, full-width forms and leading blanks included. With an
# apostrophe before it too: so an apostrophe of ours can be told from one that was written.
LIVE = re.compile(r"^'*[\s\u00a0\ufeff]*[=+\-@\t\r\n|%\uff1d\uff0b\uff0d\uff20]")
# What a cell cannot hold: control signs other than tab and line ends.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
LONGEST_CELL = 32_000
LONGEST_SHEET_NAME = 31
CREATED = datetime(2000, 1, 1)  # noqa: DTZ001  # the format knows no zone; fixed on purpose
UNNAMED = "table"


class Sheet(NamedTuple):
    """A named table: lines of values, the header among them."""

    name: str
    lines: Sequence[Sequence[Value]]
    # How many lines at the top are bold.
    headers: int = 1


def harmless(text: str) -> str:
    """Text that no program takes for a formula."""
    clean = CONTROL.sub("", text)[:LONGEST_CELL]
    return f"'{clean}" if LIVE.match(clean) else clean


def as_written(text: str) -> str:
    """What `harmless` was given: for reading our own files again; others' stay as they are."""
    return text[1:] if text.startswith("'") and LIVE.match(text[1:]) else text


def xlsx(sheets: Iterable[Sheet]) -> bytes:
    """A workbook of these sheets."""
    target = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"created": CREATED})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        used: set[str] = set()
        for sheet in sheets:
            page = book.add_worksheet(_sheet_name(sheet.name, used))
            page.set_column(0, 0, 46)
            page.set_column(1, 40, 14)
            for row, line in enumerate(sheet.lines):
                for column, value in enumerate(line):
                    style = bold if row < sheet.headers else None
                    _write(page, row, column, value, style, day)
    return target.getvalue()


def _write(
    page: xlsxwriter.worksheet.Worksheet,
    row: int,
    column: int,
    value: Value,
    style: xlsxwriter.format.Format | None,
    day: xlsxwriter.format.Format,
) -> None:
    """One cell by its type; nothing is left to the writer's guess."""
    if value is None:
        return
    if _is_day(value):
        page.write_datetime(row, column, value, day)
    elif _is_number(value):
        page.write_number(row, column, value, style)
    else:
        page.write_string(row, column, harmless(str(value)), style)


def _is_day(value: Value) -> TypeGuard[date]:
    """Whether it is a day without a time, which the format would show in no zone."""
    return isinstance(value, date) and not isinstance(value, datetime)


def _is_number(value: Value) -> TypeGuard[int | float]:
    """Whether it is a number that a cell can hold; endless ones and yes or no are text."""
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _sheet_name(name: str, used: set[str]) -> str:
    """A name that the format allows, no two alike in one workbook."""
    plain = re.sub(r"[\[\]:*?/\\']", " ", harmless(name)).strip() or UNNAMED
    plain = plain[:LONGEST_SHEET_NAME]
    wanted, number = plain, 1
    while wanted.casefold() in used:
        number += 1
        tail = f" {number}"
        wanted = plain[: LONGEST_SHEET_NAME - len(tail)] + tail
    used.add(wanted.casefold())
    return wanted


def csv_file(lines: Iterable[Sequence[Value]]) -> bytes:
    """One table as CSV: UTF-8 with a mark, every field quoted, CRLF."""
    target = io.StringIO()
    writer = csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for line in lines:
        writer.writerow([_as_text(value) for value in line])
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def _as_text(value: Value) -> str:
    if value is None:
        return ""
    if _is_day(value):
        return value.isoformat()
    if _is_number(value):
        return str(value)
    return harmless(str(value))


def file_name(stem: str, ending: str) -> str:
    """A neutral file name of letters, digits, dash and dot."""
    plain = re.sub(r"[^a-z0-9]+", "-", stem.casefold()).strip("-") or UNNAMED
    return f"{plain}.{ending}"
