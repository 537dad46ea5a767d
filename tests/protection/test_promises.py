"""The table of what the law and the work ask for: complete, and true of the tests."""

import re
from pathlib import Path

import pytest

from accounts.data_dictionary import About, entries
from accounts.models import Agreement, AgreementAcceptance
from protection.processing import PURPOSES, activities
from protection.risks import RISKS
from protection.staff import staff_of

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs/data-protection.md").read_text()
ROWS = re.findall(r"^\| ((?:DP|SF)-\d\d) \| (.+?) \| (.+?) \| (.+?) \|$", TEXT, re.MULTILINE)
TESTS = {
    name
    for path in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE)
}


def test_all_51_and_32_rows_stand_there_once():
    wanted = [f"DP-{n:02}" for n in range(1, 52)] + [f"SF-{n:02}" for n in range(1, 33)]

    assert [row for row, *_ in ROWS] == wanted


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_each_row_is_held_by_a_test_or_says_with_what_it_comes(row):
    _, _, where, held = row
    named = re.findall(r"`(test_\w+)`", held)

    assert bool(named) != held.startswith("later: with ")
    assert set(named) <= TESTS
    assert (where == "–") == (not named)


def test_the_destroy_list_is_written_down():
    steps = TEXT.partition("## Destroying an installation")[2].partition("## The 51")[0]

    assert len(re.findall(r"^\d+\. ", steps, re.MULTILINE)) >= 8


def test_the_impact_assessment_is_a_page_and_a_document(signed_in, dpo):
    page = signed_in(dpo).get("/protection/impact/").text
    document = (ROOT / "docs/impact-assessment.md").read_text()

    assert document.startswith("# Impact assessment\n\nVersion")
    assert len(RISKS) == len(re.findall(r"\| (?:high|medium) \|.*\| (?:low|medium) \|", document))
    assert all(str(risk.danger) in page for risk in RISKS)


def test_the_record_of_processing_names_every_app_that_keeps_data(dpo):
    about_people = {
        entry.model.split(".")[0]
        for entry in entries().values()
        if entry.about in {About.CLIENT, About.STAFF}
    }

    assert about_people - {app for purpose in PURPOSES for app in purpose.apps} <= {"vault"}
    assert all(activity.data for activity in activities(dpo))


def test_the_report_of_staff_says_what_has_run_out(signed_in, dpo, caseworker):
    AgreementAcceptance.objects.filter(user__in=[dpo, caseworker]).delete()
    agreement = Agreement.objects.first() or Agreement.objects.create(
        kind="conduct", version=1, text_en="x", text_sr="x", valid_from="2026-01-01"
    )
    for user, day in ((dpo, "2036-01-01"), (caseworker, "2026-01-01")):
        AgreementAcceptance.objects.create(
            user=user, agreement=agreement, expires_on=day, recorded_by=user
        )

    told = {member.user: member.has_run_out for member in staff_of(dpo)}

    assert told == {dpo: False, caseworker: True}
    assert "Not signed or run out" in signed_in(dpo).get("/protection/staff/").text
