"""Which rows of casework's tables the database shows to whom: the gates, a second time."""

from django.db import migrations

from accounts.policies import SOMEBODY, guard, of, of_case_at

IDENTITY, NARRATIVE, RESTRICTED = 3, 4, 5

PERSON = """
organization_id = (SELECT gate_at_desk('protection'))
    AND id NOT IN (SELECT * FROM gate_blocked())
OR archived_on IS NULL AND (
    (
        organization_id = (SELECT gate_coordinates())
        OR organization_id = (SELECT gate_organization())
           AND team_id = ANY ((SELECT gate_served_teams())::int[])
    ) AND id NOT IN (SELECT * FROM gate_hidden())
    OR id IN (SELECT held.person_id FROM gate_access(2) held)
)
"""
CASE = """
organization_id = (SELECT gate_at_desk('protection'))
    AND person_id NOT IN (SELECT * FROM gate_blocked())
OR archived_on IS NULL AND (
    organization_id = (SELECT gate_coordinates())
        AND person_id NOT IN (SELECT * FROM gate_hidden())
    OR id IN (SELECT held.case_id FROM gate_access(2) held)
)
"""
# Who registers somebody or opens a case sees it a moment later only.
OURS = "organization_id = (SELECT gate_organization())"
CASE_OF_OURS = "gate_is_ours(case_id)"
NAMES = f"""
{of("casework_person", "person_id")}
AND person_id IN (SELECT held.person_id FROM gate_access({IDENTITY}) held)
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0006_gate"), ("vault", "0001_initial"), ("files", "0001_initial")]

    operations = [
        guard("casework_person", PERSON, new=OURS),
        guard("casework_person_other_languages", of("casework_person", "person_id")),
        guard("casework_personidentity", NAMES),
        guard("casework_personsearch", of("casework_person", "person_id")),
        guard("casework_case", CASE, new=OURS),
        guard(
            "casework_caseaccess",
            f"user_id = (SELECT gate_uid()) OR {of('casework_case', 'case_id')}",
            new=CASE_OF_OURS,
        ),
        guard(
            "casework_teamcaseaccess",
            f"group_id = ANY ((SELECT gate_teams())::int[]) OR {of('casework_case', 'case_id')}",
            new=CASE_OF_OURS,
        ),
        guard(
            "casework_caseblock",
            f"user_id = (SELECT gate_uid()) OR {of('casework_case', 'case_id')}",
            new=CASE_OF_OURS,
        ),
        guard("casework_caseevent", of("casework_case", "case_id"), new=CASE_OF_OURS),
        guard("casework_casenote", of_case_at(NARRATIVE)),
        guard(
            "casework_casefile",
            f"level = {NARRATIVE} AND {of_case_at(NARRATIVE)}"
            f" OR level = {RESTRICTED} AND {of_case_at(RESTRICTED)}",
            new=of_case_at(NARRATIVE),
        ),
        guard("casework_consent", of("casework_case", "case_id")),
        guard("casework_traffickingstatus", of("casework_case", "case_id")),
        guard("casework_incomeactivity", of("casework_case", "case_id")),
        guard("casework_incomeactivitysession", of("casework_incomeactivity", "activity_id")),
        guard("casework_visit", of("casework_person", "person_id")),
        guard("casework_visit_explained", of("casework_visit", "visit_id")),
        guard("casework_leafletgiven", of("casework_visit", "visit_id")),
        guard(
            "casework_servicedelivered",
            f"case_id IS NULL AND {of('casework_person', 'person_id')}"
            f" OR {of('casework_case', 'case_id')}",
        ),
        # A key is seen with what it opens; it is made a moment before.
        guard(
            "vault_datakey",
            f"{of('casework_person', 'id')} OR {of('casework_case', 'id')}",
            new=SOMEBODY,
        ),
        guard("files_storedfile", of("vault_datakey", "data_key_id"), new=SOMEBODY),
    ]
