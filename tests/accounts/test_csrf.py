"""B16: no write without its token, from elsewhere or in another shape; reading writes nothing."""

import re
from hashlib import sha256

import pytest
from django.apps import apps
from django.conf import settings as conf
from django.db import connection
from django.test import Client
from psycopg2 import sql

from tests import factories
from tests.doors import (
    CLOSED,
    TYPES_OF_IDS,
    address,
    by_path,
    furnish,
    key_in,
    of_every_role,
    opened_by,
)

WRITING = ("POST", "PUT", "PATCH", "DELETE")
TOKEN, OTHER_TOKEN = "a" * 32, "b" * 32
# What a reading may add: that it was read or handed out, and when somebody was here last.
KEPT_OF_READING = {
    "exports_export",
    "accounts_auditevent",
    "accounts_session",
    "accounts_limitcount",
    "accounts_cache",
}
EVERY_ROW = sql.SQL("SELECT t::text FROM {} t")
# A door that names no methods refuses none: one way in stands for all.
WRITES = [
    (r, m)
    for r in CLOSED
    for m in WRITING
    if m in r.methods or (r.methods == ["*"] and m == "POST")
]
READABLE = [r for r in CLOSED if "GET" in r.methods or r.methods == ["*"]]


@pytest.fixture
def insider(house, case):
    """Somebody whom no role stops, with access to the case."""
    user = of_every_role(house, teams=[case.team])
    factories.CaseAccessFactory(content_object=case, user=user)
    return user


@pytest.fixture
def strict(insider, signed_in):
    """Her browser, towards a server that checks each form's token as the real one does."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in(insider).cookies
    client.cookies[conf.CSRF_COOKIE_NAME] = TOKEN
    return client


def tables():
    """{table: a sum over all its rows} of everything the product stores."""
    names = {m._meta.db_table for m in apps.get_models(include_auto_created=True)}
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.system', 'test', true)")
        for name in sorted(names - KEPT_OF_READING):
            cursor.execute("SELECT to_regclass(%s)", [name])
            if cursor.fetchone()[0] is None:
                continue
            cursor.execute(EVERY_ROW.format(sql.Identifier(name)))
            rows = sorted(row for (row,) in cursor.fetchall())
            found[name] = sha256("\n".join(rows).encode()).hexdigest()
    return found


def send(client, route, method, **more):
    told = {"data": "{}", "content_type": "application/json"}
    return getattr(client, method.lower())(address(route), **{**told, **more})


def differing(before):
    return {name for name, told in tables().items() if before[name] != told}


# The machine's door reads nothing but JSON, and says so before it asks for a token.
REFUSED = {403, 415}
FORGED = {
    "no token": {},
    "foreign token": {"headers": {"X-CSRFToken": OTHER_TOKEN}},
    "other origin": {
        "headers": {"X-CSRFToken": TOKEN, "Origin": "https://evil.example"},
    },
    "origin of nobody": {"headers": {"X-CSRFToken": TOKEN, "Origin": "null"}},
    "other page over TLS": {
        "secure": True,
        "headers": {"X-CSRFToken": TOKEN, "Referer": "https://evil.example/"},
    },
    "plain text": {"content_type": "text/plain", "data": '{"theme": "dark"}'},
    "plain form": {
        "content_type": "application/x-www-form-urlencoded",
        "data": f"csrfmiddlewaretoken={OTHER_TOKEN}",
    },
}


def refused(strict, forgery, doors):
    before = tables()

    said = {
        f"{m} {by_path(r)}": send(strict, r, m, **FORGED[forgery]).status_code for r, m in doors
    }

    assert {door: status for door, status in said.items() if status not in REFUSED} == {}
    assert differing(before) == set()


def named(forgery):
    return forgery.replace(" ", "-")


@pytest.mark.parametrize("forgery", FORGED, ids=named)
def test_B16_forged_write_is_refused_and_changes_nothing(strict, forgery):
    """Two of the forgeries at each door, all of them together at all doors."""
    place = list(FORGED).index(forgery)
    doors = [door for number, door in enumerate(WRITES) if (number + place) % len(FORGED) < 2]

    refused(strict, forgery, doors)


@pytest.mark.slow
@pytest.mark.parametrize("forgery", FORGED, ids=named)
def test_B16_each_forged_write_is_refused_at_every_door(strict, forgery):
    refused(strict, forgery, WRITES)


@pytest.mark.slow
def test_B16_reading_that_says_it_is_a_write_writes_nothing(strict):
    before = tables()
    override = {
        "X-HTTP-Method-Override": "POST",
        "X-HTTP-Method": "DELETE",
        "X-Method-Override": "PUT",
    }

    for route in READABLE:
        strict.get(address(route), {"_method": "DELETE", "theme": "dark"}, headers=override)

    assert differing(before) == set()


def test_B16_reading_writes_nothing(strict, case):
    made = furnish(case)
    rows = [row for of_model in made.values() for row in of_model]
    keys = {model._meta.model_name: of_model[0].pk for model, of_model in made.items()}
    before = tables()
    opened = 0

    for route in READABLE:
        ids = [name for name, kind in route.arguments.items() if kind in TYPES_OF_IDS]
        door = re.sub(r"\W", "", route.path)
        likely = [of_model[0] for model, of_model in made.items() if model._meta.model_name in door]
        for row in opened_by(route, made) or likely or rows[:1]:
            told = {name: keys.get(name, key_in(route, row)) for name in ids}
            opened += strict.get(address(route, **told)).status_code == 200

    assert opened > len(READABLE) / 3
    assert differing(before) == set()
