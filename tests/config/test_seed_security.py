import json
from io import StringIO

import pytest
from allauth.mfa.adapter import get_adapter
from django.core.management import CommandError, call_command

from accounts.models import User
from casework.models import Case, CaseNote, PersonIdentity
from config.demo.canaries import client_models, text_fields
from config.demo.trial import PERSONAS

pytestmark = pytest.mark.django_db


@pytest.fixture
def told():
    out = StringIO()
    call_command("seed_security", "--json", stdout=out)
    return json.loads(out.getvalue())


def test_everybody_can_sign_in_with_two_factors(told):
    assert set(told["personas"]) == set(PERSONAS)
    for who in told["personas"].values():
        user = User.objects.get(username=who["login"])
        assert user.check_password(who["password"])
        secret = user.authenticator_set.get().data["secret"]
        assert (get_adapter().decrypt(secret), secret == who["totp"]) == (who["totp"], False)


def test_there_are_two_of_everything_in_each_relation(told):
    for relation, rows in told["objects"].items():
        assert len(rows["casework.case"]) == 2, relation
        assert len(rows["casework.person"]) == 2, relation


def test_every_text_of_a_client_has_its_canary_in_three_scripts(told):
    places = set(told["canaries"].values())
    fields = {f"{m._meta.db_table}.{f}" for m in client_models() for f in text_fields(m)}

    assert fields - places == set()
    assert {text.split("-")[0] for text in told["canaries"]} == {"CANARY", "КАНАРИНАЦ", "كناري"}
    names = {text for text, place in told["canaries"].items() if place.endswith(".name")}
    assert {row.name for row in PersonIdentity.objects.all()} & names


def test_canaries_open_again_only_with_the_key(told):
    notes = CaseNote.objects.filter(pk__in=told["objects"]["hub1"]["casework.casenote"])

    assert {note.text for note in notes} <= set(told["canaries"])
    assert len(notes) == 2
    assert Case.objects.filter(is_sealed=True).count() == 2


def test_real_installation_is_not_filled(settings):
    settings.APP_ENV = "production"

    with pytest.raises(CommandError, match="for tests"):
        call_command("seed_security")

    assert User.objects.count() == 0
