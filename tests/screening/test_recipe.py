"""docs/recipes/add-an-instrument.md, step by step, by somebody who has one JSON file."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse

from screening.instrument_files import read_instrument
from screening.models import InstrumentVersion
from screening.offers import offered_to

BLANK = Path("screening/blank_instrument.json")


@pytest.fixture
def path(tmp_path):
    """A copy of the smallest instrument with a code and questions of its own."""
    definition = json.loads(BLANK.read_text(encoding="utf-8"))
    question = {
        "id": "Q-02",
        "text": {"en": "Has nowhere to sleep tonight"},
        "dimension": "signs",
        "strength": {"adult": "flag", "child": "flag"},
        "applies_to": "both",
        "evidence": "disclosure",
        "source": "own",
    }
    definition |= {"code": "nights", "valid_from": "2026-01-01", "review_on": "2027-01-01"}
    definition["indicators"].append(question)
    definition["sections"][0]["groups"][0]["indicators"].append("Q-02")
    written = tmp_path / "nights.json"
    written.write_text(json.dumps(definition), encoding="utf-8")
    return written


def test_one_file_is_enough_to_ask_with(path, person, caseworker, signed_in, capsys):
    call_command("load_instruments", path)

    assert capsys.readouterr().out == "1 instruments loaded.\n"
    assert "nights" in {v.instrument.code for v in offered_to(caseworker, person)}
    body = {"profile": "adult", "answers": ["Q-02"]}
    told = signed_in(caseworker).post(
        "/api/v1/instruments/nights/assess/", body, content_type="application/json"
    )
    assert (told.json()["band"], told.json()["label"]) == ("D", "Something was noted")
    page = signed_in(caseworker).get(reverse("screening:start", args=[person.pk]))
    version = InstrumentVersion.objects.in_force(date(2026, 6, 1)).get(instrument__code="nights")
    assert str(version.pk) in page.text


def test_a_mistake_in_the_file_is_told_with_its_place(path, db):
    definition = read_instrument(path)
    definition["sections"][0]["groups"][0]["indicators"].remove("Q-02")
    path.write_text(json.dumps(definition), encoding="utf-8")

    with pytest.raises(CommandError, match=f"{path}: sections: Q-02 is never asked"):
        call_command("load_instruments", path)
