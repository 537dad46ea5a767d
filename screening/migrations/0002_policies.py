"""Which screenings the database shows: those of cases whose answers the actor may read."""

from django.db import migrations

from accounts.policies import guard, of_case_at

NARRATIVE = 4


class Migration(migrations.Migration):
    dependencies = [("screening", "0001_initial"), ("casework", "0007_policies")]

    operations = [guard("screening_screening", of_case_at(NARRATIVE))]
