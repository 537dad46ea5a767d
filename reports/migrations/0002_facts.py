"""The de-identified views that reports are counted from: no name, no text, no client code.

A key is a hash: it tells whether two facts are about the same person or the same record, and
opens no page. Whoever said no to being counted, or took the yes back, is in no fact.
"""

from django.db import migrations

# Days are those of the place where the work is done, whatever the server’s clock shows.
PERSON_FACT = """
CREATE VIEW report_person_fact WITH (security_barrier) AS
SELECT md5(fact.kind || fact.record || fact.part)::uuid AS id,
       md5(fact.kind || fact.record)::uuid AS record,
       md5('person' || fact.person_id)::uuid AS person,
       fact.kind, fact.organization_id, fact.grant_id, fact.day, fact.code, fact.category,
       fact.topic,
       -- Asked row by row, and only by indicators that want it.
       coalesce((
           SELECT decided.status
           FROM casework_traffickingstatus decided
           JOIN casework_case cas ON cas.id = decided.case_id
           WHERE cas.person_id = fact.person_id AND cas.organization_id = fact.organization_id
             AND decided.decided_on <= fact.day
           ORDER BY decided.decided_on DESC, decided.recorded_at DESC
           LIMIT 1
       ), '') AS status,
       person.sex, person.nationality,
       CASE WHEN person.birth_year_from IS NOT NULL THEN greatest(
           extract(year FROM fact.day)::int
           - (person.birth_year_from + person.birth_year_to + 1) / 2, 0)::smallint
       END AS age
FROM (
    SELECT 'visit' AS kind, visit.id AS record, '' AS part, visit.person_id,
           team.organization_id, visit.grant_id, (visit.at AT TIME ZONE 'Europe/Belgrade')::date AS day,
           '' AS code, '' AS category, '' AS topic
    FROM casework_visit visit JOIN accounts_team team ON team.group_ptr_id = visit.team_id
    UNION ALL
    SELECT 'service', service.id, '', service.person_id, service.organization_id,
           service.grant_id, service.delivered_on, type.code, type.category,
           coalesce(type.topic_id, '')
    FROM casework_servicedelivered service
    JOIN directory_servicetype type ON type.code = service.service_type_id
    UNION ALL
    SELECT 'information', service.id, '', service.person_id, service.organization_id,
           service.grant_id, service.delivered_on, type.code, type.category, type.topic_id
    FROM casework_servicedelivered service
    JOIN directory_servicetype type ON type.code = service.service_type_id
    WHERE type.topic_id IS NOT NULL
    UNION ALL
    SELECT 'information', visit.id, told.topic_id, visit.person_id, team.organization_id,
           visit.grant_id, (visit.at AT TIME ZONE 'Europe/Belgrade')::date, 'explained', '', told.topic_id
    FROM casework_visit_explained told
    JOIN casework_visit visit ON visit.id = told.visit_id
    JOIN accounts_team team ON team.group_ptr_id = visit.team_id
    UNION ALL
    SELECT 'information', visit.id, leaflet.code || edition.id, visit.person_id,
           team.organization_id, visit.grant_id, (visit.at AT TIME ZONE 'Europe/Belgrade')::date,
           'leaflet', '', leaflet.topic_id
    FROM casework_leafletgiven given
    JOIN casework_visit visit ON visit.id = given.visit_id
    JOIN accounts_team team ON team.group_ptr_id = visit.team_id
    JOIN directory_leafletedition edition ON edition.id = given.edition_id
    JOIN directory_leaflet leaflet ON leaflet.code = edition.leaflet_id
    UNION ALL
    SELECT 'screening', screening.id, '', cas.person_id, cas.organization_id, NULL::uuid,
           (screening.completed_at AT TIME ZONE 'Europe/Belgrade')::date, instrument.code, '', ''
    FROM screening_screening screening
    JOIN casework_case cas ON cas.id = screening.case_id
    JOIN screening_instrumentversion version ON version.id = screening.instrument_version_id
    JOIN screening_instrument instrument ON instrument.id = version.instrument_id
    WHERE screening.state = 'completed'
    UNION ALL
    SELECT DISTINCT 'referral', referral.id, type.category, cas.person_id, cas.organization_id,
           NULL::uuid, (referral.sent_at AT TIME ZONE 'Europe/Belgrade')::date, '', type.category, ''
    FROM referrals_referral referral
    JOIN casework_case cas ON cas.id = referral.case_id
    JOIN casework_consent consent ON consent.id = referral.consent_id
    JOIN directory_service_service_types link ON link.service_id = referral.service_id
    JOIN directory_servicetype type ON type.code = link.servicetype_id
    WHERE referral.sent_at IS NOT NULL
      AND consent.purpose = 'referral' AND consent.decision = 'given'
      AND consent.given_on <= (referral.sent_at AT TIME ZONE 'Europe/Belgrade')::date
      AND (consent.valid_until IS NULL
           OR consent.valid_until >= (referral.sent_at AT TIME ZONE 'Europe/Belgrade')::date)
      AND (consent.withdrawn_at IS NULL OR consent.withdrawn_at >= referral.sent_at)
      AND NOT EXISTS (
          SELECT 1 FROM referrals_referralstep step
          WHERE step.referral_id = referral.id AND step.verb = 'recall' AND step.reason = 'mistake')
    UNION ALL
    SELECT 'income_session', session.id, '', cas.person_id, cas.organization_id,
           activity.grant_id, session.attended_on, activity.kind, '', ''
    FROM casework_incomeactivitysession session
    JOIN casework_incomeactivity activity ON activity.id = session.activity_id
    JOIN casework_case cas ON cas.id = activity.case_id
) fact
JOIN casework_person person ON person.id = fact.person_id
LEFT JOIN (
    SELECT DISTINCT ON (cas.person_id) cas.person_id,
           consent.decision = 'given' AND consent.withdrawn_at IS NULL AS agreed
    FROM casework_consent consent JOIN casework_case cas ON cas.id = consent.case_id
    WHERE consent.purpose = 'statistics'
    ORDER BY cas.person_id, consent.given_on DESC, consent.recorded_at DESC
) said ON said.person_id = person.id
WHERE coalesce(said.agreed, true)
"""

