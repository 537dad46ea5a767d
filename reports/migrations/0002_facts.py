"""The de-identified views that reports are counted from: no name, no text, no client code."""

from django.db import migrations

PERSON_FACT = """
CREATE VIEW report_person_fact WITH (security_barrier) AS
SELECT fact.kind || ':' || fact.source || ':' || fact.category AS id,
       fact.kind, fact.organization_id, fact.grant_id, fact.day, fact.code, fact.category,
       fact.topic, fact.person, coalesce(standing.status, '') AS status,
       person.sex, person.nationality, person.birth_year_from, person.birth_year_to
FROM (
    SELECT 'visit' AS kind, visit.id AS source, visit.person_id AS person,
           team.organization_id, visit.grant_id, (visit.at AT TIME ZONE 'Europe/Belgrade')::date AS day,
           '' AS code, '' AS category, '' AS topic
    FROM casework_visit visit JOIN accounts_team team ON team.group_ptr_id = visit.team_id
    UNION ALL
    SELECT 'service', service.id, service.person_id, service.organization_id, service.grant_id,
           service.delivered_on, type.code, type.category, coalesce(type.topic_id, '')
    FROM casework_servicedelivered service
    JOIN directory_servicetype type ON type.code = service.service_type_id
    UNION ALL
    SELECT 'screening', screening.id, cas.person_id, cas.organization_id, NULL,
           (screening.completed_at AT TIME ZONE 'Europe/Belgrade')::date, instrument.code, '', ''
    FROM screening_screening screening
    JOIN casework_case cas ON cas.id = screening.case_id
    JOIN screening_instrumentversion version ON version.id = screening.instrument_version_id
    JOIN screening_instrument instrument ON instrument.id = version.instrument_id
    WHERE screening.state = 'completed'
    UNION ALL
    SELECT DISTINCT 'referral', referral.id, cas.person_id, cas.organization_id, NULL::uuid,
           (referral.sent_at AT TIME ZONE 'Europe/Belgrade')::date, '', type.category, ''
    FROM referrals_referral referral
    JOIN casework_case cas ON cas.id = referral.case_id
    JOIN casework_consent consent ON consent.id = referral.consent_id
    JOIN directory_service_service_types link ON link.service_id = referral.service_id
    JOIN directory_servicetype type ON type.code = link.servicetype_id
    WHERE referral.sent_at IS NOT NULL AND consent.decision = 'given'
    UNION ALL
    SELECT 'income_session', session.id, cas.person_id, cas.organization_id, activity.grant_id,
           session.attended_on, activity.kind, '', ''
    FROM casework_incomeactivitysession session
    JOIN casework_incomeactivity activity ON activity.id = session.activity_id
    JOIN casework_case cas ON cas.id = activity.case_id
) fact
JOIN casework_person person ON person.id = fact.person
LEFT JOIN LATERAL (
    SELECT row.status
    FROM casework_traffickingstatus row JOIN casework_case cas ON cas.id = row.case_id
    WHERE cas.person_id = fact.person AND cas.organization_id = fact.organization_id
      AND row.decided_on <= fact.day
    ORDER BY row.decided_on DESC, row.recorded_at DESC
    LIMIT 1
) standing ON true
"""

PROFESSIONAL_FACT = """
CREATE VIEW report_professional_fact WITH (security_barrier) AS
SELECT 'training_seat:' || seat.id AS id, 'training_seat' AS kind,
       training.organization_id, training.grant_id, training.starts_on AS day,
       training.topic_id AS code, seat.professional_id AS professional,
       professional.sex, professional.profession, professional.institution_type
FROM outreach_trainingattendance seat
JOIN outreach_training training ON training.id = seat.training_id
JOIN outreach_professional professional ON professional.id = seat.professional_id
"""

COUNT_FACT = """
CREATE VIEW report_count_fact WITH (security_barrier) AS
SELECT 'people_met:' || tally.id AS id, 'people_met' AS kind, session.organization_id,
       session.grant_id, (session.started_at AT TIME ZONE 'Europe/Belgrade')::date AS day,
       'outreach' AS code, tally.quantity::int AS quantity, tally.sex::text AS sex,
       band.min_age, band.max_age
FROM outreach_outreachtally tally
JOIN outreach_outreachsession session ON session.id = tally.session_id
JOIN directory_ageband band ON band.id = tally.age_band_id
WHERE session.ended_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM outreach_outreachsession newer WHERE newer.supersedes_id = session.id)
UNION ALL
SELECT 'people_met:' || head.id, 'people_met', team.organization_id, head.grant_id,
       (head.at AT TIME ZONE 'Europe/Belgrade')::date, 'hub', head.quantity, head.sex,
       band.min_age, band.max_age
FROM casework_headcount head
JOIN accounts_team team ON team.group_ptr_id = head.team_id
LEFT JOIN directory_ageband band ON band.id = head.age_band_id
UNION ALL
SELECT 'leaflet:hub:' || given.id, 'leaflet', team.organization_id, visit.grant_id,
       (visit.at AT TIME ZONE 'Europe/Belgrade')::date, edition.leaflet_id, given.quantity, '', NULL, NULL
FROM casework_leafletgiven given
JOIN casework_visit visit ON visit.id = given.visit_id
JOIN accounts_team team ON team.group_ptr_id = visit.team_id
JOIN directory_leafletedition edition ON edition.id = given.edition_id
UNION ALL
SELECT 'leaflet:field:' || handed.id, 'leaflet', session.organization_id, session.grant_id,
       (session.started_at AT TIME ZONE 'Europe/Belgrade')::date, edition.leaflet_id, handed.quantity,
       '', NULL, NULL
FROM outreach_outreachleaflets handed
JOIN outreach_outreachsession session ON session.id = handed.session_id
JOIN directory_leafletedition edition ON edition.id = handed.edition_id
WHERE session.ended_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM outreach_outreachsession newer WHERE newer.supersedes_id = session.id)
UNION ALL
SELECT 'outreach_session:' || session.id, 'outreach_session', session.organization_id,
       session.grant_id, (session.started_at AT TIME ZONE 'Europe/Belgrade')::date, session.area_id, 1,
       '', NULL, NULL
FROM outreach_outreachsession session
WHERE session.ended_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM outreach_outreachsession newer WHERE newer.supersedes_id = session.id)
UNION ALL
SELECT 'training:' || training.id, 'training', training.organization_id, training.grant_id,
       training.starts_on, training.topic_id, 1, '', NULL, NULL
FROM outreach_training training
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
