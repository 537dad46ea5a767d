"""Earlier versions are seen with the row as it is now."""

from django.db import migrations

from accounts.policies import SOMEBODY, guard, guard_history, of

# Who could see a case is told with the case, also after the access was taken away.
CASE = of("casework_case", "case_id")


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
        guard("casework_caseaccess_event", CASE, new=SOMEBODY),
        guard("casework_teamcaseaccess_event", CASE, new=SOMEBODY),
        guard("casework_caseblock_event", CASE, new=SOMEBODY),
    ]
