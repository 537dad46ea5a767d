"""Keep right where help is given, and who may know of it."""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import stale
from accounts.audit import record
from accounts.models import Organization, User
from directory.models import Municipality, Place, Service


class PlaceFacts(TypedDict, total=False):
    """What may be said of a place; what is left out stays as it is."""

    name_en: str
    name_sr: str
    municipality: Municipality | None
    address: str
    accessibility_en: str
    accessibility_sr: str
    visibility: str
    services: Sequence[Service]


@transaction.atomic
def create_place(organization: Organization, *, actor: User, **facts: Unpack[PlaceFacts]) -> Place:
    """Add a place of an institution. Raises PermissionDenied, or ValidationError by field."""
    actor.require("directory.edit_service")
    place = Place(organization=organization, edited_by=actor)
    _save(place, facts)
    record(actor, "create_place", place)
    return place


@transaction.atomic
def change_place(
    place: Place, *, version: int | None = None, actor: User, **facts: Unpack[PlaceFacts]
) -> Place:
    """Correct a place; who wrote it last is who can still see it when nobody else may.

    Raises PermissionDenied, or ValidationError by field, or one of code `stale`.
    """
    actor.require("directory.edit_service")
    place = Place.objects.shown_to(actor).select_for_update().get(pk=place.pk)
    if version is not None:
        stale(version, place.version)
    place.edited_by = actor
    place.version += 1
    _save(place, facts)
    record(actor, "change_place", place, fields=facts)
    return place


def _save(place: Place, facts: Mapping[str, Any]) -> None:
    services = facts.get("services")
    for name, value in facts.items():
        if name != "services":
            setattr(place, name, value)
    for service in services or []:
        if service.organization_id != place.organization_id:
            raise ValidationError({"services": _("One of these is of another institution.")})
    place.full_clean()
    place.save()
    if services is not None:
        place.services.set(services)
