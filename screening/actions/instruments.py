"""Versions of instruments: put one into use, end one, say whether a house offers an instrument."""

import hashlib
import json
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import Organization, User
from screening.models import Instrument, InstrumentSwitch, InstrumentVersion


@transaction.atomic
def publish_version(
    definition: dict[str, Any],
    *,
    organization: Organization | None = None,
    published_by: User | None = None,
) -> bool:
    """Store a checked definition as a version; false when it is stored already, unchanged.

    Without an organization it is for all houses, as the files of the product are. A version that
    nobody was asked with may still change. Raises ValidationError when one that was used would.
    """
    instrument, _made = Instrument.objects.get_or_create(code=definition["code"])
    Instrument.objects.select_for_update().get(pk=instrument.pk)
    rows = instrument.versions.filter(organization=organization)
    version = rows.filter(version=definition["version"]).first()
    content_hash = _hash(definition)
    if version is not None and version.content_hash == content_hash:
        return False
    if version is not None and version.screenings.exists():
        raise ValidationError(
            _("Version %(version)s was used already. Give the changed file a new version."),
            params={"version": version.version},
            code="used",
        )
    version = version or InstrumentVersion(
        instrument=instrument, organization=organization, version=definition["version"]
    )
    version.definition, version.content_hash = definition, content_hash
    version.published_by = published_by
    version.valid_from = date.fromisoformat(definition["valid_from"])
    until = definition["valid_until"]
    version.valid_until = date.fromisoformat(until) if until else None
    version.full_clean()
    version.save()
    return True


def _hash(definition: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(definition, sort_keys=True).encode()).hexdigest()


def may_publish_instrument(user: User) -> bool:
    return user.has_perm("screening.publish_instrument")


@transaction.atomic
def retire_version(version: InstrumentVersion, *, last_day: date, actor: User) -> InstrumentVersion:
    """Set the last day on which a version of her own house begins a screening.

    What was begun goes on with it. Raises PermissionDenied, ValidationError.
    """
    if not may_publish_instrument(actor):
        raise PermissionDenied
    version = InstrumentVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if version.organization_id != actor.organization_id:
        raise ValidationError(
            _("This version came with the product. Switch the instrument off instead.")
        )
    if last_day < timezone.localdate():
        raise ValidationError({"last_day": _("This day is over.")})
    if last_day < version.valid_from:
        raise ValidationError({"last_day": _("The version begins later.")})
    version.valid_until, version.retired_by = last_day, actor
    version.full_clean()
    version.save()
    record(actor, "retire_version", version)
    return version


def may_edit_instrument(user: User) -> bool:
    return user.has_perm("screening.edit_instrument")


@transaction.atomic
def switch_instrument(instrument: Instrument, *, is_on: bool, actor: User) -> InstrumentSwitch:
    """Offer an instrument to the house, or offer it no more; open talks go on.

    Raises PermissionDenied.
    """
    if not may_edit_instrument(actor):
        raise PermissionDenied
    Instrument.objects.select_for_update().get(pk=instrument.pk)
    switch, _made = InstrumentSwitch.objects.get_or_create(
        organization=actor.organization, instrument=instrument, defaults={"changed_by": actor}
    )
    switch.is_on, switch.changed_by, switch.changed_at = is_on, actor, timezone.now()
    switch.full_clean()
    switch.save()
    record(actor, "switch_instrument", switch, note="on" if is_on else "off")
    return switch
