"""J08: a process that is not safe does not start, and says why."""

import json
import re
import secrets
from pathlib import Path
from uuid import UUID

import pytest
from django.core.checks import run_checks

from accounts.models import Installation
from accounts.scope import acting_as
from config.startup import STARTUP, UnsafeStart, refuse_unsafe_start
from config.wsgi import application, serve
from vault.keys import key_provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def production(settings):
    """Settings as a server would have them."""
    settings.APP_ENV, settings.LOCAL, settings.DEMO = "production", False, False
    settings.COOKIES_SECURE = True
    settings.SECRET_KEY = secrets.token_urlsafe(48)
    with acting_as(None):  # as the role of the web
        yield settings


def checks_of_a_start():
    return run_checks(tags=[STARTUP], include_deployment_checks=True, databases=["default"])


def problems():
    return [problem.id for problem in checks_of_a_start()]


def test_J08_what_is_safe_starts(production):
    assert problems() == []
    assert serve() is application


@pytest.mark.parametrize("word", ["prod", "Production", "", "test "])
def test_J08_unknown_environment_is_refused(production, word):
    production.APP_ENV = word

    assert problems() == ["startup.E001"]


@pytest.mark.parametrize("word", ["", "SMTP", "web"])
def test_J08_unknown_gateway_is_refused(production, word):
    production.GATEWAYS = {**production.GATEWAYS, "mail": word}

    assert problems() == ["startup.E021"]


@pytest.mark.parametrize(
    "key", ["x", "changeme", "a" * 64, "django-insecure-1234567890", "ab" * 40]
)
def test_J08_weak_secret_is_refused(production, key):
    production.SECRET_KEY = key

    assert problems() == ["startup.E002"]


@pytest.mark.parametrize("mode", [0o440, 0o404, 0o644])
def test_J08_key_file_that_others_can_read_is_refused(production, tmp_path, mode):
    ring = tmp_path / "ring.json"
    ring.write_text(Path(production.KEY_RING_FILE).read_text())
    ring.chmod(mode)
    production.KEY_RING_FILE = str(ring)

    assert problems() == ["startup.E003"]


def test_J08_missing_key_file_is_refused(production, tmp_path):
    production.KEY_RING_FILE = str(tmp_path / "none.json")

    assert problems() == ["startup.E003"]


def test_J08_cookies_that_travel_in_the_clear_are_refused(production):
    production.COOKIES_SECURE = False

    assert problems() == ["startup.E004"]


def test_J08_invented_people_are_refused_outside_a_demo(production):
    Installation.objects.create(kind=Installation.Kind.DEMO)

    assert problems() == ["startup.E006"]


def test_J08_real_people_are_refused_in_a_demo(settings):
    settings.APP_ENV, settings.DEMO = "demo", True
    Installation.objects.create(kind=Installation.Kind.REAL)

    with acting_as(None):
        assert problems() == ["startup.E007"]


def test_J08_role_that_no_policy_stops_is_refused(settings):
    settings.APP_ENV = "production"

    refused = [each for each in checks_of_a_start() if each.id == "startup.E009"]
    assert [each.msg for each in refused] == [
        "The database role owns the tables: use one of make_roles."
    ]


def test_commands_are_not_held_up_by_what_only_a_server_must_be(production):
    """The relay's role may not read the row that says what lives here."""
    production.SECRET_KEY = "x"
    Installation.objects.create(kind=Installation.Kind.DEMO)

    assert [problem.id for problem in run_checks() if problem.id.startswith("startup")] == []


def test_J08_the_reasons_are_said_one_a_line(production):
    production.SECRET_KEY, production.COOKIES_SECURE = "x", False

    with pytest.raises(UnsafeStart) as refused:
        refuse_unsafe_start()

    lines = str(refused.value).splitlines()
    assert len(lines) == 2
    assert all(re.fullmatch(r"Not started: .+\.", line) for line in lines)


def test_what_was_erased_and_came_back_stops_the_start(production, tmp_path):
    ledger = tmp_path / "ledger.jsonl"
    production.ERASURE_LEDGER_FILE = str(ledger)
    assert problems() == []
    told = {"erased": str(UUID(int=7)), "kind": "person", "at": "2026-01-01T00:00:00+00:00"}
    told |= {"by": None, "why": "request", "request": None}
    mark = key_provider().blind("ledger", json.dumps(told, sort_keys=True)).hex()

    ledger.write_text(json.dumps({**told, "mark": mark}) + "\n")
    assert problems() == ["startup.E011"]
    ledger.write_text("{}\n")
    assert problems() == ["startup.E010"]
