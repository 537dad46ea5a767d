"""Load the texts that everybody agrees to."""

import json
from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Agreement

TEXTS = Path(__file__).resolve().parent.parent / "reference" / "agreements.json"


@transaction.atomic
def load_agreements(path: Path = TEXTS) -> int:
    """Add the versions that are new; returns how many there are.

    Raises ValidationError when the text of a version differs from what people agreed to.
    """
    told = json.loads(path.read_text())
    for each in told:
        row = {**each, "valid_from": date.fromisoformat(each["valid_from"])}
        found = Agreement.objects.filter(kind=row["kind"], version=row["version"]).first()
        if found is None:
            Agreement.objects.create(**row)
        elif (found.text_en, found.text_sr) != (row["text_en"], row["text_sr"]):
            raise ValidationError(_("A text that people agreed to was changed: add a version."))
    return len(told)
