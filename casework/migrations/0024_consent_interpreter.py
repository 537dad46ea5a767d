"""Who interpreted an answer; and which files were made under it, for who reads the case."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from accounts.policies import also, of_case_at
from accounts.tables import at_once

NARRATIVE = 4


class Migration(migrations.Migration):
    dependencies = [("casework", "0023_identity_version"), ("exports", "0002_policies")]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="consent",
            name="changed_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="consent",
            name="removed_delete",
        ),
        migrations.AddField(
            model_name="consent",
            name="interpreter",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="casework.interpreter",
                verbose_name="which interpreter",
            ),
        ),
        migrations.AddField(
            model_name="consenthistory",
            name="interpreter",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="casework.interpreter",
                verbose_name="which interpreter",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="consent",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "casework_consent_event" ("case_id", "channel", "data_key_id", "decision", "ended_with_id", "given_by", "given_on", "guardian_suspected", "id", "interpreter_id", "interpreting", "is_read_back", "items", "language_id", "organization_id", "person_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "reason", "recorded_at", "recorded_by_id", "service_id", "signed_file_id", "text_id", "text_version", "valid_until", "withdrawn_at", "witness_id") VALUES (OLD."case_id", OLD."channel", OLD."data_key_id", OLD."decision", OLD."ended_with_id", OLD."given_by", OLD."given_on", OLD."guardian_suspected", OLD."id", OLD."interpreter_id", OLD."interpreting", OLD."is_read_back", OLD."items", OLD."language_id", OLD."organization_id", OLD."person_id", clock_timestamp(), \'changed\', OLD."id", OLD."purpose", OLD."reason", OLD."recorded_at", OLD."recorded_by_id", OLD."service_id", OLD."signed_file_id", OLD."text_id", OLD."text_version", OLD."valid_until", OLD."withdrawn_at", OLD."witness_id"); RETURN NULL;',
                    hash="43dfa15f7e22b227ce03ad8c3f6351ee602f35f9",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_5cf2d",
                    table="casework_consent",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="consent",
            trigger=pgtrigger.compiler.Trigger(
                name="removed_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_consent_event" ("case_id", "channel", "data_key_id", "decision", "ended_with_id", "given_by", "given_on", "guardian_suspected", "id", "interpreter_id", "interpreting", "is_read_back", "items", "language_id", "organization_id", "person_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "reason", "recorded_at", "recorded_by_id", "service_id", "signed_file_id", "text_id", "text_version", "valid_until", "withdrawn_at", "witness_id") VALUES (OLD."case_id", OLD."channel", OLD."data_key_id", OLD."decision", OLD."ended_with_id", OLD."given_by", OLD."given_on", OLD."guardian_suspected", OLD."id", OLD."interpreter_id", OLD."interpreting", OLD."is_read_back", OLD."items", OLD."language_id", OLD."organization_id", OLD."person_id", clock_timestamp(), \'removed\', OLD."id", OLD."purpose", OLD."reason", OLD."recorded_at", OLD."recorded_by_id", OLD."service_id", OLD."signed_file_id", OLD."text_id", OLD."text_version", OLD."valid_until", OLD."withdrawn_at", OLD."witness_id"); RETURN NULL;',
                    hash="5af9daa96d0ccd89684cf1bbf7a44a6e30e8e73b",
                    operation="DELETE",
                    pgid="pgtrigger_removed_delete_861ef",
                    table="casework_consent",
                    when="AFTER",
                ),
            ),
        ),
        also("exports_export", "of_case", f"kind = 'transfer' AND {of_case_at(NARRATIVE)}"),
    ]
    operations = at_once(operations)
