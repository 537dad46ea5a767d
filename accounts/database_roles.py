"""The roles that processes log in with, and what each may do in the database.

Nobody but the owner (migrations) owns a table. Web and worker may do everything that actions do,
except change what must not change, and only to the rows that the policies show them; the relay
touches the outbox only, and sees whether everything is locked. Report pages take the report role,
which sees the de-identified views only, pages of receivers the partner role, which sees what was
agreed to only. The backup alone reads past the policies.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import connection, transaction

LOGIN_ROLES = ("casework_web", "casework_worker", "casework_relay", "casework_seal")
REPORT_ROLE = "casework_report"
PARTNER_ROLE = "casework_partner"
BACKUP_ROLE = "casework_backup"
TAKEN_ROLES = (REPORT_ROLE, PARTNER_ROLE)
ACTORS = "casework_web, casework_worker"

# What may only ever be added to.
APPEND_ONLY = ("accounts_auditevent", r"%\_erasureledger")
# Earlier versions of rows; erasure, which the worker does, reaches into them as well.
HISTORY = r"%\_event"
# The sealer adds to these and reads the trail; nobody else does. See docs/decisions/0021.
SEALS = ("accounts_auditseal", "accounts_auditkey")
SEALER = "casework_seal"
# What the owner alone writes.
READ_ONLY = ("django_migrations",)
OUTBOX = "accounts_outboxjob"
REPORT_VIEWS = r"report\_%"
PARTNER_VIEWS = r"%\_disclosed"
# What policies ask; a receiver's view asks one of them by itself.
GATES = r"gate\_%"
PARTNER_GATES = "gate_referred"
# What only another gate asks, after it has looked who asks.
INNER_GATES = "gate_items_agreed"

NO_BACKUP_ROLE = (
    "The owner of this database may not make a role that reads past the policies. Let a superuser"
    f" run: CREATE ROLE {BACKUP_ROLE} LOGIN NOINHERIT BYPASSRLS;"
)


def make_roles() -> list[str]:
    """Create the roles that are missing and set what each may do; returns their names."""
    passwords = {
        "casework_web": settings.WEB_DATABASE_PASSWORD,
        "casework_worker": settings.WORKER_DATABASE_PASSWORD,
        "casework_relay": settings.RELAY_DATABASE_PASSWORD,
        SEALER: settings.SEAL_DATABASE_PASSWORD,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        # Two starts at once must not both find a role missing.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('casework roles'))")
        for role in (*LOGIN_ROLES, *TAKEN_ROLES):
            if not _exists(cursor, role):
                cursor.execute(f"CREATE ROLE {role} NOSUPERUSER NOBYPASSRLS NOCREATEDB NOINHERIT")
        for role, password in passwords.items():
            cursor.execute(f"ALTER ROLE {role} LOGIN")
            if password:
                cursor.execute(f"ALTER ROLE {role} PASSWORD %s", [password])
        made = [*LOGIN_ROLES, *TAKEN_ROLES]
        if _has_backup_role(cursor):
            made.append(BACKUP_ROLE)
        _grant(cursor, made)
        _take_back(cursor)
        _grant_taken_roles(cursor)
    return made


def _exists(cursor: Any, role: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    return cursor.fetchone() is not None


def _has_backup_role(cursor: Any) -> bool:
    """Make the role of the backup where the owner may; a superuser can make it beforehand."""
    if _exists(cursor, BACKUP_ROLE):
        return True
    cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
    if not cursor.fetchone()[0]:
        return False
    cursor.execute(f"CREATE ROLE {BACKUP_ROLE} LOGIN NOINHERIT BYPASSRLS")
    return True


def _grant(cursor: Any, roles: list[str]) -> None:
    run, everybody = cursor.execute, ", ".join(roles)
    run(f"GRANT USAGE ON SCHEMA public TO {everybody}")
    run(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {everybody}")
    run(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {ACTORS}")
    run(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {ACTORS}")
    run(f"GRANT SELECT ON accounts_auditevent TO {SEALER}")
    run(f"GRANT SELECT, INSERT ON {', '.join(SEALS)} TO {SEALER}")
    run("GRANT EXECUTE ON FUNCTION drop_audit_segment(bigint) TO casework_worker")
    run("GRANT EXECUTE ON FUNCTION forget_history(regclass, regclass, text[]) TO casework_worker")
    run(f"GRANT SELECT, INSERT, UPDATE ON {OUTBOX} TO casework_relay")
    # Nothing is delivered while everything is locked.
    run("GRANT SELECT ON accounts_emergencylock TO casework_relay")
    if BACKUP_ROLE in roles:
        run(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {BACKUP_ROLE}")
        run(f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {BACKUP_ROLE}")


def _take_back(cursor: Any) -> None:
    """Whatever actions do, these tables they only add to, or only read."""
    run = cursor.execute
    for table in _tables(cursor, *APPEND_ONLY):
        run(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {ACTORS}")
    for table in _tables(cursor, HISTORY):
        run(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM casework_web")
    # What is written into a view of the owner's no policy sees.
    for table in (*READ_ONLY, *SEALS, *_tables(cursor, GATES, REPORT_VIEWS)):
        run(f"REVOKE INSERT, UPDATE, DELETE ON {table} FROM {ACTORS}")


def _grant_taken_roles(cursor: Any) -> None:
    """What is seen only by taking a role, and what the policies ask on whose behalf."""
    run = cursor.execute
    # The owner too: reports counted from the command line take the same role.
    run(f"GRANT {', '.join(TAKEN_ROLES)} TO {ACTORS}, CURRENT_USER")
    for view in _tables(cursor, REPORT_VIEWS):
        run(f"GRANT SELECT ON {view} TO {REPORT_ROLE}")
    for view in _tables(cursor, PARTNER_VIEWS):
        run(f"REVOKE ALL ON {view} FROM {ACTORS}")
        run(f"GRANT SELECT ON {view} TO {PARTNER_ROLE}")
    for gate in _gates(cursor, GATES):
        run(f"REVOKE ALL ON FUNCTION {gate} FROM PUBLIC")
        run(f"GRANT EXECUTE ON FUNCTION {gate} TO {ACTORS}")
    for gate in _gates(cursor, INNER_GATES):
        run(f"REVOKE ALL ON FUNCTION {gate} FROM {ACTORS}")
    for gate in _gates(cursor, PARTNER_GATES):
        run(f"GRANT EXECUTE ON FUNCTION {gate} TO {PARTNER_ROLE}")


def _tables(cursor: Any, *patterns: str) -> Iterable[str]:
    cursor.execute(
        "SELECT quote_ident(table_name) FROM information_schema.tables"
        " WHERE table_schema = 'public' AND table_name LIKE ANY (%s) ORDER BY table_name",
        [list(patterns)],
    )
    return [name for (name,) in cursor.fetchall()]


def _gates(cursor: Any, pattern: str) -> Iterable[str]:
    cursor.execute(
        "SELECT oid::regprocedure::text FROM pg_proc"
        " WHERE pronamespace = 'public'::regnamespace AND proname LIKE %s ORDER BY proname",
        [pattern],
    )
    return [name for (name,) in cursor.fetchall()]
