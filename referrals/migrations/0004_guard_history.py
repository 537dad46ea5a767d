"""Earlier versions are seen with the row as it is now."""

from django.db import migrations

from accounts.policies import guard_history


class Migration(migrations.Migration):
    dependencies = [("referrals", "0003_history")]

    operations = [
        guard_history("referrals_referral_event", "referrals_referral"),
    ]
