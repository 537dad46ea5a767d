"""No table of screening has a place for what somebody told about an incident."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

from screening import actions
from screening.models import Incident, Screening
from vault.fields import SealedJSONField, SealedTextField

TOLD = "He locked the door and took my papers"
# Columns that could hold words: of the instrument itself, or codes that an action checks.
CODED = {
    "ChangeProposal": {"indicator"},
    "Incident": {"facts"},
    "Instrument": {"code"},
    "InstrumentDraft": {"definition"},
    "InstrumentTrial": {"counts"},
    "InstrumentVersion": {"version", "definition", "content_hash"},
    "Recording": {"indicator"},
    "Screening": {"limits_text", "answers", "taken_on"},
}
OF_HISTORY = {"pgh_label", "request_id"}


def test_columns_that_could_hold_words_are_codes_or_the_instrument():
    found = {
        model.__name__: names
        for model in apps.get_app_config("screening").get_models()
        if (names := wordy(model))
    }

    kept = {name: CODED[name.removesuffix("History")] for name in found}
    assert {name: names - OF_HISTORY for name, names in found.items()} == kept


def wordy(model):
    kinds = models.CharField | models.TextField | models.JSONField | SealedTextField
    return {
        field.name for field in model._meta.fields if isinstance(field, kinds) and not field.choices
    }


def test_sealed_columns_are_no_texts():
    texts = [
        (model.__name__, field.name)
        for model in (Screening, Incident)
        for field in model._meta.fields
        if isinstance(field, SealedTextField) and not isinstance(field, SealedJSONField)
    ]

    assert texts == []


@pytest.mark.parametrize(
    "part",
    [
        {"indicators": {"A01": TOLD}},
        {"indicators": {TOLD: "yes"}},
        {"acts": [TOLD]},
        {"purposes": [TOLD]},
        {"comparison": {"payment": TOLD}},
    ],
)
def test_answers_take_no_sentence(part, screening, caseworker):
    section = screening.instrument_version.definition["sections"][0]["code"]

    with pytest.raises(ValidationError):
        actions.save_section(screening, section=section, part=part, version=1, actor=caseworker)

    assert Screening.objects.get(pk=screening.pk).answers == {}
