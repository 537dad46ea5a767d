"""The data dictionary: complete for every model and field of the house, and true of the code."""

import pytest
from django.apps import apps
from django.db import connection, models

from accounts.data_dictionary import (
    Erasure,
    entries,
    entry_of,
    fields_of,
    fields_up_to,
    level_of,
    may_see,
)
from accounts.levels import Level
from casework.models import Case, CaseNote, Person, PersonIdentity
from config.api import router
from tests import factories
from tests.test_house import APPS, MODELS
from vault.fields import DataKeyField, SealedJSONField, SealedTextField

# Rows of history are told like the rows they remember.
TOLD = [m for m in MODELS if not hasattr(m, "pgh_tracked_model")]
DECLARED = [m for m in TOLD if m._meta.label in entries()]
CLIENT = [m for m in DECLARED if entry_of(m).is_of_client]
SEALED = (SealedTextField, SealedJSONField)
# Models of clients that no factory of tests/factories.py makes, and what does.
MADE_ELSEWHERE = {
    "casework.CaseBlock": "is made by declaring a conflict",
    "casework.CaseFile": "is made by adding a file",
    "casework.EmergencyAccess": "is made by asking for it",
    "casework.EmergencyVote": "is made by answering",
    "casework.LeafletGiven": "comes with a visit",
    "casework.PersonSearch": "comes with a name",
    "files.StoredFile": "is made by storing a file",
    "screening.Incident": "is made by tests/screening/factories.py",
    "screening.Screening": "is made by tests/screening/factories.py",
}
# Models of clients that are never asked for by themselves, and why.
WITHOUT_GATE = {
    "casework.CaseAccess": "is what the gate itself reads",
    "casework.TeamCaseAccess": "is what the gate itself reads",
    "casework.CaseBlock": "is what the gate itself reads",
    "casework.PersonSearch": "is compared with, and shown to nobody",
    "files.StoredFile": "is opened through the row that it belongs to",
}


def label(model):
    return model._meta.label


def lead(model, path):
    """The model that a lookup arrives at."""
    for name in path.split("__"):
        field = model._meta.get_field(name)
        model = field.related_model or model
    return model


def test_every_model_is_declared_and_no_other():
    assert set(entries()) == {label(m) for m in TOLD}


@pytest.mark.parametrize("model", DECLARED, ids=label)
def test_every_field_is_declared_and_no_other(model):
    assert set(entry_of(model).fields) == set(fields_of(model))


@pytest.mark.parametrize("model", DECLARED, ids=label)
def test_every_field_says_for_what_it_is_kept(model):
    silent = [n for n, told in entry_of(model).fields.items() if len(str(told.purpose)) < 12]

    assert silent == []


@pytest.mark.parametrize("model", CLIENT, ids=label)
def test_a_record_of_a_client_leads_to_the_person(model):
    entry = entry_of(model)

    if not entry.of_person:
        assert str(entry.because), "says how else"
        return
    assert entry.of_person == "id" or lead(model, entry.of_person) is Person
    assert entry.of_case in {"", "id"} or lead(model, entry.of_case) is Case


@pytest.mark.django_db
@pytest.mark.parametrize("model", CLIENT, ids=label)
def test_the_database_keeps_the_gate_of_a_record_of_a_client(model):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relrowsecurity, EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid)"
            " FROM pg_class WHERE relname = %s",
            [model._meta.db_table],
        )
        assert cursor.fetchone() == (True, True)


@pytest.mark.parametrize("model", CLIENT, ids=label)
def test_what_is_sealed_is_identity_or_story_or_read_before_the_talk(model):
    sealed = {f.name for f in model._meta.local_fields if isinstance(f, SEALED)}
    told = entry_of(model).fields

    assert {n for n in told if told[n].erasure == Erasure.SEALED} == sealed
    lower = {f"{label(model)}.{n}" for n in sealed if told[n].level < Level.IDENTITY}
    assert lower <= {"casework.Person.handling_note"}


@pytest.mark.parametrize("model", DECLARED, ids=label)
def test_keys_are_shown_to_nobody(model):
    keys = [f.name for f in model._meta.local_fields if isinstance(f, DataKeyField)]

    assert all(level_of(model, name) == Level.RESTRICTED for name in keys)


@pytest.mark.parametrize("model", CLIENT, ids=label)
def test_a_record_of_a_client_says_how_each_field_ends(model):
    """A day is coarsened, a sealed text goes with its key, a coarser value is named."""
    for name, told in entry_of(model).fields.items():
        field = model._meta.get_field(name)
        assert (told.erasure == Erasure.COARSEN) == bool(told.becomes), name
        if told.erasure == Erasure.YEAR:
            assert isinstance(field, models.DateField), name
        if told.erasure == Erasure.BLANK:
            assert field.many_to_many or field.null or field.empty_strings_allowed, name


@pytest.mark.parametrize("model", [m for m in CLIENT if entry_of(m).api], ids=label)
def test_the_resource_of_the_api_exists(model):
    prefixes = {prefix for prefix, *_ in router.registry}

    assert entry_of(model).api.partition("/")[0] in prefixes


@pytest.mark.parametrize("model", CLIENT, ids=label)
def test_a_record_of_a_client_has_a_gate_and_a_maker(model):
    made = {
        f._meta.model._meta.label
        for f in vars(factories).values()
        if isinstance(f, type) and hasattr(f, "_meta") and getattr(f._meta, "model", None)
    }
    has_gate = hasattr(model._default_manager.get_queryset().__class__, "visible_to")

    assert has_gate != (label(model) in WITHOUT_GATE)
    assert label(model) in made | set(MADE_ELSEWHERE) or model._meta.app_label == "protection"


def test_what_a_person_has_to_say_is_said_why():
    """Only three facts are asked of everybody (GDPR 5 and 13)."""
    asked = {
        f.name
        for f in [*Person._meta.local_fields, *PersonIdentity._meta.local_fields]
        if f.editable and f.verbose_name != f.name.replace("_", " ")
        if not (f.blank or f.null or f.has_default() or isinstance(f, SEALED))
    }
    told = {**entry_of(Person).fields, **entry_of(PersonIdentity).fields}

    assert asked <= {"sex", "nationality", "language"} | {"nationality"}
    assert all(told[name].required_because for name in ("sex", "nationality", "language"))


def test_every_app_with_models_has_a_dictionary():
    with_models = {app for app in APPS if list(apps.get_app_config(app).get_models())}

    assert {m._meta.app_label for m in TOLD} == with_models


def test_levels_are_read_by_name():
    assert level_of(PersonIdentity, "name") == Level.IDENTITY
    assert may_see(Level.NARRATIVE, CaseNote, "text")
    assert not may_see(Level.IDENTITY, CaseNote, "text")
    assert set(fields_up_to(PersonIdentity, Level.OPERATIONAL)) == {"id", "person", "version"}
    with pytest.raises(KeyError):
        level_of(Person, "nickname")
