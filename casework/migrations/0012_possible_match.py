"""One question across everybody: where may somebody with such a name be known?"""

from django.db import migrations

from accounts.policies import SYSTEM

# `ways` is [{"parts": [[key, …], …], "pairs": [key, …]}, …], the ways to read what was typed
# (casework.names.keys), and `pairs` holds the pairs of all of them, for the index. Every part of the
# shorter name must be in the longer one. Answers with houses; with people only to the coordinator
# of their own house. Never tells of somebody who is sealed, closed to the asker or waiting to be
# erased, nor of whom she can see by name herself.
POSSIBLE_MATCH = """
CREATE FUNCTION gate_possible_match(pairs int[], ways jsonb)
RETURNS TABLE (organization_id uuid, person_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp ROWS 10 AS $$
    WITH entry AS MATERIALIZED (
        SELECT found.person_id, found.keys, found.parts FROM casework_personsearch found
        WHERE found.keys && pairs
    ), matching AS MATERIALIZED (
        SELECT entry.person_id FROM entry
        WHERE EXISTS (
            SELECT FROM jsonb_to_recordset(ways) AS way (parts jsonb, pairs int[])
            WHERE entry.keys && way.pairs AND (
                SELECT count(*) FROM jsonb_array_elements(way.parts) AS part (keys)
                WHERE entry.keys && ARRAY(SELECT jsonb_array_elements_text(part.keys)::int)
            ) >= least(jsonb_array_length(way.parts), greatest(entry.parts, 2))
        )
    )
    SELECT DISTINCT person.organization_id,
           CASE WHEN person.organization_id = gate_coordinates() THEN person.id END
    FROM matching JOIN casework_person person ON person.id = matching.person_id
    WHERE gate_has_role('caseworker', 'mobile', 'phone_operator', 'coordinator')
      AND person.archived_on IS NULL
      AND person.id NOT IN (SELECT gate_hidden())
      AND person.id NOT IN (SELECT held.person_id FROM gate_access(3) held)
$$
"""
# The keys themselves are for whoever may see the name: with them and the key ring names could be
# tried on people who are known by code only.
KEYS = """
person_id IN (SELECT held.person_id FROM gate_access(3) held)
OR (SELECT gate_at_desk('protection')) IS NOT NULL
   AND EXISTS (SELECT FROM casework_person person WHERE person.id = person_id)
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0011_guard_history")]

    operations = [
        migrations.RunSQL(POSSIBLE_MATCH, "DROP FUNCTION gate_possible_match(int[], jsonb)"),
        migrations.RunSQL(
            [
                "DROP POLICY gate ON casework_personsearch",
                f"CREATE POLICY gate ON casework_personsearch USING ({SYSTEM} OR ({KEYS}))",
            ],
            migrations.RunSQL.noop,
        ),
    ]
