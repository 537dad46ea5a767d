"""The same gates for cases and people, asked row by row where that is cheaper.

`gate_access` reads all that somebody has access to, once for each question of a page. With
thousands of rows of her own that is most of the page's time. Views of the owner show the rows of
who acts and no others; the database looks up one row in them, or reads them once, as it finds
cheaper.
"""

from django.db import migrations

from accounts.policies import SYSTEM

OWNERS = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
# A clock of another machine may lag behind by a little.
IN_FORCE = (
    "held.starts_at <= statement_timestamp() + interval '5 seconds'"
    " AND (held.ends_at IS NULL OR held.ends_at > statement_timestamp())"
)
LEVELS = "(ARRAY['access_operational', 'access_identity', 'access_narrative', 'access_restricted'])"

OBJECTS = [
    # Keys of the permissions that open a level; none of one that a token may not open.
    (
        "FUNCTION gate_permissions(lowest int)",
        f"""
RETURNS int[] {OWNERS} AS $$
    SELECT coalesce(array_agg(level.id), '{{}}') FROM auth_permission level
    JOIN django_content_type kind ON kind.id = level.content_type_id
    WHERE kind.app_label = 'casework' AND kind.model = 'case'
      AND level.codename = ANY ({LEVELS}[lowest - 1:]) AND lowest <= gate_highest_level()
$$""",
    ),
    (
        "FUNCTION gate_team_cases(lowest int)",
        f"""
RETURNS SETOF uuid {OWNERS} ROWS 50 AS $$
    SELECT held.case_id FROM casework_teamcaseaccess held
    WHERE held.group_id = ANY (gate_teams()) AND {IN_FORCE}
      AND held.permission_id = ANY (gate_permissions(lowest))
$$""",
    ),
    (
        "FUNCTION gate_team_people(lowest int)",
        f"""
RETURNS SETOF uuid {OWNERS} ROWS 50 AS $$
    SELECT cas.person_id FROM casework_case cas
    WHERE cas.id IN (SELECT gate_team_cases(lowest))
      AND cas.archived_on IS NULL AND NOT cas.is_sealed
$$""",
    ),
    (
        "VIEW gate_own_cases",
        f"""
AS SELECT held.case_id, held.permission_id FROM casework_caseaccess held
WHERE held.user_id = (SELECT gate_uid()) AND {IN_FORCE}""",
    ),
    (
        "VIEW gate_own_people",
        f"""
AS SELECT cas.person_id, held.permission_id FROM casework_caseaccess held
JOIN casework_case cas ON cas.id = held.case_id
WHERE held.user_id = (SELECT gate_uid()) AND {IN_FORCE} AND cas.archived_on IS NULL""",
    ),
]

OPERATIONAL = "held.permission_id = ANY ((SELECT gate_permissions(2))::int[])"
CASE = """
organization_id = (SELECT gate_at_desk('protection'))
    AND person_id NOT IN (SELECT * FROM gate_blocked())
OR archived_on IS NULL AND (
    organization_id = (SELECT gate_coordinates())
        AND person_id NOT IN (SELECT * FROM gate_hidden())
    OR {held}
)
"""
HELD_CASE = f"""(
    EXISTS (
        SELECT FROM gate_own_cases held WHERE held.case_id = casework_case.id AND {OPERATIONAL}
    )
    OR NOT is_sealed AND id IN (SELECT gate_team_cases(2))
) AND person_id NOT IN (SELECT * FROM gate_blocked())"""
PERSON = """
organization_id = (SELECT gate_at_desk('protection'))
    AND id NOT IN (SELECT * FROM gate_blocked())
OR archived_on IS NULL AND (
    (
        organization_id = (SELECT gate_coordinates())
        OR organization_id = (SELECT gate_organization())
           AND (
               team_id = ANY ((SELECT gate_served_teams())::int[])
               OR id IN (SELECT * FROM gate_joined())
           )
    ) AND id NOT IN (SELECT * FROM gate_hidden())
    OR {held}
)
"""
HELD_PERSON = f"""(
    EXISTS (
        SELECT FROM gate_own_people held
        WHERE held.person_id = casework_person.id AND {OPERATIONAL}
    )
    OR id IN (SELECT gate_team_people(2))
) AND id NOT IN (SELECT * FROM gate_blocked())"""


def changed(table: str, rows: str) -> str:
    return f"ALTER POLICY gate ON {table} USING ({SYSTEM} OR ({rows}))"


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0019_families"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        *(migrations.RunSQL(f"CREATE {name} {body}", f"DROP {name}") for name, body in OBJECTS),
        migrations.RunSQL(
            changed("casework_case", CASE.format(held=HELD_CASE)),
            changed(
                "casework_case",
                CASE.format(held="id IN (SELECT held.case_id FROM gate_access(2) held)"),
            ),
        ),
        migrations.RunSQL(
            changed("casework_person", PERSON.format(held=HELD_PERSON)),
            changed(
                "casework_person",
                PERSON.format(held="id IN (SELECT held.person_id FROM gate_access(2) held)"),
            ),
        ),
    ]
