"""A receiver sees of what was ticked only what the newest answers in force still cover.

Of each giver the last answer to this question counts; one that agreed to less than before narrows
every open referral to the same receiver with the next request. `gate_items_agreed` says what is
left: nothing at all (NULL) where the giver on whose answer it rests agreed anew and that has ended.
"""

from django.db import migrations

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
ITEMS_AGREED = f"""
CREATE FUNCTION gate_items_agreed(referral uuid) RETURNS text[] {OWNERS} AS $$
    SELECT CASE WHEN agreed.holds THEN agreed.items END
    FROM referrals_referral sent
    JOIN casework_case cas ON cas.id = sent.case_id
    JOIN casework_consent consent ON consent.id = sent.consent_id
    CROSS JOIN LATERAL ({AGREED}) agreed
    WHERE sent.id = referral
$$
"""


def referred(items: str, joined: str, holds: str) -> str:
    """What an institution was sent, while it was agreed to, with the items shown at this step."""
    return f"""
CREATE OR REPLACE FUNCTION gate_referred() RETURNS TABLE (
    referral_id uuid, case_id uuid, person_id uuid, consent_id uuid, data_key_id uuid, shown text[]
) {OWNERS} ROWS 50 AS $$
    SELECT sent.id, sent.case_id, cas.person_id, sent.consent_id, sent.data_key_id,
           ARRAY({items} EXCEPT SELECT unnest(later.items))::text[]
    FROM referrals_referral sent
    JOIN casework_case cas ON cas.id = sent.case_id
    JOIN casework_consent consent ON consent.id = sent.consent_id
    {joined}
    CROSS JOIN LATERAL (SELECT CASE
        WHEN sent.state IN ('accepted', 'started') THEN '{{}}'::text[]
        WHEN sent.state IN ('sent', 'received') THEN ARRAY[
            'nationality', 'unaccompanied_or_separated', 'name', 'phone', 'document', 'address',
            'screening_result']
        ELSE sent.items::text[]
    END AS items) later
    WHERE sent.organization_id = gate_answers_for() AND sent.state NOT IN ('draft', 'recalled')
      AND cas.archived_on IS NULL AND {HOLDS.format("consent")} {holds}
$$
"""


NEWEST = referred(
    "SELECT unnest(agreed.items)", f"CROSS JOIN LATERAL ({AGREED}) agreed", "AND agreed.holds"
)
AT_SENDING = referred("SELECT unnest(sent.items) INTERSECT SELECT unnest(consent.items)", "", "")


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0005_safe_contact"),
        ("casework", "0024_consent_interpreter"),
    ]

    operations = [
        migrations.RunSQL(ITEMS_AGREED, "DROP FUNCTION gate_items_agreed(uuid)"),
        migrations.RunSQL(NEWEST, AT_SENDING),
    ]
