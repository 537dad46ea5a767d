"""Who may see requests for emergency access; who asks finds the one case whose code she names."""

from django.db import migrations

from accounts.policies import also, guard, of

OWNERS = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"

FUNCTIONS = {
    "gate_may(wanted text)": f"""
RETURNS boolean {OWNERS} AS $$
    SELECT EXISTS (
        SELECT FROM accounts_roleassignment held
        JOIN accounts_role_permissions allowed ON allowed.role_id = held.role_id
        JOIN auth_permission permission ON permission.id = allowed.permission_id
        WHERE held.user_id = gate_uid() AND permission.codename = wanted
          AND gate_has_role(VARIADIC ARRAY[held.role_id])
    )
$$""",
    # The organization whose case somebody asks for by its code.
    "gate_at_emergency()": f"""
RETURNS uuid {OWNERS} AS $$
    SELECT gate_organization()
    WHERE current_setting('app.desk', true) = 'emergency' AND gate_may('ask_emergency_access')
$$""",
    # The organization whose requests somebody agrees to and reviews.
    "gate_reviews()": f"""
RETURNS uuid {OWNERS} AS $$
    SELECT gate_organization() WHERE gate_may('review_emergency_access')
$$""",
    "gate_is_closed(wanted uuid)": f"""
RETURNS boolean {OWNERS} AS $$
    SELECT EXISTS (
        SELECT FROM casework_case
        WHERE id = wanted AND person_id IN (SELECT * FROM gate_blocked())
    )
$$""",
}

EMERGENCY = """
asked_by_id = (SELECT gate_uid())
OR organization_id = (SELECT gate_reviews()) AND NOT gate_is_closed(case_id)
"""
NAMED = """
organization_id = (SELECT gate_at_emergency()) AND archived_on IS NULL
AND {key} NOT IN (SELECT * FROM gate_blocked())
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0008_emergency")]

    operations = [
        *(
            migrations.RunSQL(f"CREATE FUNCTION {name} {body}", f"DROP FUNCTION {name}")
            for name, body in FUNCTIONS.items()
        ),
        guard("casework_emergencyaccess", EMERGENCY),
        guard("casework_emergencyvote", of("casework_emergencyaccess", "emergency_id")),
        also("casework_case", "emergency", NAMED.format(key="person_id")),
        also("casework_person", "emergency", NAMED.format(key="id")),
    ]
