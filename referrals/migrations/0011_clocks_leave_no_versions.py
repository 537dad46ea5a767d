"""What the clocks note for themselves leaves no earlier version of a referral behind."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

from accounts.tables import at_once


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0010_company_and_needs"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="referral",
            name="changed_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="referral",
            name="removed_delete",
        ),
        migrations.RemoveField(
            model_name="referralhistory",
            name="next_check_at",
        ),
        migrations.RemoveField(
            model_name="referralhistory",
            name="overdue_at",
        ),
        migrations.RemoveField(
            model_name="referralhistory",
            name="rung",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="referral",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."answered_at" IS DISTINCT FROM (NEW."answered_at") OR OLD."appointment_at" IS DISTINCT FROM (NEW."appointment_at") OR OLD."case_id" IS DISTINCT FROM (NEW."case_id") OR OLD."client_rating" IS DISTINCT FROM (NEW."client_rating") OR OLD."client_said_at" IS DISTINCT FROM (NEW."client_said_at") OR OLD."client_word" IS DISTINCT FROM (NEW."client_word") OR OLD."confirmed_by" IS DISTINCT FROM (NEW."confirmed_by") OR OLD."consent_id" IS DISTINCT FROM (NEW."consent_id") OR OLD."contact" IS DISTINCT FROM (NEW."contact") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id") OR OLD."data_key_id" IS DISTINCT FROM (NEW."data_key_id") OR OLD."decline_reason_id" IS DISTINCT FROM (NEW."decline_reason_id") OR OLD."deleted_at" IS DISTINCT FROM (NEW."deleted_at") OR OLD."deletion_asked_at" IS DISTINCT FROM (NEW."deletion_asked_at") OR OLD."delivered_at" IS DISTINCT FROM (NEW."delivered_at") OR OLD."due_at" IS DISTINCT FROM (NEW."due_at") OR OLD."ended_at" IS DISTINCT FROM (NEW."ended_at") OR OLD."extent" IS DISTINCT FROM (NEW."extent") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."items" IS DISTINCT FROM (NEW."items") OR OLD."message" IS DISTINCT FROM (NEW."message") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."organization_id" IS DISTINCT FROM (NEW."organization_id") OR OLD."other_service" IS DISTINCT FROM (NEW."other_service") OR OLD."overridden_at" IS DISTINCT FROM (NEW."overridden_at") OR OLD."overridden_by_id" IS DISTINCT FROM (NEW."overridden_by_id") OR OLD."override" IS DISTINCT FROM (NEW."override") OR OLD."override_note" IS DISTINCT FROM (NEW."override_note") OR OLD."override_review" IS DISTINCT FROM (NEW."override_review") OR OLD."override_reviewed_at" IS DISTINCT FROM (NEW."override_reviewed_at") OR OLD."override_reviewed_by_id" IS DISTINCT FROM (NEW."override_reviewed_by_id") OR OLD."previous_id" IS DISTINCT FROM (NEW."previous_id") OR OLD."received_at" IS DISTINCT FROM (NEW."received_at") OR OLD."review" IS DISTINCT FROM (NEW."review") OR OLD."reviewed_at" IS DISTINCT FROM (NEW."reviewed_at") OR OLD."reviewed_by_id" IS DISTINCT FROM (NEW."reviewed_by_id") OR OLD."sent_at" IS DISTINCT FROM (NEW."sent_at") OR OLD."sent_by_id" IS DISTINCT FROM (NEW."sent_by_id") OR OLD."service_id" IS DISTINCT FROM (NEW."service_id") OR OLD."started_at" IS DISTINCT FROM (NEW."started_at") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."urgency" IS DISTINCT FROM (NEW."urgency") OR OLD."version" IS DISTINCT FROM (NEW."version"))',
                    func='INSERT INTO "referrals_referral_event" ("answered_at", "appointment_at", "case_id", "client_rating", "client_said_at", "client_word", "confirmed_by", "consent_id", "contact", "created_at", "created_by_id", "data_key_id", "decline_reason_id", "deleted_at", "deletion_asked_at", "delivered_at", "due_at", "ended_at", "extent", "id", "items", "message", "number", "organization_id", "other_service", "overridden_at", "overridden_by_id", "override", "override_note", "override_review", "override_reviewed_at", "override_reviewed_by_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_id", "received_at", "review", "reviewed_at", "reviewed_by_id", "sent_at", "sent_by_id", "service_id", "started_at", "state", "urgency", "version") VALUES (OLD."answered_at", OLD."appointment_at", OLD."case_id", OLD."client_rating", OLD."client_said_at", OLD."client_word", OLD."confirmed_by", OLD."consent_id", OLD."contact", OLD."created_at", OLD."created_by_id", OLD."data_key_id", OLD."decline_reason_id", OLD."deleted_at", OLD."deletion_asked_at", OLD."delivered_at", OLD."due_at", OLD."ended_at", OLD."extent", OLD."id", OLD."items", OLD."message", OLD."number", OLD."organization_id", OLD."other_service", OLD."overridden_at", OLD."overridden_by_id", OLD."override", OLD."override_note", OLD."override_review", OLD."override_reviewed_at", OLD."override_reviewed_by_id", clock_timestamp(), \'changed\', OLD."id", OLD."previous_id", OLD."received_at", OLD."review", OLD."reviewed_at", OLD."reviewed_by_id", OLD."sent_at", OLD."sent_by_id", OLD."service_id", OLD."started_at", OLD."state", OLD."urgency", OLD."version"); RETURN NULL;',
                    hash="d0193a6945ce91339e89c412295aa5ad159fc803",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_46b98",
                    table="referrals_referral",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="referral",
            trigger=pgtrigger.compiler.Trigger(
                name="removed_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "referrals_referral_event" ("answered_at", "appointment_at", "case_id", "client_rating", "client_said_at", "client_word", "confirmed_by", "consent_id", "contact", "created_at", "created_by_id", "data_key_id", "decline_reason_id", "deleted_at", "deletion_asked_at", "delivered_at", "due_at", "ended_at", "extent", "id", "items", "message", "number", "organization_id", "other_service", "overridden_at", "overridden_by_id", "override", "override_note", "override_review", "override_reviewed_at", "override_reviewed_by_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_id", "received_at", "review", "reviewed_at", "reviewed_by_id", "sent_at", "sent_by_id", "service_id", "started_at", "state", "urgency", "version") VALUES (OLD."answered_at", OLD."appointment_at", OLD."case_id", OLD."client_rating", OLD."client_said_at", OLD."client_word", OLD."confirmed_by", OLD."consent_id", OLD."contact", OLD."created_at", OLD."created_by_id", OLD."data_key_id", OLD."decline_reason_id", OLD."deleted_at", OLD."deletion_asked_at", OLD."delivered_at", OLD."due_at", OLD."ended_at", OLD."extent", OLD."id", OLD."items", OLD."message", OLD."number", OLD."organization_id", OLD."other_service", OLD."overridden_at", OLD."overridden_by_id", OLD."override", OLD."override_note", OLD."override_review", OLD."override_reviewed_at", OLD."override_reviewed_by_id", clock_timestamp(), \'removed\', OLD."id", OLD."previous_id", OLD."received_at", OLD."review", OLD."reviewed_at", OLD."reviewed_by_id", OLD."sent_at", OLD."sent_by_id", OLD."service_id", OLD."started_at", OLD."state", OLD."urgency", OLD."version"); RETURN NULL;',
                    hash="5202af18b6166adc235349a93a81f87e99566703",
                    operation="DELETE",
                    pgid="pgtrigger_removed_delete_3efd0",
                    table="referrals_referral",
                    when="AFTER",
                ),
            ),
        ),
    ]
    operations = at_once(operations)
