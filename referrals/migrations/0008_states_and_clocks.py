"""All states of a referral, their clocks, and what each side says of the help."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import vault.fields
from django.conf import settings
from django.db import migrations, models

from accounts.tables import at_once


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0033_referral_events"),
        ("referrals", "0007_procedures"),
        ("vault", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="referral",
            options={
                "ordering": ["-created_at", "-number"],
                "permissions": [
                    ("view_referrals", "Can work with the referrals of visible cases"),
                    ("draft_referral", "Can prepare a referral"),
                    ("send_referral", "Can send a referral"),
                    ("recall_referral", "Can take a referral back"),
                    ("close_referral", "Can close a referral"),
                    (
                        "follow_referral",
                        "Can write down how a referral goes on, and what the client says",
                    ),
                    ("review_referral", "Can look at refusals, and at referrals without consent"),
                    ("override_consent", "Can let a referral leave without consent"),
                    ("answer_referral", "Can answer the referrals to the own institution"),
                ],
                "verbose_name": "referral",
                "verbose_name_plural": "referrals",
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="referral",
            name="changed_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="referral",
            name="removed_delete",
        ),
        migrations.RemoveConstraint(
            model_name="referral",
            name="sent_referral_has_consent_and_clock",
        ),
        migrations.RemoveIndex(
            model_name="referral",
            name="referral_overdue",
        ),
        migrations.AddField(
            model_name="referral",
            name="appointment_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="appointment"),
        ),
        migrations.AddField(
            model_name="referral",
            name="client_rating",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="how was it?"
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="client_said_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="referral",
            name="client_word",
            field=models.CharField(
                blank=True,
                choices=[("yes", "Yes"), ("partly", "Partly"), ("no", "No")],
                max_length=10,
                verbose_name="was the help given?",
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="confirmed_by",
            field=models.CharField(
                blank=True,
                choices=[
                    ("both", "The service and the client"),
                    ("partner", "The service"),
                    ("client", "The client"),
                    ("nobody", "Nobody"),
                ],
                max_length=10,
                verbose_name="who says it was given",
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="deleted_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="referral",
            name="deletion_asked_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="referral",
            name="extent",
            field=models.CharField(
                blank=True,
                choices=[("full", "Everything"), ("partial", "A part of it")],
                max_length=10,
                verbose_name="how much was given",
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="next_check_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="referral",
            name="overridden_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="referral",
            name="overridden_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="override",
            field=models.CharField(
                blank=True,
                choices=[
                    ("danger_to_life", "Danger to life"),
                    ("duty_to_report", "The law demands a report"),
                    ("best_interests", "Best interests of the child"),
                ],
                max_length=20,
                verbose_name="why without consent",
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="override_note",
            field=vault.fields.SealedTextField(verbose_name="what makes it necessary"),
        ),
        migrations.AddField(
            model_name="referral",
            name="override_review",
            field=models.CharField(
                blank=True,
                choices=[("right", "It was right"), ("wrong", "It was not right")],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="override_reviewed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="referral",
            name="override_reviewed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="previous",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="following",
                to="referrals.referral",
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="review",
            field=models.CharField(
                blank=True,
                choices=[
                    ("elsewhere", "Asked somewhere else"),
                    ("again", "Talked to the service, asked again"),
                    ("stands", "The refusal stands"),
                ],
                max_length=10,
                verbose_name="what follows",
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="reviewed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="referral",
            name="reviewed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="rung",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="referralhistory",
            name="appointment_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="appointment"),
        ),
        migrations.AddField(
            model_name="referralhistory",
            name="client_rating",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="how was it?"
            ),
        ),
        migrations.AddField(
            model_name="referralhistory",
            name="client_said_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="referralhistory",
            name="client_word",
            field=models.CharField(
                blank=True,
                choices=[("yes", "Yes"), ("partly", "Partly"), ("no", "No")],
                max_length=10,
                verbose_name="was the help given?",
            ),
        ),
        migrations.AddField(
            model_name="referralhistory",
            name="confirmed_by",
            field=models.CharField(
                blank=True,
                choices=[
                    ("both", "The service and the client"),
                    ("partner", "The service"),
                    ("client", "The client"),
                    ("nobody", "Nobody"),
                ],
                max_length=10,
                verbose_name="who says it was given",
            ),
        ),
        migrations.AddField(
            model_name="referralhistory",
            name="deleted_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="referralhistory",
            name="deletion_asked_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="referralhistory",
            name="extent",
            field=models.CharField(
                blank=True,
                choices=[("full", "Everything"), ("partial", "A part of it")],
                max_length=10,
                verbose_name="how much was given",
            ),
        ),
        migrations.AddField(
            model_name="referralhistory",
            name="next_check_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="referralhistory",
            name="overridden_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="referralhistory",
            name="overridden_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="referralhistory",
            name="override",
            field=models.CharField(
                blank=True,
                choices=[
                    ("danger_to_life", "Danger to life"),
                    ("duty_to_report", "The law demands a report"),
                    ("best_interests", "Best interests of the child"),
                ],
                max_length=20,
                verbose_name="why without consent",
            ),
        ),
        migrations.AddField(
            model_name="referralhistory",
            name="override_note",
            field=vault.fields.SealedTextField(verbose_name="what makes it necessary"),
        ),
        migrations.AddField(
            model_name="referralhistory",
            name="override_review",
            field=models.CharField(
                blank=True,
                choices=[("right", "It was right"), ("wrong", "It was not right")],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="referralhistory",
            name="override_reviewed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="referralhistory",
            name="override_reviewed_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="referralhistory",
            name="previous",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="referrals.referral",
            ),
        ),
        migrations.AddField(
            model_name="referralhistory",
            name="review",
            field=models.CharField(
                blank=True,
                choices=[
                    ("elsewhere", "Asked somewhere else"),
                    ("again", "Talked to the service, asked again"),
                    ("stands", "The refusal stands"),
                ],
                max_length=10,
                verbose_name="what follows",
            ),
        ),
        migrations.AddField(
            model_name="referralhistory",
            name="reviewed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="referralhistory",
            name="reviewed_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="referralhistory",
            name="rung",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="referralstep",
            name="channel",
            field=models.CharField(
                choices=[
                    ("account", "In the system"),
                    ("link", "By personal link"),
                    ("phone", "By telephone"),
                    ("letter", "By letter"),
                    ("in_person", "In person"),
                ],
                default="account",
                max_length=10,
                verbose_name="how",
            ),
        ),
        migrations.AddField(
            model_name="referralstep",
            name="said_by",
            field=vault.fields.SealedTextField(verbose_name="who said it"),
        ),
        migrations.AddField(
            model_name="referralstep",
            name="side",
            field=models.CharField(
                choices=[("sender", "Who asks"), ("receiver", "Who was asked")],
                default="sender",
                max_length=10,
                verbose_name="who spoke",
            ),
        ),
        migrations.AlterField(
            model_name="referral",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("consent", "Ready to send"),
                    ("sent", "Sent"),
                    ("received", "Received"),
                    ("need_information", "Information needed"),
                    ("accepted", "Accepted"),
                    ("declined", "Declined"),
                    ("redirected", "Pointed elsewhere"),
                    ("started", "Started"),
                    ("delivered", "Delivered"),
                    ("no_show", "Did not come"),
                    ("client_declined", "Not wanted any more"),
                    ("unreachable", "Cannot be reached"),
                    ("moved_on", "Moved on"),
                    ("missing", "Missing"),
                    ("recalled", "Taken back"),
                    ("closed", "Closed"),
                ],
                default="draft",
                max_length=20,
                verbose_name="state",
            ),
        ),
        migrations.AlterField(
            model_name="referralhistory",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("consent", "Ready to send"),
                    ("sent", "Sent"),
                    ("received", "Received"),
                    ("need_information", "Information needed"),
                    ("accepted", "Accepted"),
                    ("declined", "Declined"),
                    ("redirected", "Pointed elsewhere"),
                    ("started", "Started"),
                    ("delivered", "Delivered"),
                    ("no_show", "Did not come"),
                    ("client_declined", "Not wanted any more"),
                    ("unreachable", "Cannot be reached"),
                    ("moved_on", "Moved on"),
                    ("missing", "Missing"),
                    ("recalled", "Taken back"),
                    ("closed", "Closed"),
                ],
                default="draft",
                max_length=20,
                verbose_name="state",
            ),
        ),
        migrations.AlterField(
            model_name="referralstep",
            name="from_state",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("consent", "Ready to send"),
                    ("sent", "Sent"),
                    ("received", "Received"),
                    ("need_information", "Information needed"),
                    ("accepted", "Accepted"),
                    ("declined", "Declined"),
                    ("redirected", "Pointed elsewhere"),
                    ("started", "Started"),
                    ("delivered", "Delivered"),
                    ("no_show", "Did not come"),
                    ("client_declined", "Not wanted any more"),
                    ("unreachable", "Cannot be reached"),
                    ("moved_on", "Moved on"),
                    ("missing", "Missing"),
                    ("recalled", "Taken back"),
                    ("closed", "Closed"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="referralstep",
            name="to_state",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("consent", "Ready to send"),
                    ("sent", "Sent"),
                    ("received", "Received"),
                    ("need_information", "Information needed"),
                    ("accepted", "Accepted"),
                    ("declined", "Declined"),
                    ("redirected", "Pointed elsewhere"),
                    ("started", "Started"),
                    ("delivered", "Delivered"),
                    ("no_show", "Did not come"),
                    ("client_declined", "Not wanted any more"),
                    ("unreachable", "Cannot be reached"),
                    ("moved_on", "Moved on"),
                    ("missing", "Missing"),
                    ("recalled", "Taken back"),
                    ("closed", "Closed"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="referralstep",
            name="verb",
            field=models.CharField(
                choices=[
                    ("consent", "Agreed to"),
                    ("revise", "Back in preparation"),
                    ("send", "Sent"),
                    ("receive", "Received"),
                    ("need_information", "Information asked for"),
                    ("inform", "Information given"),
                    ("accept", "Accepted"),
                    ("decline", "Declined"),
                    ("redirect", "Pointed elsewhere"),
                    ("review", "Looked at by a coordinator"),
                    ("start", "Service started"),
                    ("deliver", "Service delivered"),
                    ("no_show", "Did not come"),
                    ("rebook", "New appointment"),
                    ("client_declined", "Not wanted any more"),
                    ("unreachable", "Cannot be reached"),
                    ("moved_on", "Moved on"),
                    ("missing", "Missing"),
                    ("message", "Message"),
                    ("client_says", "The client's word"),
                    ("recall", "Taken back"),
                    ("deleted", "Deleted by the receiver"),
                    ("close", "Closed"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                condition=models.Q(
                    ("overdue_at", None), ("state__in", ["sent", "received", "need_information"])
                ),
                fields=["due_at"],
                name="referral_overdue",
            ),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                condition=models.Q(("next_check_at__isnull", False)),
                fields=["next_check_at"],
                name="referral_next_check",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="referral",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "referrals_referral_event" ("answered_at", "appointment_at", "case_id", "client_rating", "client_said_at", "client_word", "confirmed_by", "consent_id", "contact", "created_at", "created_by_id", "data_key_id", "decline_reason_id", "deleted_at", "deletion_asked_at", "delivered_at", "due_at", "ended_at", "extent", "id", "items", "message", "next_check_at", "number", "organization_id", "other_service", "overdue_at", "overridden_at", "overridden_by_id", "override", "override_note", "override_review", "override_reviewed_at", "override_reviewed_by_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_id", "received_at", "review", "reviewed_at", "reviewed_by_id", "rung", "sent_at", "sent_by_id", "service_id", "started_at", "state", "urgency", "version") VALUES (OLD."answered_at", OLD."appointment_at", OLD."case_id", OLD."client_rating", OLD."client_said_at", OLD."client_word", OLD."confirmed_by", OLD."consent_id", OLD."contact", OLD."created_at", OLD."created_by_id", OLD."data_key_id", OLD."decline_reason_id", OLD."deleted_at", OLD."deletion_asked_at", OLD."delivered_at", OLD."due_at", OLD."ended_at", OLD."extent", OLD."id", OLD."items", OLD."message", OLD."next_check_at", OLD."number", OLD."organization_id", OLD."other_service", OLD."overdue_at", OLD."overridden_at", OLD."overridden_by_id", OLD."override", OLD."override_note", OLD."override_review", OLD."override_reviewed_at", OLD."override_reviewed_by_id", clock_timestamp(), \'changed\', OLD."id", OLD."previous_id", OLD."received_at", OLD."review", OLD."reviewed_at", OLD."reviewed_by_id", OLD."rung", OLD."sent_at", OLD."sent_by_id", OLD."service_id", OLD."started_at", OLD."state", OLD."urgency", OLD."version"); RETURN NULL;',
                    hash="e127c4bdf4588b16bdd58b34b214cb01bb0f0b4d",
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
                    func='INSERT INTO "referrals_referral_event" ("answered_at", "appointment_at", "case_id", "client_rating", "client_said_at", "client_word", "confirmed_by", "consent_id", "contact", "created_at", "created_by_id", "data_key_id", "decline_reason_id", "deleted_at", "deletion_asked_at", "delivered_at", "due_at", "ended_at", "extent", "id", "items", "message", "next_check_at", "number", "organization_id", "other_service", "overdue_at", "overridden_at", "overridden_by_id", "override", "override_note", "override_review", "override_reviewed_at", "override_reviewed_by_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_id", "received_at", "review", "reviewed_at", "reviewed_by_id", "rung", "sent_at", "sent_by_id", "service_id", "started_at", "state", "urgency", "version") VALUES (OLD."answered_at", OLD."appointment_at", OLD."case_id", OLD."client_rating", OLD."client_said_at", OLD."client_word", OLD."confirmed_by", OLD."consent_id", OLD."contact", OLD."created_at", OLD."created_by_id", OLD."data_key_id", OLD."decline_reason_id", OLD."deleted_at", OLD."deletion_asked_at", OLD."delivered_at", OLD."due_at", OLD."ended_at", OLD."extent", OLD."id", OLD."items", OLD."message", OLD."next_check_at", OLD."number", OLD."organization_id", OLD."other_service", OLD."overdue_at", OLD."overridden_at", OLD."overridden_by_id", OLD."override", OLD."override_note", OLD."override_review", OLD."override_reviewed_at", OLD."override_reviewed_by_id", clock_timestamp(), \'removed\', OLD."id", OLD."previous_id", OLD."received_at", OLD."review", OLD."reviewed_at", OLD."reviewed_by_id", OLD."rung", OLD."sent_at", OLD."sent_by_id", OLD."service_id", OLD."started_at", OLD."state", OLD."urgency", OLD."version"); RETURN NULL;',
                    hash="e82f73ff020bd768495be47ff1207b89beb6a2f9",
                    operation="DELETE",
                    pgid="pgtrigger_removed_delete_3efd0",
                    table="referrals_referral",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "consent", "recalled"]),
                    models.Q(
                        ("due_at__isnull", False),
                        ("sent_at__isnull", False),
                        ("sent_by__isnull", False),
                        models.Q(
                            ("consent__isnull", False),
                            models.Q(("override", ""), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="sent_referral_has_consent_and_clock",
                violation_error_message="A referral is sent with a consent and a time to answer.",
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("overridden_at", None), ("overridden_by", None), ("override", "")),
                    models.Q(
                        models.Q(("override", ""), _negated=True),
                        ("consent", None),
                        ("overridden_at__isnull", False),
                        ("overridden_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="override_has_person_and_moment",
                violation_error_message="Say why it leaves without consent.",
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("override_review", ""), ("override_reviewed_by", None)),
                    models.Q(
                        models.Q(("override_review", ""), _negated=True),
                        ("override_reviewed_at__isnull", False),
                        ("override_reviewed_by__isnull", False),
                        models.Q(
                            ("override_reviewed_by", models.F("overridden_by")), _negated=True
                        ),
                    ),
                    _connector="OR",
                ),
                name="override_reviewed_by_somebody_else",
                violation_error_message="Somebody else looks at it afterwards.",
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("review", ""), ("reviewed_at", None), ("reviewed_by", None)),
                    models.Q(
                        models.Q(("review", ""), _negated=True),
                        ("reviewed_at__isnull", False),
                        ("reviewed_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="refusal_reviewed_by_somebody",
                violation_error_message="Say what follows from the refusal.",
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("client_rating", None),
                    models.Q(("client_rating__gte", 1), ("client_rating__lte", 5)),
                    _connector="OR",
                ),
                name="client_rates_from_one_to_five",
                violation_error_message="Choose from one to five.",
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("client_rating", None), ("client_said_at", None), ("client_word", "")
                    ),
                    models.Q(
                        models.Q(("client_word", ""), _negated=True),
                        ("client_said_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="client_said_something_then",
                violation_error_message="Say whether the help was given.",
            ),
        ),
    ]
    operations = at_once(operations)
