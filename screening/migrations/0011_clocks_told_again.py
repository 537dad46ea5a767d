"""Somebody is told again before a window of care ends; what became a report leaves the timeline.

What was told of an incident before it became a report on conduct stood in the timeline of its case
and in notices to people who may not know of it.
"""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from accounts.tables import at_once

REPORTS = "SELECT id FROM screening_incident WHERE conduct_by_id IS NOT NULL"
LINES = f"DELETE FROM casework_caseevent WHERE object_id IN ({REPORTS})"
NOTICES = """
DELETE FROM accounts_notice notice USING screening_incident report
WHERE report.conduct_by_id IS NOT NULL AND notice.object_id = report.id::text
  AND notice.code = 'deadline_runs'
  AND notice.user_id NOT IN (report.recorded_by_id, report.conduct_by_id)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_notices"),
        ("casework", "0026_incident_events"),
        ("screening", "0010_route_of_talk"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="incident",
            name="changed_update",
        ),
        migrations.AddField(
            model_name="incident",
            name="clock_told_until",
            field=models.DateTimeField(editable=False, null=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="incident",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."area_id" IS DISTINCT FROM (NEW."area_id") OR OLD."case_id" IS DISTINCT FROM (NEW."case_id") OR OLD."closed_at" IS DISTINCT FROM (NEW."closed_at") OR OLD."closed_by_id" IS DISTINCT FROM (NEW."closed_by_id") OR OLD."closing_reason" IS DISTINCT FROM (NEW."closing_reason") OR OLD."conduct_by_id" IS DISTINCT FROM (NEW."conduct_by_id") OR OLD."data_key_id" IS DISTINCT FROM (NEW."data_key_id") OR OLD."facts" IS DISTINCT FROM (NEW."facts") OR OLD."first_hour" IS DISTINCT FROM (NEW."first_hour") OR OLD."first_on" IS DISTINCT FROM (NEW."first_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."last_hour" IS DISTINCT FROM (NEW."last_hour") OR OLD."last_on" IS DISTINCT FROM (NEW."last_on") OR OLD."organization_id" IS DISTINCT FROM (NEW."organization_id") OR OLD."place" IS DISTINCT FROM (NEW."place") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at") OR OLD."recorded_by_id" IS DISTINCT FROM (NEW."recorded_by_id") OR OLD."stage" IS DISTINCT FROM (NEW."stage") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."version" IS DISTINCT FROM (NEW."version"))',
                    func='INSERT INTO "screening_incident_event" ("area_id", "case_id", "closed_at", "closed_by_id", "closing_reason", "conduct_by_id", "data_key_id", "facts", "first_hour", "first_on", "id", "last_hour", "last_on", "organization_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "recorded_at", "recorded_by_id", "stage", "state", "version") VALUES (OLD."area_id", OLD."case_id", OLD."closed_at", OLD."closed_by_id", OLD."closing_reason", OLD."conduct_by_id", OLD."data_key_id", OLD."facts", OLD."first_hour", OLD."first_on", OLD."id", OLD."last_hour", OLD."last_on", OLD."organization_id", clock_timestamp(), \'changed\', OLD."id", OLD."place", OLD."recorded_at", OLD."recorded_by_id", OLD."stage", OLD."state", OLD."version"); RETURN NULL;',
                    hash="43a4961c7bcae8f905da96f37cd216b52c21e29c",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_85dbb",
                    table="screening_incident",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunSQL(LINES, migrations.RunSQL.noop),
        migrations.RunSQL(NOTICES, migrations.RunSQL.noop),
    ]
    operations = at_once(operations)
