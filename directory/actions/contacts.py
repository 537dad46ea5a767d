"""Keep right whom to reach at an institution."""

from collections.abc import Mapping
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import stale
from accounts.audit import record
from accounts.models import Organization, User
from directory.actions.changes import agree_at_once
from directory.models import Contact, Language, OrganizationProfile, Service


class ContactFacts(TypedDict, total=False):
    """What may be said of a contact; what is left out stays as it is."""

    service: Service | None
    role: str
    name: str
    position: str
    phone: str
    email: str
    language: Language | None
    is_active: bool


@transaction.atomic
def create_contact(
    organization: Organization, *, actor: User, **facts: Unpack[ContactFacts]
) -> Contact:
    """Add somebody to reach at an institution; nothing is sent before it is verified.

    Raises PermissionDenied, or ValidationError by field.
    """
    actor.require("directory.edit_contact")
    if not OrganizationProfile.objects.filter(organization=organization).exists():
        raise ValidationError({"organization": _("This institution is not in the directory yet.")})
    contact = Contact(organization=organization, edited_by=actor)
    _set(contact, facts)
    contact.full_clean()
    contact.save()
    record(actor, "create_contact", contact)
    return contact


@transaction.atomic
def change_contact(
    contact: Contact, *, version: int | None = None, actor: User, **facts: Unpack[ContactFacts]
) -> Contact:
    """Correct a contact. A new phone number or mail address waits for a second person.

    Raises PermissionDenied, or ValidationError by field, or one of code `stale`.
    """
    actor.require("directory.edit_contact")
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    if version is not None:
        stale(version, contact.version)
    guarded = {
        name: value
        for name, value in facts.items()
        if name in Contact.GUARDED and value != getattr(contact, name)
    }
    _set(contact, {name: facts[name] for name in facts if name not in Contact.GUARDED})  # type: ignore[literal-required]  # its own names
    contact.version += 1
    contact.full_clean()
    contact.save()
    agree_at_once(contact, guarded, actor=actor)
    record(actor, "change_contact", contact, fields=facts)
    return contact


@transaction.atomic
def verify_contact(contact: Contact, *, actor: User) -> Contact:
    """Say that the contact was reached and is right as of today.

    Raises PermissionDenied, or ValidationError for who wrote the entry: a second person does it.
    """
    actor.require("directory.verify_service")
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    if not contact.is_verified and contact.edited_by_id == actor.pk:
        raise ValidationError(_("You wrote this contact. Somebody else has to verify it."))
    contact.verified_on, contact.verified_by = timezone.localdate(), actor
    contact.version += 1
    contact.full_clean()
    contact.save()
    record(actor, "verify_contact", contact)
    return contact


def _set(contact: Contact, facts: Mapping[str, Any]) -> None:
    for name, value in facts.items():
        setattr(contact, name, value)
    if contact.service and contact.service.organization_id != contact.organization_id:
        raise ValidationError({"service": _("This service is of another institution.")})
