from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_api_tokens"),
    ]

    operations = [
        migrations.AddField(
            model_name="auditseal",
            name="marks",
            field=models.BinaryField(default=b""),
        ),
    ]
