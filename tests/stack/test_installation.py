import json
from urllib.parse import urlsplit

import pytest

from stack.installation import Installation

EMBEDDED = "postgres://casework_owner@/casework?host=/tmp/s"
GIVEN = "postgres://boss:secret@db.example:5433/work"
DEMO_PASSWORD = {"DEMO_PASSWORD": "given"}
WEB_PASSWORD = {"WEB_DATABASE_PASSWORD": "a/b"}


def installation(place, **told):
    made = Installation({"DATA_DIR": str(place / "data"), **told})
    made.make()
    return made


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("web", "casework_web"),
        ("worker", "casework_worker"),
        ("relay", "casework_relay"),
        ("beat", "casework_relay"),
        ("sealer", "casework_seal"),
    ],
)
def test_each_process_logs_in_under_its_own_role(place, name, role):
    told = installation(place).process(name, "redis://x", EMBEDDED)

    assert told["DATABASE_URL"] == f"postgres://{role}@/casework?host=/tmp/s"


def test_processes_at_a_given_server_get_passwords_that_the_roles_are_made_with(place):
    made = installation(place, DATABASE_URL=GIVEN, **WEB_PASSWORD)

    owner = made.owner("redis://x", GIVEN)
    web, worker = (urlsplit(made.process(n, "", GIVEN)["DATABASE_URL"]) for n in ("web", "worker"))
    assert (web.hostname, web.port, web.path) == ("db.example", 5433, "/work")
    assert (web.username, web.password) == ("casework_web", "a%2Fb")
    assert owner.items() >= WEB_PASSWORD.items()
    assert worker.password == owner["WORKER_DATABASE_PASSWORD"]


def test_processes_are_not_told_what_only_the_owner_may_know(place):
    secret = {"DATABASE_URL": GIVEN, "DEMO_PASSWORD": "p", "RELAY_DATABASE_PASSWORD": "r"}

    told = installation(place, **secret).process("web", "redis://x", GIVEN)

    assert "DEMO_PASSWORD" not in told
    assert "RELAY_DATABASE_PASSWORD" not in told
    assert "secret" not in json.dumps(told).replace("secret-key", "").replace("secrets/", "")


def test_demo_password_is_made_once_and_a_given_one_wins(place):
    made = installation(place)

    assert made.demo_password() == installation(place).demo_password()
    assert len(made.demo_password()) >= 15
    assert installation(place, **DEMO_PASSWORD).demo_password() == "given"


def test_demo_and_real_data_never_share_a_directory(place):
    installation(place)

    with pytest.raises(SystemExit, match="holds demo data, and this start is for real data"):
        installation(place, DEMO="0")


@pytest.mark.parametrize("word", ["http", "0", "65536", "-1"])
def test_port_that_is_none_is_named(place, word):
    with pytest.raises(SystemExit, match=f"PORT={word} is not a port"):
        Installation({"DATA_DIR": str(place), "PORT": word})


@pytest.mark.parametrize(("demo", "kind"), [("1", "demo"), ("0", "development")])
def test_settings_are_told_which_kind_of_installation_it_is(place, demo, kind):
    told = installation(place, DEMO=demo).process("web", "redis://x", EMBEDDED)

    assert told["APP_ENV"] == kind


def test_only_the_sealer_is_told_where_the_signing_key_is(place):
    made = installation(place)

    told = {name: made.process(name, "", EMBEDDED) for name in ("web", "worker", "sealer")}

    holders = [name for name, each in told.items() if "AUDIT_SIGNING_KEY_FILE" in each]
    assert holders == ["sealer"]
    assert (made.secrets / "audit-signing-key").stat().st_mode & 0o777 == 0o400
