"""What is agreed of a referral is told to whoever sees the referral.

The policies let nobody read another house's referral; `gate_items_agreed` answers for any number
that is named to it. From here on no process may call it (`accounts.database_roles`): it is asked by
`gate_items_told`, which looks first who asks.
"""

from django.db import migrations

OWNERS = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
# Who asks, though the function runs as its owner: the role that was taken, else who logged in.
ASKER = "coalesce(nullif(current_setting('role', true), 'none'), session_user::text)"
# The owner, and the house itself when a job acts; see `gate_is_system`.
HOUSE = f"""
{ASKER} = current_user
OR {ASKER} = 'casework_worker' AND coalesce(current_setting('app.system', true), '') <> ''
"""
RECEIVER = "sent.organization_id = gate_answers_for() AND sent.state <> 'draft'"
# The policy of the case, row by row.
SEES_CASE = """
cas.organization_id = gate_at_desk('protection')
    AND cas.person_id NOT IN (SELECT * FROM gate_blocked())
OR cas.archived_on IS NULL AND (
    cas.organization_id = gate_coordinates()
        AND cas.person_id NOT IN (SELECT * FROM gate_hidden())
    OR (
        EXISTS (
            SELECT FROM gate_own_cases held
            WHERE held.case_id = cas.id AND held.permission_id = ANY (gate_permissions(2))
        )
        OR NOT cas.is_sealed AND cas.id IN (SELECT gate_team_cases(2))
    ) AND cas.person_id NOT IN (SELECT * FROM gate_blocked())
)
"""
ASKED = f"""
CREATE FUNCTION gate_items_told(referral uuid) RETURNS text[] {OWNERS} AS $$
    SELECT gate_items_agreed(sent.id)
    FROM referrals_referral sent JOIN casework_case cas ON cas.id = sent.case_id
    WHERE sent.id = referral AND (({HOUSE}) OR ({RECEIVER}) OR ({SEES_CASE}))
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0008_guard_study"),
        ("referrals", "0006_newest_agreement"),
        ("casework", "0020_quick_gates"),
    ]

    operations = [
        migrations.RunSQL(ASKED, "DROP FUNCTION gate_items_told(uuid)"),
        migrations.RunSQL(
            "REVOKE ALL ON FUNCTION gate_items_told(uuid) FROM PUBLIC", migrations.RunSQL.noop
        ),
    ]
