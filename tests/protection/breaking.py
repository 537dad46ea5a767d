"""Cut something off at a table, and mend it again."""

from django.db import connection


def break_at(table, event):
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION cut_off() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'cut off'; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER cut_off BEFORE {event} ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION cut_off()"
        )


def mend(table):
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER cut_off ON {table}")
        cursor.execute("DROP FUNCTION cut_off()")
