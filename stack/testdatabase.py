"""The pytest fixtures of `stack.testing`: a database migrated once, and a clone of it a worker."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.core.management import call_command
from django.db import connections
from django.test import TransactionTestCase
from psycopg2 import sql

from stack.testruns import TEMPLATE, is_server_given, mark_migrated, run_name

ADVISORY_LOCK = 4_711

# Tests log in as the owner, whom no policy stops. Whatever enters as a request or as a job takes
# the role of the process that would answer it.
ACTING = {"web": "casework_web", "worker": "casework_worker"}


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: Any
) -> Iterator[None]:
    """Clone the migrated database for this worker, and again after each test that commits."""
    name = f"test_{run_name()}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with django_db_blocker.unblock():
        make_template(request.config.getini("template_commands"))
        clone_template(name)
        use_database(name)
        connections["default"].settings_dict["SCOPE_ROLES"] = ACTING
    patch = pytest.MonkeyPatch()
    # Django would empty all tables instead: reference data would be gone, the tables that
    # nobody may empty would refuse, and it takes longer.
    patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: clone_template(name))
    yield
    patch.undo()
    with django_db_blocker.unblock():
        drop(name)


@pytest.fixture
def database_url(django_db_setup: None) -> Callable[..., str]:
    """`database_url(role)`: the address of this worker's test database for another process."""
    name = connections["default"].settings_dict["NAME"]

    def url(role: str = "") -> str:
        found = urlsplit(os.environ["DATABASE_URL"])
        account = found.netloc.rpartition("@")
        if role:
            password = os.environ.get(f"{role.removeprefix('casework_').upper()}_DATABASE_PASSWORD")
            account = (f"{role}:{password}" if password else role, "@", account[2])
        return found._replace(path=f"/{name}", netloc="".join(account)).geturl()

    return url


@contextmanager
def maintenance() -> Iterator[Any]:
    """A cursor outside any transaction, in a database that nobody clones or drops."""
    connection = psycopg2.connect(os.environ["DATABASE_URL"], dbname="postgres")
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def use_database(name: str) -> None:
    for connection in connections.all():
        connection.close()
        connection.settings_dict["NAME"] = name


def template_name() -> str:
    """In our own server one name, kept between runs; in a given server one for each run."""
    return f"{TEMPLATE}_{run_name()}" if is_server_given() else TEMPLATE


def make_template(commands: list[str]) -> None:
    """Migrate a database and run the commands in it, unless this server has it: one worker does."""
    template = template_name()
    with maintenance() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
        if cursor.fetchone():
            return
        part = f"{template}_part"
        execute(cursor, "DROP DATABASE IF EXISTS {} WITH (FORCE)", part)
        execute(cursor, "CREATE DATABASE {}", part)
        use_database(part)
        call_command("migrate", verbosity=0)
        for command in commands:
            call_command(*command.split(), verbosity=0)
        use_database(template)
        execute(cursor, "GRANT {}, {} TO CURRENT_USER", *ACTING.values())
        execute(cursor, "ALTER DATABASE {} RENAME TO {}", part, template)
        mark_migrated()


def clone_template(name: str) -> None:
    close_connections()
    with maintenance() as cursor:
        execute(cursor, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        execute(cursor, "CREATE DATABASE {} TEMPLATE {}", name, template_name())


def drop(name: str) -> None:
    close_connections()
    with maintenance() as cursor:
        execute(cursor, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def drop_template() -> None:
    drop(template_name())


def close_connections() -> None:
    for connection in connections.all():
        connection.close()


def execute(cursor: Any, statement: str, *names: str) -> None:
    cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
