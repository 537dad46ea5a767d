"""Which lines of the register the database shows: one's own; whoever decides or reads it, all."""

from django.db import migrations

from accounts.policies import also, guard

RULE = """
requested_by_id = (SELECT gate_uid())
OR organization_id = (SELECT gate_organization())
   AND (SELECT gate_has_role('coordinator', 'leadership', 'data_protection'))
"""
OF_EXPORT = "EXISTS (SELECT FROM exports_export export WHERE export.id = {table}.id)"


class Migration(migrations.Migration):
    dependencies = [("exports", "0001_initial"), ("casework", "0007_policies")]

    operations = [
        guard("exports_export", RULE),
        # The key of an export is seen with its line.
        also("vault_datakey", "of_exports", OF_EXPORT),
    ]
