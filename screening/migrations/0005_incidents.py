"""Incidents, and who the database shows them to: reports on conduct go another way than the rest.

A report is seen by who recorded it, while she may read the notes of the case, and by those of her
organization who receive such reports; they see the key that opens it as well, and nothing else
that it would open.
"""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
import vault.fields
from django.conf import settings
from django.db import migrations, models

from accounts.policies import also, guard, guard_history, of_case_at
from accounts.tables import at_once

NARRATIVE = 4
OWNERS = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
# The organization whose reports on conduct the actor receives.
RECEIVES = f"""
CREATE FUNCTION gate_receives_conduct() RETURNS uuid {OWNERS} AS $$
    SELECT gate_organization()
    WHERE gate_may('receive_conduct_report') AND gate_highest_level() >= {NARRATIVE}
$$
"""
OWN = "conduct_by_id IS NULL OR (SELECT gate_uid()) IN (recorded_by_id, conduct_by_id)"
REPORTED = """
conduct_by_id IS NOT NULL AND organization_id = (SELECT gate_receives_conduct())
AND NOT gate_is_closed(case_id)
"""
KEY_OF_REPORT = """
EXISTS (
    SELECT FROM screening_incident report
    WHERE report.data_key_id = {table}.id AND report.conduct_by_id IS NOT NULL
)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0017_invitation_agreed"),
        ("casework", "0024_consent_interpreter"),
        ("directory", "0002_dialects"),
        ("screening", "0004_guard_history"),
        ("vault", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Incident",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("first_on", models.DateField(blank=True, null=True, verbose_name="day")),
                (
                    "first_hour",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(23)],
                        verbose_name="hour",
                    ),
                ),
                ("last_on", models.DateField(blank=True, null=True, verbose_name="last day")),
                (
                    "last_hour",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(23)],
                        verbose_name="hour of the last day",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("home", "Before leaving home"),
                            ("route", "On the way"),
                            ("border", "While crossing a border"),
                            ("here", "In this country"),
                            ("returned", "After being sent back"),
                            ("unknown", "Not known"),
                        ],
                        default="unknown",
                        max_length=10,
                        verbose_name="part of the journey",
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        choices=[
                            ("home", "Home or private room"),
                            ("centre", "Centre, camp or shelter"),
                            ("street", "Street, park or squat"),
                            ("nature", "Forest, field or border strip"),
                            ("transport", "Vehicle or means of transport"),
                            ("work", "Place of work"),
                            ("school", "School"),
                            ("office", "Police, detention or another office"),
                            ("health", "Hospital or clinic"),
                            ("online", "Online or by phone"),
                            ("other", "Another place"),
                            ("unknown", "Not known"),
                        ],
                        default="unknown",
                        max_length=10,
                        verbose_name="kind of place",
                    ),
                ),
                ("facts", vault.fields.SealedJSONField(verbose_name="what it was")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("closed", "Closed")],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "closing_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("cared_for", "Care is arranged"),
                            ("no_wish", "The person wishes nothing more"),
                            ("elsewhere", "Another organization goes on with it"),
                            ("twice", "Recorded twice"),
                            ("wrong_case", "Recorded in the wrong case"),
                        ],
                        max_length=15,
                        verbose_name="why closed",
                    ),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("closed_at", models.DateTimeField(editable=False, null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.area",
                        verbose_name="area",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incidents",
                        to="casework.case",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "conduct_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("data_key", vault.fields.DataKeyField()),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "incident",
                "verbose_name_plural": "incidents",
                "ordering": ["-recorded_at", "-id"],
                "permissions": [
                    ("record_incident", "Can record and correct incidents"),
                    (
                        "receive_conduct_report",
                        "Can receive reports on the conduct of those who give aid",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IncidentHistory",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "actor_id",
                    models.UUIDField(
                        db_default=django.db.models.functions.comparison.Cast(
                            django.db.models.functions.comparison.NullIf(
                                models.Func(
                                    models.Value("app.uid"),
                                    models.Value(True),
                                    function="current_setting",
                                    output_field=models.TextField(),
                                ),
                                models.Value(""),
                            ),
                            models.UUIDField(),
                        ),
                        editable=False,
                        null=True,
                    ),
                ),
                (
                    "request_id",
                    models.CharField(
                        db_default=django.db.models.functions.comparison.Coalesce(
                            django.db.models.functions.comparison.NullIf(
                                models.Func(
                                    models.Value("app.request"),
                                    models.Value(True),
                                    function="current_setting",
                                    output_field=models.TextField(),
                                ),
                                models.Value(""),
                            ),
                            models.Value(""),
                        ),
                        editable=False,
                        max_length=36,
                    ),
                ),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("first_on", models.DateField(blank=True, null=True, verbose_name="day")),
                (
                    "first_hour",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(23)],
                        verbose_name="hour",
                    ),
                ),
                ("last_on", models.DateField(blank=True, null=True, verbose_name="last day")),
                (
                    "last_hour",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(23)],
                        verbose_name="hour of the last day",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("home", "Before leaving home"),
                            ("route", "On the way"),
                            ("border", "While crossing a border"),
                            ("here", "In this country"),
                            ("returned", "After being sent back"),
                            ("unknown", "Not known"),
                        ],
                        default="unknown",
                        max_length=10,
                        verbose_name="part of the journey",
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        choices=[
                            ("home", "Home or private room"),
                            ("centre", "Centre, camp or shelter"),
                            ("street", "Street, park or squat"),
                            ("nature", "Forest, field or border strip"),
                            ("transport", "Vehicle or means of transport"),
                            ("work", "Place of work"),
                            ("school", "School"),
                            ("office", "Police, detention or another office"),
                            ("health", "Hospital or clinic"),
                            ("online", "Online or by phone"),
                            ("other", "Another place"),
                            ("unknown", "Not known"),
                        ],
                        default="unknown",
                        max_length=10,
                        verbose_name="kind of place",
                    ),
                ),
                ("facts", vault.fields.SealedJSONField(verbose_name="what it was")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("closed", "Closed")],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "closing_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("cared_for", "Care is arranged"),
                            ("no_wish", "The person wishes nothing more"),
                            ("elsewhere", "Another organization goes on with it"),
                            ("twice", "Recorded twice"),
                            ("wrong_case", "Recorded in the wrong case"),
                        ],
                        max_length=15,
                        verbose_name="why closed",
                    ),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("closed_at", models.DateTimeField(editable=False, null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="directory.area",
                        verbose_name="area",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.case",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "conduct_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("data_key", vault.fields.DataKeyField(db_index=False, related_query_name="+")),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts.organization",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="screening.incident",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "incident",
                "verbose_name_plural": "incidents",
                "db_table": "screening_incident_event",
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(fields=["case", "-recorded_at"], name="incident_by_case"),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                condition=models.Q(("conduct_by__isnull", False)),
                fields=["organization", "-recorded_at"],
                name="incident_reported",
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("closed_at", None),
                        ("closed_by", None),
                        ("closing_reason", ""),
                        ("state", "open"),
                    ),
                    models.Q(
                        ("closed_at__isnull", False),
                        ("closed_by__isnull", False),
                        ("state", "closed"),
                        models.Q(("closing_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="closed_incident_has_reason_and_person",
                violation_error_message="A closed incident has a reason.",
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("last_on", None),
                    models.Q(("first_on__isnull", False), ("last_on__gte", models.F("first_on"))),
                    _connector="OR",
                ),
                name="incident_days_in_order",
                violation_error_message="The last day does not lie before the first one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("first_hour", None), ("first_on__isnull", False), _connector="OR"),
                    models.Q(("last_hour", None), ("last_on__isnull", False), _connector="OR"),
                ),
                name="incident_hour_has_day",
                violation_error_message="An hour needs its day.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="incident",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "screening_incident_event" ("area_id", "case_id", "closed_at", "closed_by_id", "closing_reason", "conduct_by_id", "data_key_id", "facts", "first_hour", "first_on", "id", "last_hour", "last_on", "organization_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "recorded_at", "recorded_by_id", "stage", "state", "version") VALUES (OLD."area_id", OLD."case_id", OLD."closed_at", OLD."closed_by_id", OLD."closing_reason", OLD."conduct_by_id", OLD."data_key_id", OLD."facts", OLD."first_hour", OLD."first_on", OLD."id", OLD."last_hour", OLD."last_on", OLD."organization_id", clock_timestamp(), \'changed\', OLD."id", OLD."place", OLD."recorded_at", OLD."recorded_by_id", OLD."stage", OLD."state", OLD."version"); RETURN NULL;',
                    hash="c2defcb334a880273b28756011e0e77759f33e09",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_85dbb",
                    table="screening_incident",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="incident",
            trigger=pgtrigger.compiler.Trigger(
                name="removed_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "screening_incident_event" ("area_id", "case_id", "closed_at", "closed_by_id", "closing_reason", "conduct_by_id", "data_key_id", "facts", "first_hour", "first_on", "id", "last_hour", "last_on", "organization_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "recorded_at", "recorded_by_id", "stage", "state", "version") VALUES (OLD."area_id", OLD."case_id", OLD."closed_at", OLD."closed_by_id", OLD."closing_reason", OLD."conduct_by_id", OLD."data_key_id", OLD."facts", OLD."first_hour", OLD."first_on", OLD."id", OLD."last_hour", OLD."last_on", OLD."organization_id", clock_timestamp(), \'removed\', OLD."id", OLD."place", OLD."recorded_at", OLD."recorded_by_id", OLD."stage", OLD."state", OLD."version"); RETURN NULL;',
                    hash="27900a287e5a7b11596feb138e2c1d462660bed3",
                    operation="DELETE",
                    pgid="pgtrigger_removed_delete_0a878",
                    table="screening_incident",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="incidenthistory",
            index=models.Index(fields=["pgh_obj", "-pgh_id"], name="screening_incident_history"),
        ),
        migrations.RunSQL(RECEIVES, "DROP FUNCTION gate_receives_conduct()"),
        guard("screening_incident", f"({OWN}) AND {of_case_at(NARRATIVE)} OR ({REPORTED})"),
        guard_history("screening_incident_event", "screening_incident"),
        also("vault_datakey", "of_conduct", KEY_OF_REPORT),
    ]
    operations = at_once(operations)
