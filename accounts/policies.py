"""Policies of tables, for migrations: which rows the database itself shows and takes.

The rules repeat the gates (`visible_to`) and are written with the functions named `gate_…` of
casework's migrations. They hold for every role but the owner, who migrates and serves nobody.
Whatever a table's rule says, the house sees its rows when a job or command acts (`scope.system`)
as the worker's role. docs/recipes/add-a-table-of-clients.md shows how a table is guarded.
"""

from django.db import migrations

# Where the house itself acts.
SYSTEM = "(SELECT gate_is_system())"
# Some user acts, whoever it is.
SOMEBODY = "(SELECT gate_uid()) IS NOT NULL"


def of(parent: str, column: str) -> str:
    """Rows whose `column` names a row of another guarded table that can be seen."""
    return f"EXISTS (SELECT FROM {parent} parent WHERE parent.id = {{table}}.{column})"


def of_case_at(level: int, column: str = "case_id") -> str:
    """Rows of cases to which the actor has access at a level above the operational one."""
    return f"{column} IN (SELECT held.case_id FROM gate_access({level}) held)"


def guard(table: str, rows: str, *, new: str = "") -> migrations.RunSQL:
    """Show and take only these rows of a table; `new` says what may be added where it differs."""
    return migrations.RunSQL(
        [f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY", _policy(table, rows, new or rows)],
        [f"DROP POLICY gate ON {table}", f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"],
    )


def guard_history(table: str, parent: str) -> migrations.RunSQL:
    """A table of earlier versions: seen with the row as it is now, added to by its trigger."""
    return guard(table, of(parent, "pgh_obj_id"), new=SOMEBODY)


def also(table: str, name: str, rows: str, *, command: str = "SELECT") -> migrations.RunSQL:
    """Let these rows of a guarded table be read as well, or be added with `INSERT`."""
    clause = "WITH CHECK" if command == "INSERT" else "USING"
    text = f"CREATE POLICY {name} ON {table} FOR {command} {clause} ({rows})"
    return migrations.RunSQL(text.replace("{table}", table), f"DROP POLICY {name} ON {table}")


def _policy(table: str, rows: str, new: str) -> str:
    using, check = (f"{SYSTEM} OR ({rule})" for rule in (rows, new))
    text = f"CREATE POLICY gate ON {table} USING ({using}) WITH CHECK ({check})"
    return text.replace("{table}", table)
