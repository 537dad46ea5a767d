"""Needs that could not be referred, for counting: no name, no code, no case.

Of somebody whose record is here the facts are hers; of people who were counted, what was counted.
Whoever said no to being counted is not in it. What a record had goes with the record.
"""

from django.db import migrations

UNMET_NEED = """
CREATE VIEW report_unmet_need WITH (security_barrier) AS
SELECT md5('unmet_need' || unmet.id)::uuid AS id,
       md5('person' || cas.person_id)::uuid AS person,
       unmet.organization_id, unmet.day, unmet.need_id AS need, unmet.reason, unmet.barrier,
       unmet.refused_by_id AS refused_by, unmet.quantity::int AS quantity,
       CASE WHEN cas.id IS NULL THEN unmet.sex ELSE person.sex END AS sex,
       coalesce(person.nationality, '') AS nationality,
       CASE WHEN person.birth_year_from IS NOT NULL THEN greatest(
           extract(year FROM unmet.day)::int
           - (person.birth_year_from + person.birth_year_to + 1) / 2, 0)::smallint
       END AS age
FROM referrals_unmetneed unmet
LEFT JOIN casework_case cas ON cas.id = unmet.case_id
LEFT JOIN casework_person person ON person.id = cas.person_id
LEFT JOIN (
    SELECT answer.person_id, bool_and(answer.agreed) AS agreed
    FROM (
        SELECT DISTINCT ON (consent.person_id, consent.given_by) consent.person_id,
               consent.decision = 'given' AND consent.withdrawn_at IS NULL AS agreed
        FROM casework_consent consent
        WHERE consent.purpose = 'statistics'
        ORDER BY consent.person_id, consent.given_by, consent.given_on DESC,
                 consent.recorded_at DESC
    ) answer
    GROUP BY answer.person_id
) said ON said.person_id = cas.person_id
WHERE coalesce(said.agreed, true)
  AND (cas.person_id IS NULL OR md5('person' || cas.person_id)::uuid NOT IN (
      SELECT silent.person FROM reports_uncounted silent WHERE NOT EXISTS (
          SELECT 1 FROM casework_consent consent
          WHERE md5('person' || consent.person_id)::uuid = silent.person
            AND consent.purpose = 'statistics' AND consent.recorded_at > silent.since)))
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0009_items_told"),
        ("casework", "0018_consent_of_person"),
        ("referrals", "0010_company_and_needs"),
    ]

    operations = [migrations.RunSQL(UNMET_NEED, "DROP VIEW report_unmet_need")]
