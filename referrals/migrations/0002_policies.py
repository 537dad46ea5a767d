"""Which referrals the database shows: with the case to its house, and what was agreed to the receiver.

A receiver has no access to a case. She sees the referral, its steps and its consent; of the person
one view with the facts that were agreed to; and of what is sealed the rows and keys of what the
person agreed to share at this step. All of it ends with the consent.
"""

from django.db import migrations

from accounts.policies import also, guard, of

OWNERS = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
TODAY = "(clock_timestamp() AT TIME ZONE 'Europe/Belgrade')::date"

# The organization for which the actor answers referrals.
ANSWERS_FOR = f"""
CREATE FUNCTION gate_answers_for() RETURNS uuid {OWNERS} AS $$
    SELECT gate_organization() WHERE EXISTS (
        SELECT FROM accounts_roleassignment held
        JOIN accounts_role_permissions allowed ON allowed.role_id = held.role_id
        JOIN auth_permission permission ON permission.id = allowed.permission_id
        WHERE held.user_id = gate_uid() AND permission.codename = 'answer_referral'
          AND held.starts_on <= {TODAY} AND (held.ends_on IS NULL OR held.ends_on >= {TODAY})
    )
$$
"""
# What her institution was sent, while the consent is in force, with the items shown at this step.
REFERRED = f"""
CREATE FUNCTION gate_referred() RETURNS TABLE (
    referral_id uuid, case_id uuid, person_id uuid, consent_id uuid, data_key_id uuid, shown text[]
) {OWNERS} ROWS 50 AS $$
    SELECT sent.id, sent.case_id, cas.person_id, sent.consent_id, sent.data_key_id,
           ARRAY(
               SELECT unnest(sent.items) INTERSECT SELECT unnest(consent.items)
               EXCEPT SELECT unnest(later.items)
           )::text[]
    FROM referrals_referral sent
    JOIN casework_case cas ON cas.id = sent.case_id
    JOIN casework_consent consent ON consent.id = sent.consent_id
    CROSS JOIN LATERAL (SELECT CASE
        WHEN sent.state IN ('accepted', 'started') THEN '{{}}'::text[]
        WHEN sent.state IN ('sent', 'received') THEN ARRAY[
            'nationality', 'unaccompanied_or_separated', 'name', 'phone', 'document', 'address',
            'screening_result']
        ELSE sent.items::text[]
    END AS items) later
    WHERE sent.organization_id = gate_answers_for() AND sent.state NOT IN ('draft', 'recalled')
      AND cas.archived_on IS NULL AND consent.decision = 'given' AND consent.withdrawn_at IS NULL
      AND consent.given_on <= {TODAY}
      AND (consent.valid_until IS NULL OR consent.valid_until >= {TODAY})
$$
"""
DISCLOSED = """
CREATE VIEW referrals_disclosed WITH (security_barrier) AS
SELECT referred.referral_id, referred.case_id, referred.person_id, cas.organization_id, cas.team_id,
       CASE WHEN 'code' = ANY (shown) THEN person.code ELSE '' END AS code,
       CASE WHEN 'sex' = ANY (shown) THEN person.sex ELSE '' END AS sex,
       CASE WHEN 'age_band' = ANY (shown) THEN person.birth_year_from END AS birth_year_from,
       CASE WHEN 'age_band' = ANY (shown) THEN person.birth_year_to END AS birth_year_to,
       CASE WHEN 'nationality' = ANY (shown) THEN person.nationality ELSE '' END AS nationality,
       CASE WHEN 'language' = ANY (shown) THEN person.language_id END AS language_id,
       CASE WHEN 'unaccompanied_or_separated' = ANY (shown)
            THEN person.unaccompanied_or_separated ELSE '' END AS unaccompanied_or_separated
FROM gate_referred() referred
JOIN casework_case cas ON cas.id = referred.case_id
JOIN casework_person person ON person.id = referred.person_id
"""
# How to talk safely lies sealed in the person's row, of which a receiver sees nothing else.
HANDLING_NOTE = f"""
CREATE FUNCTION gate_handling_note(referral uuid) RETURNS bytea {OWNERS} AS $$
    SELECT person.handling_note FROM gate_referred() referred
    JOIN casework_person person ON person.id = referred.person_id
    WHERE referred.referral_id = referral AND 'handling_note' = ANY (referred.shown)
$$
"""
RECEIVED = "SELECT referred.{} FROM gate_referred() referred"
NAMED = "referred.shown && ARRAY['name', 'phone', 'document', 'address']"


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial"), ("casework", "0007_policies")]

    operations = [
        migrations.RunSQL(ANSWERS_FOR, "DROP FUNCTION gate_answers_for()"),
        migrations.RunSQL(REFERRED, "DROP FUNCTION gate_referred()"),
        migrations.RunSQL(HANDLING_NOTE, "DROP FUNCTION gate_handling_note(uuid)"),
        migrations.RunSQL(DISCLOSED, "DROP VIEW referrals_disclosed"),
        guard(
            "referrals_referral",
            f"{of('casework_case', 'case_id')}"
            " OR organization_id = (SELECT gate_answers_for()) AND ("
            f"id IN ({RECEIVED.format('referral_id')})"
            # Of what was taken back the number may be told.
            " OR state = 'recalled' AND sent_at IS NOT NULL)",
        ),
        guard(
            "referrals_referralstep",
            f"referral_id IN ({RECEIVED.format('referral_id')})"
            " OR EXISTS (SELECT FROM referrals_referral sent JOIN casework_case cas"
            " ON cas.id = sent.case_id WHERE sent.id = referral_id)",
        ),
        also("casework_consent", "receiver", f"id IN ({RECEIVED.format('consent_id')})"),
        also(
            "casework_personidentity",
            "receiver",
            f"person_id IN ({RECEIVED.format('person_id')} WHERE {NAMED})",
        ),
        also(
            "casework_traffickingstatus",
            "receiver",
            f"case_id IN ({RECEIVED.format('case_id')}"
            " WHERE 'screening_result' = ANY (referred.shown))",
        ),
        also(
            "vault_datakey",
            "receiver",
            f"id IN ({RECEIVED.format('data_key_id')}) OR id IN ({RECEIVED.format('person_id')}"
            f" WHERE {NAMED} OR 'handling_note' = ANY (referred.shown))",
        ),
        also(
            "casework_caseevent",
            "receiver",
            f"case_id IN ({RECEIVED.format('case_id')})",
            command="INSERT",
        ),
    ]
