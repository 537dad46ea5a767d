"""The roles that processes log in with, and what each may do in the database.

Nobody but the owner (migrations) owns a table. Web and worker may do everything that actions do,
except change what must not change; the relay touches the outbox only; report pages take the
report role, which sees the de-identified views only.
"""

from django.conf import settings
from django.db import connection, transaction

LOGIN_ROLES = ("casework_web", "casework_worker", "casework_relay", "casework_seal")
REPORT_ROLE = "casework_report"

# What may only ever be added to.
APPEND_ONLY = ("accounts_auditevent", "protection_erasureledger")
# The sealer adds to these and reads the trail; nobody else does. See docs/decisions/0021.
SEALS = ("accounts_auditseal", "accounts_auditkey")
SEALER = "casework_seal"
# What the owner alone writes.
READ_ONLY = ("django_migrations",)
OUTBOX = "accounts_outboxjob"
REPORT_VIEWS = "report_%"


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
        for role in (*LOGIN_ROLES, REPORT_ROLE):
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE ROLE {role} NOSUPERUSER NOBYPASSRLS NOCREATEDB NOINHERIT")
        for role, password in passwords.items():
            cursor.execute(f"ALTER ROLE {role} LOGIN")
            if password:
                cursor.execute(f"ALTER ROLE {role} PASSWORD %s", [password])
        _grant(cursor)
    return [*LOGIN_ROLES, REPORT_ROLE]


def _grant(cursor: object) -> None:
    run = cursor.execute  # type: ignore[attr-defined]  # a Django cursor wrapper
    everybody = ", ".join([*LOGIN_ROLES, REPORT_ROLE])
    actors = "casework_web, casework_worker"
    run(f"GRANT USAGE ON SCHEMA public TO {everybody}")
    run(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {everybody}")
    run(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {actors}")
    run(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {actors}")
    for table in APPEND_ONLY:
        run(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {actors}")
    for table in (*READ_ONLY, *SEALS):
        run(f"REVOKE INSERT, UPDATE, DELETE ON {table} FROM {actors}")
    run(f"GRANT SELECT ON accounts_auditevent TO {SEALER}")
    run(f"GRANT SELECT, INSERT ON {', '.join(SEALS)} TO {SEALER}")
    run("GRANT EXECUTE ON FUNCTION drop_audit_segment(bigint) TO casework_worker")
    run(f"GRANT SELECT, INSERT, UPDATE ON {OUTBOX} TO casework_relay")
    # The owner too: reports counted from the command line take the same role.
    run(f"GRANT {REPORT_ROLE} TO {actors}, CURRENT_USER")
    run(
        "SELECT quote_ident(table_name) FROM information_schema.views"
        " WHERE table_schema = 'public' AND table_name LIKE %s",
        [REPORT_VIEWS],
    )
    for (view,) in cursor.fetchall():  # type: ignore[attr-defined]
        run(f"GRANT SELECT ON {view} TO {REPORT_ROLE}")
