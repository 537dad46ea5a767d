"""Each wording belongs to a house, or to nobody when it came with the product."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.tables import at_once


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0018_hand_over"),
        ("casework", "0027_referral_narrowed"),
        ("directory", "0002_dialects"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="consenttext",
            name="one_wording_a_version",
        ),
        migrations.AddField(
            model_name="consenttext",
            name="organization",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organization",
            ),
        ),
        migrations.AddConstraint(
            model_name="consenttext",
            constraint=models.UniqueConstraint(
                fields=("organization", "purpose", "language", "version"),
                name="one_wording_a_version",
                nulls_distinct=False,
                violation_error_message="There is such a version already.",
            ),
        ),
    ]
    operations = at_once(operations)
