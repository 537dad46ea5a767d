"""With a number goes what holds for calling it: seen by who was sent the number, while it is shown."""

from django.db import migrations

from accounts.policies import also

NUMBER_SHOWN = (
    "person_id IN (SELECT referred.person_id FROM gate_referred() referred"
    " WHERE 'phone' = ANY (referred.shown))"
)


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0022_interpreters"),
        ("referrals", "0004_guard_history"),
    ]

    operations = [also("casework_contactrule", "receiver", NUMBER_SHOWN)]
