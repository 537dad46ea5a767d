"""What came with the product stays a draft: whoever reviews it gets a wording of her house."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0018_hand_over"),
        ("casework", "0029_wordings_find_their_house"),
        ("directory", "0002_dialects"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="consenttext",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("organization__isnull", False),
                    models.Q(("reviewed_at", None), ("written_by", None)),
                    _connector="OR",
                ),
                name="wording_in_use_is_of_a_house",
            ),
        ),
    ]
