"""Count nobody who said no to it, with a case or without, nor a child for whom somebody said no.

The two views are made anew with what stands in them already, but for whose answer it is: it hangs
on the person now. Of each who answered the last answer counts, and one no is a no.
"""

from importlib import import_module

from django.db import migrations

FACTS = import_module("reports.migrations.0002_facts").PERSON_FACT
KEPT = import_module("reports.migrations.0005_count_what_was_kept").PERSON_FACT

SAID = """
    SELECT DISTINCT ON (cas.person_id) cas.person_id,
           consent.decision = 'given' AND consent.withdrawn_at IS NULL AS agreed
    FROM casework_consent consent JOIN casework_case cas ON cas.id = consent.case_id
    WHERE consent.purpose = 'statistics'
    ORDER BY cas.person_id, consent.given_on DESC, consent.recorded_at DESC
"""
SAID_BY_EACH = """
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
"""
ASKED_AGAIN = """
          SELECT 1 FROM casework_consent consent JOIN casework_case cas ON cas.id = consent.case_id
          WHERE md5('person' || cas.person_id)::uuid = silent.person
"""
ASKED_AGAIN_WITH_CASE_OR_WITHOUT = """
          SELECT 1 FROM casework_consent consent
          WHERE md5('person' || consent.person_id)::uuid = silent.person
"""


def exchanged(text: str, old: str, new: str) -> str:
    """Raises ValueError when the part is not there: a view must not change by halves."""
    if text.count(old) != 1:
        raise ValueError(old)
    return text.replace(old, new)


def live(text: str) -> str:
    """The view of 0002 under the name that 0005 gave it."""
    head = "CREATE VIEW report_person_fact"
    return exchanged(text, head, "CREATE OR REPLACE VIEW live_person_fact")


def counted(text: str) -> str:
    """The view of 0005 that the role of reports reads; the other one keeps its name."""
    body = text[text.index("CREATE VIEW report_person_fact") :]
    return exchanged(body, "CREATE VIEW", "CREATE OR REPLACE VIEW")


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0005_count_what_was_kept"),
        ("casework", "0018_consent_of_person"),
    ]

    operations = [
        migrations.RunSQL(live(exchanged(FACTS, SAID, SAID_BY_EACH)), live(FACTS)),
        migrations.RunSQL(
            counted(exchanged(KEPT, ASKED_AGAIN, ASKED_AGAIN_WITH_CASE_OR_WITHOUT)), counted(KEPT)
        ),
    ]
