from datetime import date, timedelta

import pytest

from casework.models import Case
from casework.pages import page_by
from tests.factories import CaseFactory

DAY = date(2026, 11, 18)


@pytest.fixture
def five_cases(db):
    days = [0, 1, 1, 1, 2]
    return [CaseFactory(last_contact_on=DAY - timedelta(days=n)) for n in days]


def test_pages_show_each_row_once_also_within_one_day(five_cases):
    shown, cursor = [], ""
    while True:
        page = page_by(Case.objects.all(), "last_contact_on", cursor, size=2)
        shown += page.rows
        cursor = page.following
        if not cursor:
            break

    assert len(shown) == 5
    assert {case.pk for case in shown} == {case.pk for case in five_cases}
    assert [case.last_contact_on for case in shown] == sorted(
        (case.last_contact_on for case in five_cases), reverse=True
    )


def test_row_that_comes_in_meanwhile_moves_no_other_one(five_cases):
    first = page_by(Case.objects.all(), "last_contact_on", "", size=2)
    CaseFactory(last_contact_on=DAY)

    second = page_by(Case.objects.all(), "last_contact_on", first.following, size=10)

    assert {case.pk for case in second.rows} == {case.pk for case in five_cases} - {
        case.pk for case in first.rows
    }


@pytest.mark.parametrize("cursor", ["", "nonsense", "2026-11-18_", "2026-13-40_x", "_", "\x00"])
def test_broken_cursor_begins_anew(five_cases, cursor):
    assert len(page_by(Case.objects.all(), "last_contact_on", cursor).rows) == 5


def test_last_page_leads_nowhere(five_cases):
    assert page_by(Case.objects.all(), "last_contact_on", "", size=5).following == ""
