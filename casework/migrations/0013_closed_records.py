"""What a conflict of interest closes, for pages that tell of acts on records and not of records."""

from django.db import migrations

# Nobody sees the rows themselves that are closed to her, so she could not tell which acts to leave
# out. Nothing of them is told but their numbers, to the process that leaves them out.
CLOSED = """
CREATE FUNCTION gate_closed_records()
RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp ROWS 50 AS $$
    SELECT * FROM gate_blocked()
    UNION SELECT id FROM casework_case WHERE person_id IN (SELECT * FROM gate_blocked())
$$
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0012_possible_match")]

    operations = [migrations.RunSQL(CLOSED, "DROP FUNCTION gate_closed_records()")]
