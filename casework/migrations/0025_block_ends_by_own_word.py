"""Who said that an interpreter's block may end, and who asked the person."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.tables import at_once


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0024_consent_interpreter"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="interpreterblock",
            name="lift_asked_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="interpreterblock",
            name="lift_said_by",
            field=models.CharField(
                blank=True,
                choices=[
                    ("interpreter", "The interpreter"),
                    ("client", "The person"),
                    ("coordinator", "We decided so"),
                ],
                editable=False,
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="interpreterblock",
            name="lift_said_on",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="interpreterblock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lift_said_by", "client"), _negated=True),
                    models.Q(("lift_asked_by__isnull", False), ("lift_said_on__isnull", False)),
                    _connector="OR",
                ),
                name="own_word_was_asked_for",
            ),
        ),
    ]
    operations = at_once(operations)
