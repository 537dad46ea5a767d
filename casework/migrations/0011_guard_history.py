"""Earlier versions are seen with the row as it is now."""

from django.db import migrations

from accounts.policies import guard_history


class Migration(migrations.Migration):
    dependencies = [("casework", "0010_history")]

    operations = [
        guard_history("casework_person_event", "casework_person"),
        guard_history("casework_personidentity_event", "casework_personidentity"),
        guard_history("casework_case_event", "casework_case"),
        guard_history("casework_casenote_event", "casework_casenote"),
        guard_history("casework_consent_event", "casework_consent"),
        guard_history("casework_traffickingstatus_event", "casework_traffickingstatus"),
        guard_history("casework_visit_event", "casework_visit"),
        guard_history("casework_servicedelivered_event", "casework_servicedelivered"),
        guard_history("casework_incomeactivity_event", "casework_incomeactivity"),
        guard_history("casework_caseaccess_event", "casework_caseaccess"),
        guard_history("casework_teamcaseaccess_event", "casework_teamcaseaccess"),
        guard_history("casework_caseblock_event", "casework_caseblock"),
    ]
