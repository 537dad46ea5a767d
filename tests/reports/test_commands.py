import csv
import io
import json

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from accounts.models import AuditEvent
from reports.models import Report, ReportTemplate

pytestmark = pytest.mark.django_db

PERIOD = ("--from", "2025-07-01", "--to", "2025-09-30")


@pytest.fixture
def run(coordinator, tmp_path):
    """`run("csv", …)`: what the command said, and what it wrote."""

    def run_report(ending, *arguments, template="irc", period=PERIOD):
        target, said = tmp_path / f"report.{ending}", io.StringIO()
        told = [*period, "--format", ending, "--out", str(target), *arguments]
        told += ["--actor", coordinator.username] if "--actor" not in arguments else []
        call_command("run_report", template, *told, stdout=said)
        return said.getvalue(), target.read_bytes()

    return run_report


def test_xlsx_is_a_workbook_with_the_figures(run):
    _said, written = run("xlsx")

    lines = [
        [cell.value for cell in row] for row in load_workbook(io.BytesIO(written)).worksheets[0]
    ]
    assert ["IRC-01", "Persons", 0, 0, 0] in [line[1:6] for line in lines]


def test_csv_is_a_table_of_the_figures(run):
    _said, written = run("csv")

    lines = list(csv.reader(io.StringIO(written.decode("utf-8-sig"))))
    assert "IRC-01" in {line[0] for line in lines}


def test_json_holds_the_protected_figures_and_their_seal(run):
    _said, written = run("json")

    report = Report.objects.get()
    told = json.loads(written)
    assert (told["figures"], told["sha256"]) == (report.released_figures, report.sha256)
    assert (told["from"], told["to"], told["version"]) == ("2025-07-01", "2025-09-30", 1)


def test_answer_is_one_line_of_json_when_asked(run, coordinator):
    said, _written = run("csv", "--json")

    report = Report.objects.get()
    told = json.loads(said)
    assert said.count("\n") == 1
    assert (told["report"], told["sha256"]) == (str(report.pk), report.sha256)


def test_report_is_asked_for_and_taken_away_in_somebodys_name(run, coordinator):
    run("csv")

    acts = AuditEvent.objects.order_by("at").values_list("actor", "verb", "note")
    assert sorted(acts) == [
        (coordinator.pk, "download_report", "csv"),
        (coordinator.pk, "hand_out_export", "report"),
        (coordinator.pk, "request_report", ""),
    ]


def test_pdf_is_said_not_to_be_there_yet(run):
    with pytest.raises(CommandError, match="PDF"):
        run("pdf")

    assert Report.objects.count() == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"template": "nothing"}, "no template nothing"),
        ({"period": ("--from", "2025-07-01", "--to", "2025-06-30")}, "last day"),
        ({"period": ("--from", "2999-01-01", "--to", "2999-02-01")}, "not begun"),
        ({"period": ("--from", "2025-07-01", "--to", "9999-12-31")}, "too far away"),
        ({"period": ("--from", "2025-07-01", "--to", "9999-12-30")}, "twelve years"),
        ({"period": ("--from", "2025-13-01", "--to", "2025-09-30")}, "2025-13-01"),
        ({"period": ("--from", "yesterday", "--to", "2025-09-30")}, "yesterday"),
    ],
)
def test_bad_argument_gets_a_sentence_and_leaves_nothing(run, tmp_path, arguments, words):
    with pytest.raises(CommandError, match=words):
        run("csv", **arguments)

    assert Report.objects.count() == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("login", "words"), [("nobody-here", "Nobody"), (None, "may not")])
def test_stranger_to_the_function_gets_a_sentence(run, caseworker, login, words):
    with pytest.raises(CommandError, match=words):
        run("csv", "--actor", login or caseworker.username)

    assert Report.objects.count() == 0


def test_place_that_cannot_be_written_is_refused_before_anything_is_counted(coordinator, tmp_path):
    for place in (tmp_path, tmp_path / "missing" / "report.csv"):
        with pytest.raises(CommandError):
            call_command(
                "run_report", "irc", *PERIOD, "--out", str(place), "--actor", coordinator.username
            )

    assert Report.objects.count() == 0


# Templates


def test_templates_are_loaded_once():
    said = io.StringIO()

    call_command("load_report_templates", "--json", stdout=said)

    assert json.loads(said.getvalue()) == {"loaded": 0}
    assert ReportTemplate.objects.filter(code="irc", is_current=True).count() == 1


def test_template_that_was_changed_needs_a_new_version():
    ReportTemplate.objects.update(content_hash="0" * 64)

    with pytest.raises(CommandError, match="new version"):
        call_command("load_report_templates")