PROFESSIONAL_FACT = """
CREATE VIEW report_professional_fact WITH (security_barrier) AS
SELECT md5('training_seat' || seat.id)::uuid AS id, md5('training_seat' || seat.id)::uuid AS record,
       'training_seat' AS kind, training.organization_id, training.grant_id,
       training.starts_on AS day, training.topic_id AS code,
       md5('professional' || seat.professional_id)::uuid AS professional,
       professional.sex, professional.profession, professional.institution_type
FROM outreach_trainingattendance seat
JOIN outreach_training training ON training.id = seat.training_id
JOIN outreach_professional professional ON professional.id = seat.professional_id
"""

COUNT_FACT = """
CREATE VIEW report_count_fact WITH (security_barrier) AS
SELECT md5(fact.kind || fact.code || fact.source)::uuid AS id,
       md5(fact.kind || fact.code || fact.source)::uuid AS record,
       fact.kind, fact.organization_id, fact.grant_id, fact.day, fact.code,
       fact.quantity::int AS quantity, fact.sex::text AS sex, fact.language::text AS language,
       band.min_age, band.max_age
FROM (
    SELECT 'people_met' AS kind, 'outreach' AS code, tally.id::text AS source,
           session.organization_id, session.grant_id,
           (session.started_at AT TIME ZONE 'Europe/Belgrade')::date AS day, tally.quantity,
           tally.sex, '' AS language, tally.age_band_id
    FROM outreach_outreachtally tally
    JOIN outreach_outreachsession session ON session.id = tally.session_id
    WHERE session.ended_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM outreach_outreachsession newer
        WHERE newer.supersedes_id = session.id AND newer.ended_at IS NOT NULL)
    UNION ALL
    SELECT 'people_met', 'hub', head.id::text, team.organization_id, head.grant_id,
           (head.at AT TIME ZONE 'Europe/Belgrade')::date, head.quantity, head.sex, '', head.age_band_id
    FROM casework_headcount head
    JOIN accounts_team team ON team.group_ptr_id = head.team_id
    UNION ALL
    SELECT 'leaflet', edition.leaflet_id, 'hub' || given.id, team.organization_id,
           visit.grant_id, (visit.at AT TIME ZONE 'Europe/Belgrade')::date, given.quantity,
           '', edition.language_id, NULL
    FROM casework_leafletgiven given
    JOIN casework_visit visit ON visit.id = given.visit_id
    JOIN accounts_team team ON team.group_ptr_id = visit.team_id
    JOIN directory_leafletedition edition ON edition.id = given.edition_id
    UNION ALL
    SELECT 'leaflet', edition.leaflet_id, 'field' || handed.id, session.organization_id,
           session.grant_id, (session.started_at AT TIME ZONE 'Europe/Belgrade')::date, handed.quantity,
           '', edition.language_id, NULL
    FROM outreach_outreachleaflets handed
    JOIN outreach_outreachsession session ON session.id = handed.session_id
    JOIN directory_leafletedition edition ON edition.id = handed.edition_id
    WHERE session.ended_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM outreach_outreachsession newer
        WHERE newer.supersedes_id = session.id AND newer.ended_at IS NOT NULL)
    UNION ALL
    SELECT 'outreach_session', session.area_id, session.id::text, session.organization_id,
           session.grant_id, (session.started_at AT TIME ZONE 'Europe/Belgrade')::date, 1, '', '', NULL
    FROM outreach_outreachsession session
    WHERE session.ended_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM outreach_outreachsession newer
        WHERE newer.supersedes_id = session.id AND newer.ended_at IS NOT NULL)
    UNION ALL
    SELECT 'training', training.topic_id, training.id::text, training.organization_id,
           training.grant_id, training.starts_on, 1, '', '', NULL
    FROM outreach_training training
) fact
LEFT JOIN directory_ageband band ON band.id = fact.age_band_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0001_initial"),
        ("casework", "0001_initial"),
        ("directory", "0001_initial"),
        ("outreach", "0001_initial"),
        ("referrals", "0001_initial"),
        ("screening", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(PERSON_FACT, "DROP VIEW report_person_fact"),
        migrations.RunSQL(PROFESSIONAL_FACT, "DROP VIEW report_professional_fact"),
        migrations.RunSQL(COUNT_FACT, "DROP VIEW report_count_fact"),
    ]
