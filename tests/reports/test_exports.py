import csv
import io
from datetime import date

import pytest
from django.utils import translation
from openpyxl import load_workbook

from reports.exports import as_csv, as_xlsx, name_of
from reports.models import Report
from tests import factories
from tests.reports.factories import FinishedReportFactory, ReportFactory

pytestmark = pytest.mark.django_db


def sheets(report):
    """{name of a sheet: its lines}"""
    book = load_workbook(io.BytesIO(as_xlsx(report)))
    return {
        page.title: [[cell.value for cell in row] for row in page.rows] for page in book.worksheets
    }


def table(report):
    return list(csv.DictReader(io.StringIO(as_csv(report).decode("utf-8-sig"))))


def loaded(report):
    related = ("template__donor", "organization", "grant")
    return Report.objects.select_related(*related).get(pk=report.pk)


@pytest.fixture
def report(house, few_boys):
    return loaded(FinishedReportFactory(organization=house))


# The workbook


def test_workbook_has_figures_breakdowns_and_method(report):
    names = list(sheets(report))

    assert (names[0], names[-1]) == ("Figures", "Method")
    assert {"IRC-05 1", "IRC-05 2"} <= set(names)


def test_first_sheet_says_whose_figures_of_which_time_these_are(report, house):
    lines = {line[0]: line[1] for line in sheets(report)["Figures"]}

    assert lines["Organization"] == house.name
    assert [lines["First day"].date(), lines["Last day"].date()] == [
        date(2025, 7, 1),
        date(2025, 9, 30),
    ]
    assert (lines["Donor"], lines["Version"]) == (str(report.template.donor), 1)


def test_first_sheet_counts_every_indicator_and_everybody_once(report):
    lines = sheets(report)["Figures"]
    codes = [indicator["code"] for indicator in report.template.indicators]

    counted = [line for line in lines if line[1] in codes]

    assert [line[1] for line in counted] == codes
    assert ["Persons", 32, 0, 32] in [line[2:6] for line in counted if line[1] == "IRC-05"]
    assert ["All clients together", "", "Persons", 32, 0, 32] in [line[:6] for line in lines]


def test_small_numbers_are_one_word_and_totals_are_true(report):
    lines = sheets(report)["IRC-05 1"]
    numbers = [value for line in lines[3:] for value in line[1:]]

    assert "hidden" in numbers
    assert {type(value) for value in numbers} == {int, str}
    assert {value for value in numbers if isinstance(value, str)} == {"hidden"}
    assert [value for value in numbers if isinstance(value, int) and 0 < value < 5] == []
    assert lines[-1][-1] == 32


def test_method_explains_each_indicator_and_bears_the_seal(report):
    lines = sheets(report)["Method"]
    rules = {indicator["code"]: indicator["rule"]["en"] for indicator in report.template.indicators}

    told = {line[0]: line[1] for line in lines if len(line) > 1}

    assert {code: told[code] for code in rules} == rules
    assert lines[-1][:2] == ["Seal", report.sha256]


def test_no_text_is_alive(house):
    house.name_en = '=HYPERLINK("http://x")'
    house.save()
    grant = factories.GrantFactory(
        organization=house, name_en="@SUM(A1)", starts_on=date(2025, 1, 1)
    )
    report = loaded(FinishedReportFactory(organization=house, grant=grant))

    book = load_workbook(io.BytesIO(as_xlsx(report)))

    kinds = {cell.data_type for page in book.worksheets for row in page.rows for cell in row}
    assert "f" not in kinds
    assert sheets(report)["Figures"][2][1] == '\'=HYPERLINK("http://x")'


def test_files_speak_the_language_of_the_reader(report):
    with translation.override("sr-latn"):
        names = list(sheets(report))
        told = [line[0] for line in sheets(report)[names[0]]]

    indicator = report.template.indicators[0]
    assert indicator["title"]["sr"] in told


# The table


def test_table_repeats_the_figures_of_the_workbook(report):
    rows = [row for row in table(report) if row["Code"] == "IRC-05" and not row["Breakdown"]]

    assert [(row["Column"], row["Number"]) for row in rows] == [
        ("Total", "32"),
        ("New", "32"),
        ("Continuing", "0"),
    ]


def test_table_leaves_hidden_numbers_empty_and_says_so(report):
    cells = [row for row in table(report) if row["Code"] == "IRC-05" and row["Breakdown"]]

    assert {row["Note"] for row in cells if row["Number"] == ""} == {"hidden"}
    assert {row["Note"] for row in cells if row["Number"] != ""} == {""}
    numbers = [int(row["Number"]) for row in cells if row["Number"]]
    assert [number for number in numbers if 0 < number < 5] == []


def test_same_report_gives_the_same_bytes(report):
    assert as_csv(report) == as_csv(report)
    assert sheets(report) == sheets(report)


# Names


@pytest.mark.parametrize(
    ("first", "after", "name"),
    [
        (date(2026, 7, 1), date(2026, 10, 1), "report-2026-q3-v1.xlsx"),
        (date(2026, 10, 1), date(2027, 1, 1), "report-2026-q4-v1.xlsx"),
        (date(2026, 1, 1), date(2027, 1, 1), "report-2026-v1.xlsx"),
        (date(2026, 12, 1), date(2027, 1, 1), "report-2026-12-v1.xlsx"),
        (date(2026, 2, 1), date(2026, 5, 1), "report-2026-02-01-2026-04-30-v1.xlsx"),
        (date(2026, 7, 1), date(2027, 7, 1), "report-2026-07-01-2027-06-30-v1.xlsx"),
        (date(2026, 2, 2), date(2026, 2, 3), "report-2026-02-02-2026-02-02-v1.xlsx"),
    ],
)
def test_name_of_a_file_tells_period_and_version_only(first, after, name):
    report = ReportFactory.build(
        starts_on=first, ends_before=after, organization=None, requested_by=None
    )

    assert name_of(report, "xlsx") == name
