"""A record that was merged into another one: seen with it, hidden with it, never beside it.

The pages show the other one (`visible_to`). The row itself stays, with the key that some of what
moved is sealed with, so both must be seen by whoever sees the record that is kept.
"""

from django.db import migrations

from accounts.policies import SOMEBODY, SYSTEM, guard, guard_history, of

OWNERS = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"

# Whoever is closed to the actor is so with every record of hers.
BLOCKED = """
    SELECT cas.person_id FROM casework_caseblock block
    JOIN casework_case cas ON cas.id = block.case_id
    WHERE block.user_id = gate_uid() AND block.lifted_at IS NULL
"""
BLOCKED_WITH_MERGED = f"""
    WITH closed (person_id) AS ({BLOCKED})
    SELECT person_id FROM closed
    UNION SELECT merged.id FROM casework_person merged
    JOIN closed ON closed.person_id = merged.merged_into_id
"""
HIDDEN = """
    SELECT person_id FROM casework_case WHERE is_sealed
    UNION SELECT * FROM gate_blocked()
"""
HIDDEN_WITH_MERGED = """
    SELECT person_id FROM casework_case WHERE is_sealed
    UNION SELECT merged.id FROM casework_person merged
    JOIN casework_case cas ON cas.person_id = merged.merged_into_id WHERE cas.is_sealed
    UNION SELECT * FROM gate_blocked()
"""

# People of whom one of the actor's teams had a record of its own.
JOINED = f"""
CREATE FUNCTION gate_joined() RETURNS SETOF uuid {OWNERS} ROWS 50 AS $$
    SELECT merged_into_id FROM casework_person
    WHERE merged_into_id IS NOT NULL AND organization_id = gate_organization()
      AND team_id = ANY (gate_served_teams())
$$
"""
# Pairs of random numbers, and no more.
MERGED = f"""
CREATE FUNCTION gate_merged() RETURNS TABLE (loser uuid, survivor uuid) {OWNERS} ROWS 100 AS $$
    SELECT id, merged_into_id FROM casework_person WHERE merged_into_id IS NOT NULL
$$
"""
# Where an old number or the whole of an old code leads to.
LEADS_TO = f"""
CREATE FUNCTION gate_leads_to(wanted uuid, wanted_code text) RETURNS uuid {OWNERS} AS $$
    SELECT merged_into_id FROM casework_person WHERE id = wanted OR code = wanted_code
$$
"""
PEOPLE = """
organization_id = (SELECT gate_at_desk('protection'))
    AND id NOT IN (SELECT * FROM gate_blocked())
OR archived_on IS NULL AND (
    (
        organization_id = (SELECT gate_coordinates())
        OR organization_id = (SELECT gate_organization())
           AND (team_id = ANY ((SELECT gate_served_teams())::int[]){joined})
    ) AND id NOT IN (SELECT * FROM gate_hidden())
    OR id IN (SELECT held.person_id FROM gate_access(2) held)
)
"""
OURS = "organization_id = (SELECT gate_organization())"
KEYS = f"{of('casework_person', 'id')} OR {of('casework_case', 'id')}"
KEYS_OF_MERGED = f"""{KEYS}
OR {{table}}.id IN (
    SELECT pair.loser FROM gate_merged() pair
    JOIN casework_person kept ON kept.id = pair.survivor
)
"""
# That two names sound alike is told to coordinators, and to whoever may see both.
TICKETS = f"""
{of("casework_person", "first_id")} AND {of("casework_person", "second_id")}
AND (
    NOT 'name' = ANY (likeness)
    OR organization_id = (SELECT gate_coordinates())
    OR first_id IN (SELECT held.person_id FROM gate_access(3) held)
       AND second_id IN (SELECT held.person_id FROM gate_access(3) held)
)
"""


def function(name: str, body: str) -> str:
    rows = 10 if name == "gate_blocked" else 50
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS SETOF uuid {OWNERS} ROWS {rows} AS $$ {body} $$"


def policy(table: str, rows: str, new: str) -> list[str]:
    text = (
        f"CREATE POLICY gate ON {table}"
        f" USING ({SYSTEM} OR ({rows})) WITH CHECK ({SYSTEM} OR ({new}))"
    )
    return [f"DROP POLICY gate ON {table}", text.replace("{table}", table)]


def people(joined: str) -> list[str]:
    return policy("casework_person", PEOPLE.format(joined=joined), OURS)


class Migration(migrations.Migration):
    dependencies = [("casework", "0016_twins")]

    operations = [
        migrations.RunSQL(
            [
                function("gate_blocked", BLOCKED_WITH_MERGED),
                function("gate_hidden", HIDDEN_WITH_MERGED),
            ],
            [function("gate_hidden", HIDDEN), function("gate_blocked", BLOCKED)],
        ),
        migrations.RunSQL(JOINED, "DROP FUNCTION gate_joined()"),
        migrations.RunSQL(MERGED, "DROP FUNCTION gate_merged()"),
        migrations.RunSQL(LEADS_TO, "DROP FUNCTION gate_leads_to(uuid, text)"),
        migrations.RunSQL(people(" OR id IN (SELECT * FROM gate_joined())"), people("")),
        migrations.RunSQL(
            policy("vault_datakey", KEYS_OF_MERGED, SOMEBODY),
            policy("vault_datakey", KEYS, SOMEBODY),
        ),
        guard("casework_twinticket", TICKETS),
        guard("casework_personmerge", of("casework_person", "survivor_id")),
        guard_history("casework_twinticket_event", "casework_twinticket"),
    ]
