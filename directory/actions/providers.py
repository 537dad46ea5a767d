"""Keep institutions and their services right."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypedDict, Unpack

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import stale
from accounts.audit import record
from accounts.models import Organization, User
from directory.actions.changes import agree_at_once
from directory.models import Language, Municipality, OrganizationProfile, Service, ServiceType

OF_PHONE = ("phone_status", "phone_source")


class OrganizationFacts(TypedDict, total=False):
    """What may be said of an institution; what is left out stays as it is."""

    name_en: str
    name_sr: str
    type: str
    kind: str
    description_en: str
    description_sr: str
    note_en: str
    note_sr: str
    source_en: str
    source_sr: str


class ServiceFacts(TypedDict, total=False):
    """What may be said of a service; what is left out stays as it is."""

    name_en: str
    name_sr: str
    service_types: Sequence[ServiceType]
    languages: Sequence[Language]
    min_age: int | None
    max_age: int | None
    sexes: Sequence[str]
    phone: str
    phone_status: str
    phone_source: str
    note_en: str
    note_sr: str
    is_referable: bool
    status: str
    residence: Sequence[str]
    serves: Sequence[Municipality]
    wait_days: int | None


@transaction.atomic
def create_organization(
    *, code: str, actor: User, **facts: Unpack[OrganizationFacts]
) -> Organization:
    """Add an institution. Raises PermissionDenied, or ValidationError by field."""
    actor.require("directory.edit_organization")
    organization = Organization(code=code)
    profile = OrganizationProfile(organization=organization)
    _save_organization(organization, profile, facts)
    record(actor, "create_organization", organization)
    return organization


@transaction.atomic
def change_organization(
    organization: Organization,
    *,
    version: int | None = None,
    actor: User,
    **facts: Unpack[OrganizationFacts],
) -> Organization:
    """Correct what is said of an institution; one that nobody described yet is described now.

    Raises PermissionDenied, or ValidationError by field, or one of code `stale`.
    """
    actor.require("directory.edit_organization")
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    profile = OrganizationProfile.objects.filter(organization=organization).first()
    if profile and version is not None:
        stale(version, profile.version)
    _save_organization(
        organization, profile or OrganizationProfile(organization=organization), facts
    )
    record(actor, "change_organization", organization, fields=facts)
    return organization


def _save_organization(
    organization: Organization, profile: OrganizationProfile, facts: Mapping[str, Any]
) -> None:
    for name, value in facts.items():
        setattr(organization if hasattr(organization, name) else profile, name, value)
    organization.full_clean()
    organization.save()
    profile.version += 1
    profile.edited_at = timezone.now()
    profile.full_clean()
    profile.save()


@transaction.atomic
def create_service(
    organization: Organization, *, actor: User, **facts: Unpack[ServiceFacts]
) -> Service:
    """Add a service to an institution. Raises PermissionDenied, or ValidationError by field."""
    actor.require("directory.edit_service")
    if not OrganizationProfile.objects.filter(organization=organization).exists():
        raise ValidationError({"organization": _("Describe the institution first.")})
    service = Service(organization=organization, edited_by=actor)
    _save_service(service, facts)
    record(actor, "create_service", service)
    return service


@transaction.atomic
def change_service(
    service: Service,
    *,
    version: int | None = None,
    actor: User,
    **facts: Unpack[ServiceFacts],
) -> Service:
    """Correct a service. A new phone number waits for a second person.

    Raises PermissionDenied, or ValidationError by field, or one of code `stale`.
    """
    actor.require("directory.edit_service")
    service = Service.objects.select_for_update().get(pk=service.pk)
    if version is not None:
        stale(version, service.version)
    told = dict(facts)
    phone = told.pop("phone", service.phone)
    if phone != service.phone:
        # How sure it is and where it is from is told of the number that holds.
        told = {name: told[name] for name in told if name not in OF_PHONE}
    service.edited_by = actor
    _save_service(service, told)
    if phone != service.phone:
        agree_at_once(service, {"phone": phone}, actor=actor)
    record(actor, "change_service", service, fields=facts)
    return service


def _save_service(service: Service, facts: Mapping[str, Any]) -> None:
    sets = {field.name for field in Service._meta.many_to_many}
    for name, value in facts.items():
        if name not in sets:
            setattr(service, name, value)
    service.version += 1
    service.edited_at = timezone.now()
    service.full_clean()
    service.save()
    for name in sets & facts.keys():
        getattr(service, name).set(facts[name])


@transaction.atomic
def verify_service(service: Service, *, actor: User, on: date | None = None) -> Service:
    """Say that the entry, with its phone number, is right as of a day.

    Raises PermissionDenied, or ValidationError for who wrote down a number that nobody confirmed.
    """
    actor.require("directory.verify_service")
    service = Service.objects.select_for_update().get(pk=service.pk)
    if service.phone and not service.phone_is_confirmed and service.edited_by_id == actor.pk:
        raise ValidationError(_("You wrote this number. Somebody else has to confirm it."))
    service.verified_on, service.verified_by = on or timezone.localdate(), actor
    service.verified_contact = None
    if service.phone:
        service.phone_status = Service.PhoneStatus.CONFIRMED
    service.version += 1
    service.edited_at = timezone.now()
    service.full_clean()
    service.save()
    record(actor, "verify_service", service)
    return service


@transaction.atomic
def set_capacity(
    service: Service, *, accepting: str, places_free: int | None = None, actor: User
) -> Service:
    """Say whether a service takes people now, and how many places are free today.

    Raises PermissionDenied, of another institution's service too, or ValidationError by field.
    """
    actor.require("directory.set_capacity")
    if not actor.organization.is_house and service.organization_id != actor.organization_id:
        raise PermissionDenied
    service = Service.objects.select_for_update().get(pk=service.pk)
    service.accepting, service.places_free = accepting, places_free
    service.capacity_at, service.capacity_by = timezone.now(), actor
    service.capacity_contact = None
    service.full_clean()
    service.save()
    record(actor, "set_capacity", service, fields=["accepting", "places_free"])
    return service
