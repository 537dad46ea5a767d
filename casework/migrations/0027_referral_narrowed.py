"""The timeline tells when less is shared with a receiver than before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0026_incident_events"),
    ]

    operations = [
        migrations.AlterField(
            model_name="caseevent",
            name="code",
            field=models.CharField(
                choices=[
                    ("case_opened", "Case opened"),
                    ("case_closed", "Case closed"),
                    ("case_reopened", "Case reopened"),
                    ("case_changed", "Case changed"),
                    ("access_given", "Access given"),
                    ("access_ended", "Access ended"),
                    ("access_emergency", "Opened by emergency access"),
                    ("case_sealed", "Case sealed"),
                    ("case_unsealed", "Case no longer sealed"),
                    ("identity_recorded", "Identity recorded"),
                    ("identity_shown", "Name and contacts shown"),
                    ("contact_rule", "How to reach the person recorded"),
                    ("contact_overridden", "Phone shown although not safe now"),
                    ("records_merged", "Two records merged"),
                    ("records_parted", "Merged records taken apart"),
                    ("note_added", "Note added"),
                    ("file_added", "File added"),
                    ("file_removed", "File removed"),
                    ("visit_recorded", "Hub visit"),
                    ("service_delivered", "Service delivered"),
                    ("consent_recorded", "Consent recorded"),
                    ("consent_withdrawn", "Consent taken back"),
                    ("status_recorded", "Status recorded"),
                    ("guardian_recorded", "Guardian recorded"),
                    ("step_begun", "Step for the child begun"),
                    ("step_done", "Step for the child done"),
                    ("age_chosen", "Age chosen"),
                    ("activity_started", "Income activity started"),
                    ("activity_attended", "Income activity attended"),
                    ("activity_ended", "Income activity ended"),
                    ("screening_started", "Screening started"),
                    ("screening_stopped", "Screening stopped"),
                    ("screening_declined", "Screening declined"),
                    ("screening_completed", "Screening completed"),
                    ("screening_decided", "Screening decided"),
                    ("incident_recorded", "Incident recorded"),
                    ("incident_corrected", "Incident corrected"),
                    ("incident_closed", "Incident closed"),
                    ("referral_drafted", "Referral drafted"),
                    ("referral_sent", "Referral sent"),
                    ("referral_received", "Referral received"),
                    ("referral_accepted", "Referral accepted"),
                    ("referral_declined", "Referral declined"),
                    ("referral_started", "Service started"),
                    ("referral_delivered", "Service delivered by partner"),
                    ("referral_narrowed", "Less is shared from now on"),
                    ("referral_recalled", "Referral taken back"),
                    ("referral_closed", "Referral closed"),
                    ("referral_overdue", "Referral overdue"),
                ],
                max_length=40,
            ),
        ),
    ]
