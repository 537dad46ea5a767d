import csv
import io
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from accounts.spreadsheets import Sheet, as_written, csv_file, file_name, harmless, xlsx

LIVE = [
    "=1+1",
    "==1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\u00a0=1",
    "\uff1d1",
    "\uff0b1",
    "\uff0d1",
    "\uff20x",
    "%0A=1",
    "|cmd",
    "=cmd|'/c calc'!A0",
    '=HYPERLINK("http://x","y")',
    "{=1}",
]


def cells(data):
    book = load_workbook(io.BytesIO(data))
    return [list(row) for sheet in book.worksheets for row in sheet.rows]


@pytest.mark.parametrize("text", LIVE)
def test_no_text_comes_alive_in_a_workbook(text):
    data = xlsx([Sheet(text, [[text], [text]])])

    assert {cell.data_type for row in cells(data) for cell in row} == {"s"}
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("text", [text for text in LIVE if text[0] != "{"])
def test_no_text_comes_alive_in_csv(text):
    data = csv_file([[text], [text]]).decode("utf-8-sig")

    values = [value for row in csv.reader(io.StringIO(data, newline="")) for value in row]
    assert {value[0] for value in values} == {"'"}


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(), min_size=1, max_size=4))
def test_any_text_can_be_written_and_stays_text(texts):
    data = xlsx([Sheet("any", [texts, texts])])

    assert {cell.data_type for row in cells(data) for cell in row} <= {"s", "n"}
    assert {cell.value for row in cells(data) for cell in row if cell.data_type == "n"} <= {None}


def test_numbers_and_days_stay_what_they_are():
    (row,) = cells(xlsx([Sheet("t", [[7, -3, 2.5, date(2026, 11, 2), None, "7"]], headers=0)]))

    values = [cell.value for cell in row]
    assert values[:3] == [7, -3, 2.5]
    assert values[3].date() == date(2026, 11, 2)
    assert values[4:] == [None, "7"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "True"),
        (float("inf"), "inf"),
        (float("-inf"), "'-inf"),
        (datetime(2026, 11, 2, 9, 30, tzinfo=UTC), "2026-11-02 09:30:00+00:00"),
    ],
)
def test_what_no_cell_can_hold_is_text(value, text):
    ((cell,),) = cells(xlsx([Sheet("t", [[value]], headers=0)]))

    assert (cell.data_type, cell.value) == ("s", text)
    assert csv_file([[value]]).decode("utf-8-sig") == f'"{text}"\r\n'


def test_csv_says_its_encoding_and_quotes_everything():
    assert csv_file([["Žena", 3, None, date(2026, 1, 2)]]) == (
        b"\xef\xbb\xbf" + '"Žena","3","","2026-01-02"\r\n'.encode()
    )


def test_same_table_gives_the_same_bytes():
    sheet = Sheet("t", [["a", 1]])
    first = xlsx([sheet])

    with time_machine.travel(datetime.now(UTC) + timedelta(days=1), tick=False):
        assert xlsx([sheet]) == first


def test_names_of_sheets_are_allowed_short_and_apart():
    data = xlsx([Sheet("a" * 60, []), Sheet("A" * 60, []), Sheet("x/[y]:*?", []), Sheet("", [])])

    names = load_workbook(io.BytesIO(data)).sheetnames
    assert len({name.casefold() for name in names}) == 4
    assert max(len(name) for name in names) == 31


def test_very_long_text_is_cut_instead_of_breaking_the_file():
    ((cell,),) = cells(xlsx([Sheet("t", [["x" * 40_000]])]))

    assert len(cell.value) == 32_000


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("Report Q3/2026", "report-q3-2026.xlsx"),
        ("../../etc", "etc.xlsx"),
        ("=1", "1.xlsx"),
        ("", "table.xlsx"),
        ("Žena", "ena.xlsx"),
    ],
)
def test_file_names_are_plain(stem, name):
    assert file_name(stem, "xlsx") == name


WRITTEN = [
    "=1+1",
    "==1+1",
    "'=1",
    "''=1",
    "'quoted'",
    "＝1",
    "＋1",
    "－1",
    "＠a",
    "@a",
    "+381",
    "-5",
    "\t=1",
    "\r=1",
    " =1",
    "plain",
    "",
    "'",
    "O'Brien",
]


@pytest.mark.parametrize("text", WRITTEN)
def test_E02_what_was_written_is_read_again(text):
    assert as_written(harmless(text)) == text


def test_E02_a_file_read_again_says_the_same():
    lines = [["=head", "b"], *[[text or "x", 5] for text in WRITTEN]]
    page = load_workbook(io.BytesIO(xlsx([Sheet("a", lines)]))).active
    table = csv.reader(io.StringIO(csv_file(lines).decode("utf-8-sig"), newline=""))

    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
    # The format has its own way to write a return.
    read = [[as_written(a.replace("_x000D_", "\r")), b] for a, b in rows]

    assert read == lines[1:]
    assert [[as_written(a), b] for a, b in table] == [[a, str(b)] for a, b in lines]
