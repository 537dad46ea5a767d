"""A finished report stays as it is: the database itself refuses to change or remove it."""

from django.db import migrations

FREEZE = """
CREATE FUNCTION reports_keep_finished() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND
       to_jsonb(NEW) - 'released_at' - 'released_by_id'
       = to_jsonb(OLD) - 'released_at' - 'released_by_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a finished report never changes' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER finished_report_stays BEFORE UPDATE OR DELETE ON reports_report
FOR EACH ROW WHEN (OLD.state = 'done') EXECUTE FUNCTION reports_keep_finished();
"""
THAW = """
DROP TRIGGER finished_report_stays ON reports_report;
DROP FUNCTION reports_keep_finished();
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_facts")]

    operations = [migrations.RunSQL(FREEZE, THAW)]
