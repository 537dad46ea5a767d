"""Whose names the database lets open: professionals whom the own organization trained."""

from django.db import migrations

from accounts.policies import also

TRAINED_BY_US = """
    id IN (SELECT trained.data_key_id FROM outreach_professional trained
           WHERE trained.registered_by_organization_id = (SELECT gate_organization()))
"""


class Migration(migrations.Migration):
    dependencies = [("outreach", "0001_initial"), ("casework", "0007_policies")]

    operations = [also("vault_datakey", "of_professionals", TRAINED_BY_US)]
