"""The table that limits and used codes are kept in; Django's database cache reads it."""

from django.db import migrations

TABLE = """
CREATE TABLE accounts_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX accounts_cache_expires ON accounts_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_notices")]

    operations = [migrations.RunSQL(TABLE, "DROP TABLE accounts_cache")]
