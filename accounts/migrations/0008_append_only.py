"""Rows of the trail and its seals are added, never changed; only a sealed segment may be dropped.

Rights refuse it to every process. The trigger refuses it to the owner too, so that a mistake in a
shell cannot do it; who disables the trigger is found by verify_audit.
"""

from django.db import migrations

TABLES = ["accounts_auditevent", "accounts_auditseal", "accounts_auditkey"]

REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are added, never changed.', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""

# Of the trail alone old segments go, whole, by the function below.
REFUSE_OF_TRAIL = """
CREATE FUNCTION refuse_change_of_trail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('app.dropping_segment', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'Rows of % are added, never changed.', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""

# It acts as its owner, and looks at the age itself: five years for a segment in which a name, a
# story or an emergency stands, two for any other. Returns how many rows went.
DROP_SEGMENT = """
CREATE FUNCTION drop_audit_segment(seal_number bigint) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    seal accounts_auditseal;
    ids bigint[];
    newest timestamptz;
    is_sensitive boolean;
    dropped integer;
BEGIN
    SELECT * INTO STRICT seal FROM accounts_auditseal WHERE number = seal_number;
    SELECT array_agg(event.id), max(event.at), bool_or(
        event.on_behalf = 'break_glass' OR event.verb IN (
            'show_identity', 'read_notes', 'view_screening', 'break_glass', 'download_file'
        )
    ) INTO ids, newest, is_sensitive
    FROM accounts_auditevent event
    WHERE event.id = ANY(seal.late) OR (
        event.id BETWEEN seal.first AND seal.last AND NOT EXISTS (
            SELECT FROM generate_subscripts(seal.gaps, 1) gap
            WHERE event.id BETWEEN seal.gaps[gap][1] AND seal.gaps[gap][2]
        )
    );
    IF greatest(newest, seal.at) > now() - make_interval(
        years => CASE WHEN is_sensitive THEN 5 ELSE 2 END
    ) THEN
        RAISE EXCEPTION 'Segment % is not old enough.', seal_number
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM set_config('app.dropping_segment', 'on', true);
    DELETE FROM accounts_auditevent WHERE id = ANY(ids);
    GET DIAGNOSTICS dropped = ROW_COUNT;
    PERFORM set_config('app.dropping_segment', '', true);
    RETURN dropped;
END $$;
"""


def guard(table: str, function: str) -> tuple[str, str]:
    return (
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {function}()",
        f"DROP TRIGGER append_only ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_trail")]

    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION refuse_change()"),
        migrations.RunSQL(REFUSE_OF_TRAIL, "DROP FUNCTION refuse_change_of_trail()"),
        migrations.RunSQL(DROP_SEGMENT, "DROP FUNCTION drop_audit_segment(bigint)"),
        migrations.RunSQL(
            "REVOKE EXECUTE ON FUNCTION drop_audit_segment(bigint) FROM PUBLIC",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(*guard("accounts_auditevent", "refuse_change_of_trail")),
        migrations.RunSQL(*guard("accounts_auditseal", "refuse_change")),
        migrations.RunSQL(*guard("accounts_auditkey", "refuse_change")),
    ]
