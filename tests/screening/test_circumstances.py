"""Where and when: in codes, of what was recorded, sealed with the answers."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from screening import actions
from screening.answers import AnswerSheet
from screening.circumstances import circumstances_of, with_circumstances
from screening.models import Screening
from tests.screening.factories import CompletedScreeningFactory, ScreeningFactory

ANSWERS = {
    "journey": {"acts": ["transportation"]},
    "compare": {"comparison": {"debt": "both"}},
}
TOLD = {
    "act:transportation": {"place": "TR", "month": "2026-05"},
    "criterion:debt": {"place": "bg-hub", "phase": "destination"},
}
PLACES = {"TR", "bg-hub"}
TODAY = date(2026, 11, 22)


@pytest.fixture
def talk(case):
    return ScreeningFactory(case=case, answers=ANSWERS)


@pytest.fixture
def desk(signed_in, caseworker):
    return signed_in(caseworker)


def page(name, screening):
    return reverse(f"screening:{name}", args=[screening.pk])


def save(screening, actor, told=TOLD, version=1):
    return actions.save_circumstances(screening, told=told, version=version, actor=actor)


def test_places_and_months_change_no_result(talk, caseworker):
    before = talk.assessment

    kept = save(talk, caseworker)

    assert kept.assessment == before
    assert circumstances_of(kept.instrument_version.definition, kept.sheet) == TOLD


@pytest.mark.parametrize(
    "wrong",
    [
        {"act:recruitment": {"place": "TR"}},
        {"act:transportation": {"place": "QQ"}},
        {"act:transportation": {"month": "2026-13"}},
        {"act:transportation": {"month": "2026-12"}},
        {"act:transportation": {"month": "in May, near the river"}},
        {"act:transportation": {"phase": "journey"}},
        {"criterion:debt": {"phase": "later"}},
        {"criterion:debt": {"note": "TR"}},
    ],
)
def test_what_cannot_be_is_refused(talk, wrong):
    definition = talk.instrument_version.definition

    with pytest.raises(ValueError, match="Unknown"):
        with_circumstances(definition, talk.sheet, wrong, places=PLACES, today=TODAY)


def test_what_is_no_longer_recorded_is_not_told(talk, caseworker):
    kept = save(talk, caseworker)

    sheet = AnswerSheet({**kept.sheet.parts, "journey": {}})

    assert list(circumstances_of(kept.instrument_version.definition, sheet)) == ["criterion:debt"]


def test_a_second_page_does_not_overwrite(talk, caseworker):
    save(talk, caseworker)

    with pytest.raises(ValidationError) as error:
        save(talk, caseworker)

    assert error.value.code == "stale"


def test_a_talk_that_is_over_changes_no_more(case, caseworker):
    with pytest.raises(ValidationError) as error:
        save(CompletedScreeningFactory(case=case), caseworker, {})

    assert error.value.code == "answered"


def test_it_needs_the_permission(talk, coordinator):
    with pytest.raises(PermissionDenied):
        save(talk, coordinator)


def test_page_keeps_codes_and_the_result_tells_them(desk, talk, caseworker):
    assert 'value="TR"' in desk.get(page("circumstances", talk)).text
    given = {"act:transportation:place": "TR", "act:transportation:month": "2026-05", "version": 1}

    answer = desk.post(page("circumstances", talk), given)
    actions.complete_screening(
        Screening.objects.get(), information_given=False, version=2, actor=caseworker
    )

    assert answer.headers["Location"] == page("finish", talk)
    assert "2026-05" in desk.get(page("screening", talk)).text


def test_page_takes_no_text(desk, talk):
    given = {"act:transportation:month": "by the old mill", "version": 1}

    assert "Write a year and a month" in desk.post(page("circumstances", talk), given).text
    assert Screening.objects.get().answers == ANSWERS


def test_page_is_not_there_for_a_stranger(signed_in, stranger, talk):
    assert signed_in(stranger).get(page("circumstances", talk)).status_code == 404
