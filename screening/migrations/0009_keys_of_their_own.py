"""What an added row may not open: keys of clients by a recording, cases of other houses by a report.

A key is seen with the row that names it. A recording is of no client, so its key never is one of
a client; a report on conduct is added to cases of the own house alone. Recordings, drafts, trials
and switches are of one house each, which the database says as well from here on.
"""

from django.db import migrations

from accounts.policies import SYSTEM, guard, of, of_case_at

NARRATIVE = 4
OWNERS = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
OF_CLIENT = f"""
CREATE FUNCTION gate_is_of_client(key uuid) RETURNS boolean {OWNERS} AS $$
    SELECT EXISTS (SELECT FROM casework_person WHERE id = key)
        OR EXISTS (SELECT FROM casework_case WHERE id = key)
$$
"""
RECORDING = of("screening_recording", "id").format(table="vault_datakey")
KEY = "ALTER POLICY of_recordings ON vault_datakey USING ({})"
OWN = "conduct_by_id IS NULL OR (SELECT gate_uid()) IN (recorded_by_id, conduct_by_id)"
REPORTED = """
conduct_by_id IS NOT NULL AND organization_id = (SELECT gate_receives_conduct())
AND NOT gate_is_closed(case_id)
"""
OF_HOUSE = "organization_id = (SELECT gate_organization())"
TABLES = ("instrumentdraft", "instrumentswitch", "instrumenttrial", "recording")


def added(reported: str) -> str:
    told = f"({OWN}) AND {of_case_at(NARRATIVE)} OR ({reported})"
    return f"ALTER POLICY gate ON screening_incident WITH CHECK ({SYSTEM} OR ({told}))"


class Migration(migrations.Migration):
    dependencies = [("screening", "0008_recordings"), ("casework", "0007_policies")]

    operations = [
        migrations.RunSQL(OF_CLIENT, "DROP FUNCTION gate_is_of_client(uuid)"),
        migrations.RunSQL(
            KEY.format(f"{RECORDING} AND NOT gate_is_of_client(id)"), KEY.format(RECORDING)
        ),
        migrations.RunSQL(added(f"{REPORTED} AND gate_is_ours(case_id)"), added(REPORTED)),
        *(guard(f"screening_{name}", OF_HOUSE) for name in TABLES),
    ]
