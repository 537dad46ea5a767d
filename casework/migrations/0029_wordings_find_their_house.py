"""Each wording goes to the house that wrote or reviewed it; others that used it get their own."""

from collections import defaultdict
from uuid import uuid4

from django.db import migrations


def find_house(apps, schema_editor):
    texts = apps.get_model("casework", "ConsentText").objects
    answers = apps.get_model("casework", "Consent").objects
    users = apps.get_model("accounts", "User").objects
    house_of = dict(users.values_list("pk", "organization_id"))
    used = defaultdict(set)
    for text, house in answers.exclude(text=None).values_list("text", "person__organization"):
        used[text].add(house)
    for text in texts.filter(organization=None):
        owner = house_of.get(text.written_by_id or text.reviewed_by_id)
        if owner is None:
            continue
        texts.filter(pk=text.pk).update(organization=owner)
        original = text.pk
        for house in sorted(used[original] - {owner}, key=str):
            text.pk, text.organization_id = uuid4(), house
            text.save(force_insert=True)
            read_out = answers.filter(text=original, person__organization=house)
            read_out.update(text=text.pk)


class Migration(migrations.Migration):
    dependencies = [("casework", "0028_wording_of_house")]

    # Back, the wordings stay as they are: the column that says whose they are goes.
    operations = [migrations.RunPython(find_house, migrations.RunPython.noop)]
