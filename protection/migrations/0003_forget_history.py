"""A narrow door to earlier states of rows, which every process may add and none may delete.

It acts as its owner and looks itself: only the history of rows that are no longer there goes.
"""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION forget_history(history regclass, live regclass, ids text[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    live_key name;
    gone integer;
BEGIN
    IF history::text NOT IN (live::text || 'event', live::text || '_event') THEN
        RAISE EXCEPTION '% does not keep earlier states of %.', history, live
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT attribute.attname INTO STRICT live_key
    FROM pg_index index JOIN pg_attribute attribute
        ON attribute.attrelid = index.indrelid AND attribute.attnum = index.indkey[0]
    WHERE index.indrelid = live AND index.indisprimary;
    EXECUTE format(
        'DELETE FROM %s event WHERE event.pgh_obj_id::text = ANY ($1)'
        ' AND NOT EXISTS (SELECT FROM %s live WHERE live.%I = event.pgh_obj_id)',
        history, live, live_key
    ) USING ids;
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;
REVOKE EXECUTE ON FUNCTION forget_history(regclass, regclass, text[]) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("protection", "0002_ledger_stays")]

    operations = [
        migrations.RunSQL(FORWARDS, "DROP FUNCTION forget_history(regclass, regclass, text[])"),
    ]
