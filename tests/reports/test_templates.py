import copy
import json

import pytest
from django.core.exceptions import ValidationError

from reports.actions import load_template
from reports.actions.templates import FOLDER
from reports.models import ReportTemplate
from reports.tables import RECORDS, TABLES
from tests.reports.factories import ReportFactory, template

pytestmark = pytest.mark.django_db


@pytest.fixture
def definition():
    """A template of its own, made of what ships with the product."""
    text = json.loads((FOLDER / "irc.json").read_text())
    return {**text, "code": "mine", "version": "1"}


def changed(definition, indicator=None, **changes):
    """A copy with other words at the top, or in the indicator at a place."""
    text = copy.deepcopy(definition)
    target = text if indicator is None else text["indicators"][indicator]
    target.update(changes)
    return text


def test_new_version_becomes_the_current_one_and_the_old_one_stays(definition):
    assert load_template(definition)
    old = ReportTemplate.objects.get(code="mine")
    report = ReportFactory(template=old)

    assert load_template(changed(definition, version="2"))

    old.refresh_from_db()
    assert (old.is_current, report.template) == (False, old)
    assert ReportTemplate.objects.get(code="mine", is_current=True).version == "2"


def test_same_version_again_changes_nothing(definition):
    load_template(definition)
    before = list(ReportTemplate.objects.values())

    assert not load_template(definition)
    assert list(ReportTemplate.objects.values()) == before


def test_older_version_can_be_made_current_again(definition):
    load_template(definition)
    load_template(changed(definition, version="2"))

    assert load_template(definition)
    assert ReportTemplate.objects.get(code="mine", is_current=True).version == "1"


def test_version_that_reports_rest_on_keeps_its_text(definition):
    load_template(definition)

    with pytest.raises(ValidationError, match="give it a new version"):
        load_template(changed(definition, source="Elsewhere"))


CLIENTS, COUNTS = {"kind": "service"}, {"kind": "leaflet"}


@pytest.mark.parametrize(
    ("indicator", "changes", "words"),
    [
        (None, {"donor": "NOBODY"}, "donor: there is no NOBODY."),
        (None, {"age_bands": "mine"}, "age_bands: there is no mine."),
        (None, {"label": "secret"}, "label"),
        (None, {"indicators": []}, "indicators"),
        (None, {"more": 1}, "more"),
        (0, {"code": "irc 1"}, "indicators/0/code"),
        (0, {"code": "IRC-02"}, "IRC-02: this code stands twice."),
        (0, {"title": {"en": "x"}}, "indicators/0/title"),
        (0, {"measure": "items"}, "indicators/0/measure"),
        (0, {"by": ["profession_sex"]}, "indicators/0/by"),
        (0, {"all_of": [COUNTS]}, "indicators/0/all_of"),
        (0, {"all_of": [{"kind": "service", "name": ["x"]}]}, "indicators/0/all_of"),
        (0, {"all_of": [{"kind": "service", "topic": ["thb_risk"]}]}, "there is no thb_risk."),
        (0, {"all_of": [{"kind": "service", "category": ["home"]}]}, "there is no home."),
        (0, {"all_of": [{"kind": "service", "not_category": ["home"]}]}, "there is no home."),
        (0, {"all_of": [{"kind": "service", "status": ["victim"]}]}, "there is no victim."),
        (0, {"within": "IRC-99"}, "IRC-01/within: IRC-99 cannot have this part."),
        (0, {"within": "IRC-01"}, "IRC-01/within: IRC-01 cannot have this part."),
        (0, {"within": "IRC-02"}, "/within: IRC-02 cannot have this part."),
        (0, {"within": "IRC-04"}, "IRC-01/within: IRC-04 cannot have this part."),
        (-1, {"measure": "persons"}, "measure"),
        (-1, {"all_of": [CLIENTS]}, "all_of"),
        (-1, {"all_of": [COUNTS, COUNTS]}, "all_of"),
    ],
)
def test_definition_that_would_count_wrongly_is_refused(definition, indicator, changes, words):
    with pytest.raises(ValidationError, match=words):
        load_template(changed(definition, indicator, **changes))

    assert not ReportTemplate.objects.filter(code="mine").exists()


def test_every_indicator_that_ships_has_words_and_a_source():
    for row in ReportTemplate.objects.all():
        for indicator in row.indicators:
            assert set(indicator["title"]) == set(indicator["rule"]) == {"en", "sr"}
            assert set(indicator["by"]) <= set(TABLES)
            if indicator["measure"] == "persons":
                assert {one["kind"] for one in indicator["all_of"]} <= set(RECORDS)
        assert row.definition["source"]


def test_all_four_measures_appear():
    assert {one["measure"] for one in template().indicators} == {
        "persons",
        "contacts",
        "events",
        "items",
    }


def test_part_counts_nobody_whom_its_whole_does_not():
    """What makes one indicator a part of another: each of its conditions is narrower."""
    indicators = {one["code"]: one for one in template().indicators}
    part, whole = indicators["IRC-04"]["all_of"][0], indicators["IRC-02"]["all_of"][0]

    assert indicators["IRC-04"]["within"] == "IRC-02"
    assert (part["kind"], part["status"]) == (whole["kind"], whole["status"])
    assert set(part["category"]).isdisjoint(whole["not_category"])
