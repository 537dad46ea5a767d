"""Put a version of an instrument into use."""

import hashlib
import json
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from screening.models import Instrument, InstrumentVersion


@transaction.atomic
def publish_version(definition: dict[str, Any]) -> bool:
    """Store a checked definition as a version; false when it is stored already, unchanged.

    A version that nobody was asked with may still change. Raises ValidationError when one that
    was used would.
    """
    instrument, _made = Instrument.objects.get_or_create(code=definition["code"])
    Instrument.objects.select_for_update().get(pk=instrument.pk)
    version = instrument.versions.filter(version=definition["version"]).first()
    content_hash = _hash(definition)
    if version is not None and version.content_hash == content_hash:
        return False
    if version is not None and version.screenings.exists():
        raise ValidationError(
            _("Version %(version)s was used already. Give the changed file a new version."),
            params={"version": version.version},
            code="used",
        )
    version = version or InstrumentVersion(instrument=instrument, version=definition["version"])
    version.definition, version.content_hash = definition, content_hash
    version.valid_from = date.fromisoformat(definition["valid_from"])
    until = definition["valid_until"]
    version.valid_until = date.fromisoformat(until) if until else None
    version.full_clean()
    version.save()
    return True


def _hash(definition: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(definition, sort_keys=True).encode()).hexdigest()
