"""Consents of people without a case, whose answer it was, and in which words it was asked."""

import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
import vault.fields
from django.conf import settings
from django.db import migrations, models

from accounts.policies import SYSTEM, of
from accounts.tables import at_once

RULE = f"""
case_id IS NULL AND {of("casework_person", "person_id")}
OR {of("casework_case", "case_id")}
"""
# So far all were said in a case. Without the triggers: nothing changes that a history would tell.
BACKFILL = """
ALTER TABLE casework_consent DISABLE TRIGGER USER;
UPDATE casework_consent consent SET person_id = cas.person_id, data_key_id = cas.data_key_id
FROM casework_case cas WHERE cas.id = consent.case_id;
ALTER TABLE casework_consent ENABLE TRIGGER USER;
UPDATE casework_consent_event earlier
SET person_id = cas.person_id, data_key_id = cas.data_key_id
FROM casework_case cas WHERE cas.id = earlier.case_id;
"""


def policy(using: str) -> str:
    rule = f"{SYSTEM} OR ({using})".replace("{table}", "casework_consent")
    return f"ALTER POLICY gate ON casework_consent USING ({rule}) WITH CHECK ({rule})"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0016_trail_permissions"),
        ("casework", "0017_one_person"),
        ("directory", "0001_initial"),
        ("vault", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ConsentText",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("record", "Keep a record with us"),
                            ("referral", "Share with a service"),
                            ("statistics", "Count without a name"),
                            ("contact", "Contact later"),
                            ("tracing", "Look for relatives"),
                            ("photo", "Take a picture"),
                            ("research", "Use for research, without a name"),
                        ],
                        max_length=20,
                        verbose_name="what is asked",
                    ),
                ),
                ("version", models.CharField(max_length=20, verbose_name="version")),
                ("text", models.TextField(max_length=3000, verbose_name="text")),
                (
                    "written_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("reviewed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "valid_from",
                    models.DateField(
                        default=django.utils.timezone.localdate, verbose_name="used from"
                    ),
                ),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="used until")),
            ],
            options={
                "verbose_name": "wording",
                "verbose_name_plural": "wordings",
                "ordering": ["purpose", "language", "-written_at"],
                "permissions": [
                    ("write_consent_text", "Can write how consent is asked"),
                    ("review_consent_text", "Can review how consent is asked"),
                ],
            },
        ),
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
            name="data_key",
            field=vault.fields.DataKeyField(),
        ),
        migrations.AddField(
            model_name="consent",
            name="ended_with",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="casework.consent",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="given_by",
            field=models.CharField(
                choices=[
                    ("self", "The person"),
                    ("guardian", "Parent or guardian"),
                    ("caregiver", "Who cares for the child"),
                    ("authority", "Centre for social work"),
                    ("best_interests", "Nobody can be reached: in the child's best interests"),
                ],
                default="self",
                max_length=20,
                verbose_name="who answered",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="guardian_suspected",
            field=models.CharField(
                choices=[("yes", "Yes"), ("no", "No"), ("unknown", "Not known")],
                default="unknown",
                max_length=10,
                verbose_name="guardian suspected",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="interpreting",
            field=models.CharField(
                choices=[
                    ("not_needed", "No interpreter"),
                    ("in_person", "Interpreter here"),
                    ("by_phone", "Interpreter by phone"),
                    ("none_free", "Wanted, none free"),
                ],
                default="not_needed",
                max_length=20,
                verbose_name="who interpreted",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="is_read_back",
            field=models.BooleanField(default=False, verbose_name="told back in own words"),
        ),
        migrations.AddField(
            model_name="consent",
            name="person",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="consents",
                to="casework.person",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="reason",
            field=vault.fields.SealedTextField(verbose_name="why it is kept from them"),
        ),
        migrations.AddField(
            model_name="consent",
            name="service",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="directory.service",
                verbose_name="only this service",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="signed_file",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="casework.casefile",
                verbose_name="signed paper",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="witness",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="witness",
            ),
        ),
        migrations.AddField(
            model_name="consenthistory",
            name="data_key",
            field=vault.fields.DataKeyField(db_index=False, related_query_name="+"),
        ),
        migrations.AddField(
            model_name="consenthistory",
            name="ended_with",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="casework.consent",
            ),
        ),
        migrations.AddField(
            model_name="consenthistory",
            name="given_by",
            field=models.CharField(
                choices=[
                    ("self", "The person"),
                    ("guardian", "Parent or guardian"),
                    ("caregiver", "Who cares for the child"),
                    ("authority", "Centre for social work"),
                    ("best_interests", "Nobody can be reached: in the child's best interests"),
                ],
                default="self",
                max_length=20,
                verbose_name="who answered",
            ),
        ),
        migrations.AddField(
            model_name="consenthistory",
            name="guardian_suspected",
            field=models.CharField(
                choices=[("yes", "Yes"), ("no", "No"), ("unknown", "Not known")],
                default="unknown",
                max_length=10,
                verbose_name="guardian suspected",
            ),
        ),
        migrations.AddField(
            model_name="consenthistory",
            name="interpreting",
            field=models.CharField(
                choices=[
                    ("not_needed", "No interpreter"),
                    ("in_person", "Interpreter here"),
                    ("by_phone", "Interpreter by phone"),
                    ("none_free", "Wanted, none free"),
                ],
                default="not_needed",
                max_length=20,
                verbose_name="who interpreted",
            ),
        ),
        migrations.AddField(
            model_name="consenthistory",
            name="is_read_back",
            field=models.BooleanField(default=False, verbose_name="told back in own words"),
        ),
        migrations.AddField(
            model_name="consenthistory",
            name="person",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="casework.person",
            ),
        ),
        migrations.AddField(
            model_name="consenthistory",
            name="reason",
            field=vault.fields.SealedTextField(verbose_name="why it is kept from them"),
        ),
        migrations.AddField(
            model_name="consenthistory",
            name="service",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="directory.service",
                verbose_name="only this service",
            ),
        ),
        migrations.AddField(
            model_name="consenthistory",
            name="signed_file",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="casework.casefile",
                verbose_name="signed paper",
            ),
        ),
        migrations.AddField(
            model_name="consenthistory",
            name="witness",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="witness",
            ),
        ),
        migrations.AlterField(
            model_name="consent",
            name="case",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="consents",
                to="casework.case",
            ),
        ),
        migrations.AlterField(
            model_name="consent",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("record", "Keep a record with us"),
                    ("referral", "Share with a service"),
                    ("statistics", "Count without a name"),
                    ("contact", "Contact later"),
                    ("tracing", "Look for relatives"),
                    ("photo", "Take a picture"),
                    ("research", "Use for research, without a name"),
                ],
                max_length=20,
                verbose_name="purpose",
            ),
        ),
        migrations.AlterField(
            model_name="consent",
            name="text_version",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AlterField(
            model_name="consenthistory",
            name="case",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="casework.case",
            ),
        ),
        migrations.AlterField(
            model_name="consenthistory",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("record", "Keep a record with us"),
                    ("referral", "Share with a service"),
                    ("statistics", "Count without a name"),
                    ("contact", "Contact later"),
                    ("tracing", "Look for relatives"),
                    ("photo", "Take a picture"),
                    ("research", "Use for research, without a name"),
                ],
                max_length=20,
                verbose_name="purpose",
            ),
        ),
        migrations.AlterField(
            model_name="consenthistory",
            name="text_version",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="consent",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="consents",
                to="casework.person",
            ),
        ),
        migrations.AlterField(
            model_name="consenthistory",
            name="person",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="casework.person",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="consent",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "casework_consent_event" ("case_id", "channel", "data_key_id", "decision", "ended_with_id", "given_by", "given_on", "guardian_suspected", "id", "interpreting", "is_read_back", "items", "language_id", "organization_id", "person_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "reason", "recorded_at", "recorded_by_id", "service_id", "signed_file_id", "text_id", "text_version", "valid_until", "withdrawn_at", "witness_id") VALUES (OLD."case_id", OLD."channel", OLD."data_key_id", OLD."decision", OLD."ended_with_id", OLD."given_by", OLD."given_on", OLD."guardian_suspected", OLD."id", OLD."interpreting", OLD."is_read_back", OLD."items", OLD."language_id", OLD."organization_id", OLD."person_id", clock_timestamp(), \'changed\', OLD."id", OLD."purpose", OLD."reason", OLD."recorded_at", OLD."recorded_by_id", OLD."service_id", OLD."signed_file_id", OLD."text_id", OLD."text_version", OLD."valid_until", OLD."withdrawn_at", OLD."witness_id"); RETURN NULL;',
                    hash="fc15f1947b2e46b48a17943e9d2c14878994b342",
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
                    func='INSERT INTO "casework_consent_event" ("case_id", "channel", "data_key_id", "decision", "ended_with_id", "given_by", "given_on", "guardian_suspected", "id", "interpreting", "is_read_back", "items", "language_id", "organization_id", "person_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "reason", "recorded_at", "recorded_by_id", "service_id", "signed_file_id", "text_id", "text_version", "valid_until", "withdrawn_at", "witness_id") VALUES (OLD."case_id", OLD."channel", OLD."data_key_id", OLD."decision", OLD."ended_with_id", OLD."given_by", OLD."given_on", OLD."guardian_suspected", OLD."id", OLD."interpreting", OLD."is_read_back", OLD."items", OLD."language_id", OLD."organization_id", OLD."person_id", clock_timestamp(), \'removed\', OLD."id", OLD."purpose", OLD."reason", OLD."recorded_at", OLD."recorded_by_id", OLD."service_id", OLD."signed_file_id", OLD."text_id", OLD."text_version", OLD."valid_until", OLD."withdrawn_at", OLD."witness_id"); RETURN NULL;',
                    hash="75401cf144293ea4fdc335ff86f109c8498148ac",
                    operation="DELETE",
                    pgid="pgtrigger_removed_delete_861ef",
                    table="casework_consent",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="consenttext",
            name="language",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="directory.language",
                verbose_name="language",
            ),
        ),
        migrations.AddField(
            model_name="consenttext",
            name="reviewed_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="consenttext",
            name="written_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="text",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="casework.consenttext",
                verbose_name="wording",
            ),
        ),
        migrations.AddField(
            model_name="consenthistory",
            name="text",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="casework.consenttext",
                verbose_name="wording",
            ),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(fields=["person", "purpose", "-given_on"], name="consent_by_person"),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("given_by", "best_interests"), _negated=True),
                    ("valid_until__isnull", False),
                    _connector="OR",
                ),
                name="best_interests_end_on_a_day",
                violation_error_message="What was decided without being asked ends on a day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="consenttext",
            constraint=models.UniqueConstraint(
                fields=("purpose", "language", "version"),
                name="one_wording_a_version",
                violation_error_message="There is such a version already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="consenttext",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until", None),
                    ("valid_until__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="wording_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="consenttext",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("written_by", None),
                    ("reviewed_by", None),
                    models.Q(("written_by", models.F("reviewed_by")), _negated=True),
                    _connector="OR",
                ),
                name="wording_is_reviewed_by_another",
                violation_error_message="Somebody else has to review what you wrote.",
            ),
        ),
        migrations.RunSQL(policy(RULE), policy(of("casework_case", "case_id"))),
    ]
    operations = at_once(operations)
