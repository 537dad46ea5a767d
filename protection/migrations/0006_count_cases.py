"""How many cases a person has, be they closed to who asks: a number and nothing else.

Her own file is prepared by who may read all of it; that there is more is not seen otherwise.
"""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION gate_count_cases(person uuid) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT count(*) FROM casework_case WHERE person_id = person
$$
"""


class Migration(migrations.Migration):
    dependencies = [("protection", "0005_anomaly"), ("casework", "0006_gate")]

    operations = [migrations.RunSQL(FORWARDS, "DROP FUNCTION gate_count_cases(uuid)")]
