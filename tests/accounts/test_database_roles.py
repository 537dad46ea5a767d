import psycopg2
import pytest
from django.core.management import call_command
from django.db import connection

from accounts.database_roles import LOGIN_ROLES
from accounts.models import AuditEvent

DENIED = psycopg2.errors.InsufficientPrivilege


@pytest.fixture
def as_role(database_url, transactional_db):
    """Connect as one of the unprivileged roles, as its process does."""
    wires = []

    def connect(role):
        wires.append(psycopg2.connect(database_url(role)))
        return wires[-1].cursor()

    yield connect
    for wire in wires:
        wire.close()


@pytest.mark.parametrize("role", LOGIN_ROLES)
def test_role_in_force_is_neither_owner_nor_above_the_rules(as_role, role):
    cursor = as_role(role)

    cursor.execute(
        "SELECT current_user, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole"
        " FROM pg_roles WHERE rolname = current_user"
    )
    assert cursor.fetchone() == (role, False, False, False, False)
    cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
    assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("role", ["casework_web", "casework_worker"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_auditevent SET verb = ''",
        "DELETE FROM accounts_auditevent",
        "TRUNCATE accounts_auditevent",
        "DELETE FROM django_migrations",
        "UPDATE gate_own_cases SET permission_id = 1",
        "DELETE FROM gate_own_cases",
        "CREATE TABLE mine (x int)",
    ],
)
def test_what_was_done_cannot_be_undone(as_role, role, statement):
    with pytest.raises(DENIED):
        as_role(role).execute(statement)


def test_web_may_add_to_the_audit(as_role):
    cursor = as_role("casework_web")

    cursor.execute(
        "INSERT INTO accounts_auditevent"
        " (at, verb, object_type, object_id, listed, fields, note, request_id,"
        " on_behalf, session, device, ip_hash, purpose, result, meta)"
        " VALUES (now(), 'look', 'x', '', '{}', '{}', '', '', '', '', '', '', '', 'ok', '{}')"
    )
    cursor.connection.commit()

    assert AuditEvent.objects.count() == 1


def test_relay_sees_the_outbox_and_the_lock_and_nothing_else(as_role):
    cursor = as_role("casework_relay")
    cursor.execute("SELECT count(*) FROM accounts_outboxjob")
    cursor.execute("SELECT count(*) FROM accounts_emergencylock")

    with pytest.raises(DENIED):
        cursor.execute("SELECT count(*) FROM casework_person")


def test_report_role_sees_no_person(as_role):
    cursor = as_role("casework_web")
    cursor.execute("SET ROLE casework_report")

    with pytest.raises(DENIED):
        cursor.execute("SELECT count(*) FROM casework_person")


def test_nobody_starts_with_the_rights_of_the_report_role(as_role):
    cursor = as_role("casework_web")

    cursor.execute("SELECT rolinherit FROM pg_roles WHERE rolname = current_user")
    assert cursor.fetchone() == (False,)


@pytest.mark.django_db
def test_command_can_run_again(capsys):
    call_command("make_roles", json=True)

    assert "casework_web" in capsys.readouterr().out
    assert connection.is_usable()
