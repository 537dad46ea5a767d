"""What a receiver is shown in the new states, and without a consent for a graver reason.

A question keeps the sheet of before the answer open, a missed appointment that of after it. What
was ended by the client shuts it. A receiver may say of what was taken back that it is deleted.
Referrals from before get the clock of where they stand, and their steps the side that spoke.
"""

from django.db import migrations

from accounts.policies import also

OWNERS = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
TODAY = "(clock_timestamp() AT TIME ZONE 'Europe/Belgrade')::date"
HOLDS = (
    "{0}.decision = 'given' AND {0}.withdrawn_at IS NULL AND {0}.given_on <= " + TODAY + " AND"
    " ({0}.valid_until IS NULL OR {0}.valid_until >= " + TODAY + ")"
)
# The last answer of each giver to sharing with the receiver of `sent`, a referral of `cas`.
SAID = f"""
    SELECT DISTINCT ON (answer.given_by) answer.given_by, answer.items,
           {HOLDS.format("answer")} AS holds
    FROM casework_consent answer
    WHERE answer.purpose = 'referral' AND answer.organization_id = sent.organization_id
      AND (answer.service_id IS NULL OR answer.service_id = sent.service_id)
      AND (answer.case_id = sent.case_id
           OR answer.case_id IS NULL AND answer.person_id = cas.person_id)
    ORDER BY answer.given_by, answer.given_on DESC, answer.recorded_at DESC
"""
# What all of them cover, while that of whose answer it rests on (`consent`) holds.
AGREED = f"""
    SELECT bool_or(said.holds AND said.given_by = consent.given_by) AS holds,
           ARRAY(SELECT item FROM unnest(sent.items::text[]) item
                 WHERE item = ANY (consent.items) AND NOT EXISTS (
                     SELECT FROM ({SAID}) last WHERE last.holds AND item <> ALL (last.items)
                 )) AS items
    FROM ({SAID}) said
"""
OVERRIDDEN = "sent.override <> '' AND sent.consent_id IS NULL"
ITEMS_AGREED = f"""
CREATE OR REPLACE FUNCTION gate_items_agreed(referral uuid) RETURNS text[] {OWNERS} AS $$
    SELECT CASE WHEN {OVERRIDDEN} THEN sent.items::text[]
                WHEN agreed.holds THEN agreed.items END
    FROM referrals_referral sent
    JOIN casework_case cas ON cas.id = sent.case_id
    LEFT JOIN casework_consent consent ON consent.id = sent.consent_id
    CROSS JOIN LATERAL ({AGREED}) agreed
    WHERE sent.id = referral
$$
"""
REFERRED = f"""
CREATE OR REPLACE FUNCTION gate_referred() RETURNS TABLE (
    referral_id uuid, case_id uuid, person_id uuid, consent_id uuid, data_key_id uuid, shown text[]
) {OWNERS} ROWS 50 AS $$
    SELECT sent.id, sent.case_id, cas.person_id, sent.consent_id, sent.data_key_id,
           ARRAY(SELECT unnest(CASE WHEN {OVERRIDDEN} THEN sent.items::text[] ELSE agreed.items END)
                 EXCEPT SELECT unnest(later.items))::text[]
    FROM referrals_referral sent
    JOIN casework_case cas ON cas.id = sent.case_id
    LEFT JOIN casework_consent consent ON consent.id = sent.consent_id
    CROSS JOIN LATERAL ({AGREED}) agreed
    CROSS JOIN LATERAL (SELECT CASE
        WHEN sent.state IN ('accepted', 'started', 'no_show') THEN '{{}}'::text[]
        WHEN sent.state IN ('sent', 'received', 'need_information') THEN ARRAY[
            'nationality', 'unaccompanied_or_separated', 'name', 'phone', 'document', 'address',
            'screening_result']
        ELSE sent.items::text[]
    END AS items) later
    WHERE sent.organization_id = gate_answers_for()
      AND sent.state NOT IN ('draft', 'consent', 'recalled') AND cas.archived_on IS NULL
      AND ({OVERRIDDEN} OR {HOLDS.format("consent")} AND agreed.holds)
$$
"""
# Taken back after it was sent to the actor's institution, and not said to be deleted.
TO_DELETE = (
    "EXISTS (SELECT FROM referrals_referral sent WHERE sent.{0} = {{table}}.{1}"
    " AND sent.organization_id = (SELECT gate_answers_for())"
    " AND sent.state = 'recalled' AND sent.deletion_asked_at IS NOT NULL)"
)
SIDES = """
UPDATE referrals_referralstep step SET side = 'receiver'
FROM referrals_referral sent
WHERE sent.id = step.referral_id AND (
    step.verb IN ('receive', 'accept', 'decline', 'start', 'deliver')
    OR step.verb = 'close' AND EXISTS (
        SELECT FROM accounts_user actor
        WHERE actor.id = step.actor_id AND actor.organization_id = sent.organization_id))
"""
CLOCKS = """
UPDATE referrals_referral SET next_check_at = CASE state
    WHEN 'draft' THEN created_at + interval '1 day'
    WHEN 'sent' THEN due_at
    WHEN 'received' THEN due_at
    WHEN 'accepted' THEN answered_at + interval '7 days'
    WHEN 'started' THEN started_at + interval '14 days'
    WHEN 'delivered' THEN delivered_at + interval '7 days'
    WHEN 'declined' THEN answered_at + interval '2 days'
END
WHERE state NOT IN ('recalled', 'closed')
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0008_states_and_clocks")]

    operations = [
        # The one before reads no referral without consent: there is nothing to go back to.
        migrations.RunSQL(ITEMS_AGREED, migrations.RunSQL.noop),
        migrations.RunSQL(REFERRED, migrations.RunSQL.noop),
        also(
            "referrals_referralstep",
            "deleter",
            TO_DELETE.format("id", "referral_id"),
            command="INSERT",
        ),
        also(
            "casework_caseevent",
            "deleter",
            TO_DELETE.format("case_id", "case_id"),
            command="INSERT",
        ),
        migrations.RunSQL(SIDES, migrations.RunSQL.noop),
        migrations.RunSQL(CLOCKS, migrations.RunSQL.noop),
    ]
