"""The ledger of what was erased is added to, never changed; not even by the owner's mistake."""

from django.db import migrations

FORWARDS = """
CREATE TRIGGER ledger_stays BEFORE UPDATE OR DELETE ON protection_erasureledger
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_is_not_emptied BEFORE TRUNCATE ON protection_erasureledger
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
BACKWARDS = """
DROP TRIGGER ledger_stays ON protection_erasureledger;
DROP TRIGGER ledger_is_not_emptied ON protection_erasureledger;
"""


class Migration(migrations.Migration):
    dependencies = [("protection", "0001_registers"), ("accounts", "0008_append_only")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
