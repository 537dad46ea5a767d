"""A study is of one house: the database shows it to no other one."""

from django.db import migrations

from accounts.policies import guard


class Migration(migrations.Migration):
    dependencies = [("reports", "0007_study"), ("casework", "0007_policies")]

    operations = [
        guard("reports_study", "organization_id = (SELECT gate_organization())"),
    ]
