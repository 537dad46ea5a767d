"""What the gates ask, as functions of the database: who acts, and what she has access to.

They run as the owner, so that what decides need not be visible itself. Each takes the actor from
the settings of the transaction (`accounts.scope`) and from nowhere else. The rules are those of
`visible_to` in casework's models; tests hold both against each other.
"""

from django.db import migrations

# Acts with the rights of its owner, on tables and functions of ours only.
OWNERS = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
TODAY = "(clock_timestamp() AT TIME ZONE 'Europe/Belgrade')::date"
# A clock of another machine may lag behind by a little.
IN_FORCE = (
    "held.starts_at <= clock_timestamp() + interval '5 seconds'"
    " AND (held.ends_at IS NULL OR held.ends_at > clock_timestamp())"
)
# Codenames of the permissions of access, in the order of accounts.levels from OPERATIONAL (2) on.
LEVELS = "(ARRAY['access_operational', 'access_identity', 'access_narrative', 'access_restricted'])"

FUNCTIONS = {
    "gate_uid()": """
RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('app.uid', true), '')::uuid
$$""",
    # Of the one who asks, not of the owner: only the worker's role can be the house itself.
    "gate_is_system()": """
RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT current_user = 'casework_worker'
       AND coalesce(current_setting('app.system', true), '') <> ''
$$""",
    # A machine's token may see less than its owner.
    "gate_highest_level()": """
RETURNS int LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(nullif(current_setting('app.level', true), '')::int, 5)
$$""",
    "gate_has_role(VARIADIC codes text[])": f"""
RETURNS boolean {OWNERS} AS $$
    SELECT EXISTS (
        SELECT FROM accounts_roleassignment held
        WHERE held.user_id = gate_uid() AND held.role_id = ANY (codes)
          AND held.starts_on <= {TODAY} AND (held.ends_on IS NULL OR held.ends_on >= {TODAY})
    )
$$""",
    "gate_organization()": f"""
RETURNS uuid {OWNERS} AS $$
    SELECT organization_id FROM accounts_user WHERE id = gate_uid()
$$""",
    "gate_coordinates()": f"""
RETURNS uuid {OWNERS} AS $$
    SELECT gate_organization() WHERE gate_has_role('coordinator')
$$""",
    "gate_teams()": f"""
RETURNS int[] {OWNERS} AS $$
    SELECT coalesce(array_agg(team_id), '{{}}') FROM accounts_user_teams WHERE user_id = gate_uid()
$$""",
    # Teams whose people a user serves; she must work at a desk or in the field.
    "gate_served_teams()": f"""
RETURNS int[] {OWNERS} AS $$
    SELECT CASE WHEN gate_has_role('caseworker', 'mobile', 'phone_operator')
                THEN gate_teams() ELSE '{{}}' END
$$""",
    # The actor's organization while she is at a desk that reaches all of it and has the role for it.
    "gate_at_desk(VARIADIC names text[])": f"""
RETURNS uuid {OWNERS} AS $$
    SELECT gate_organization()
    WHERE current_setting('app.desk', true) = ANY (names)
      AND CASE current_setting('app.desk', true)
          WHEN 'protection' THEN gate_has_role('data_protection', 'coordinator')
          ELSE false END
$$""",
    # People closed to the actor, whatever access she has.
    "gate_blocked()": f"""
RETURNS SETOF uuid {OWNERS} ROWS 10 AS $$
    SELECT cas.person_id FROM casework_caseblock block
    JOIN casework_case cas ON cas.id = block.case_id
    WHERE block.user_id = gate_uid() AND block.lifted_at IS NULL
$$""",
    # People whom only access by name opens, and those who are closed to the actor.
    "gate_hidden()": f"""
RETURNS SETOF uuid {OWNERS} ROWS 50 AS $$
    SELECT person_id FROM casework_case WHERE is_sealed
    UNION SELECT * FROM gate_blocked()
$$""",
    "gate_access(lowest int)": f"""
RETURNS TABLE (case_id uuid, person_id uuid) {OWNERS} ROWS 200 AS $$
    SELECT cas.id, cas.person_id
    FROM (
        SELECT held.case_id, false AS by_team
        FROM casework_caseaccess held JOIN auth_permission level ON level.id = held.permission_id
        WHERE held.user_id = gate_uid() AND {IN_FORCE}
          AND level.codename = ANY ({LEVELS}[lowest - 1:])
        UNION ALL
        SELECT held.case_id, true
        FROM casework_teamcaseaccess held JOIN auth_permission level ON level.id = held.permission_id
        WHERE held.group_id = ANY (gate_teams()) AND {IN_FORCE}
          AND level.codename = ANY ({LEVELS}[lowest - 1:])
    ) held
    JOIN casework_case cas ON cas.id = held.case_id
    WHERE lowest <= gate_highest_level() AND cas.archived_on IS NULL
      AND NOT (held.by_team AND cas.is_sealed)
      AND cas.person_id NOT IN (SELECT * FROM gate_blocked())
$$""",
    "gate_is_ours(wanted uuid)": f"""
RETURNS boolean {OWNERS} AS $$
    SELECT EXISTS (
        SELECT FROM casework_case
        WHERE id = wanted AND organization_id = gate_organization()
    )
$$""",
    # Two questions across all cases, answered by yes or no only.
    "gate_has_case(person uuid)": f"""
RETURNS boolean {OWNERS} AS $$
    SELECT EXISTS (SELECT FROM casework_case WHERE person_id = person)
$$""",
    "gate_has_open_case(person uuid, organization uuid)": f"""
RETURNS boolean {OWNERS} AS $$
    SELECT EXISTS (
        SELECT FROM casework_case
        WHERE person_id = person AND organization_id = organization
          AND status IN ('Active', 'FollowUp')
    )
$$""",
}


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0005_case_files"),
        ("accounts", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.RunSQL(f"CREATE FUNCTION {name} {body}", f"DROP FUNCTION {name}")
        for name, body in FUNCTIONS.items()
    ]
