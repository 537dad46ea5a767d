"""Earlier versions are seen with the row as it is now."""

from django.db import migrations

from accounts.policies import guard_history


class Migration(migrations.Migration):
    dependencies = [("screening", "0003_history")]

    operations = [
        guard_history("screening_screening_event", "screening_screening"),
    ]
