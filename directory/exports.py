"""The directory as HSDS 3 JSON for one circle of readers; what nobody may know is in none."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.db.models import Prefetch

from directory.hsds import DAYS, VERSION, Row, tables
from directory.models import (
    Contact,
    OrganizationProfile,
    Place,
    Schedule,
    Service,
    ServiceAtPlace,
    ServiceType,
)

# Rows that HSDS wants and our tables do not have get an id that stays.
TAXONOMY = UUID("6f1c9b0e-5f0e-5c0a-9d5e-2b6f3a1c7d10")


def made_id(owner: UUID, *parts: object) -> str:
    return str(uuid5(owner, "/".join(str(part) for part in parts)))


def hsds_document(circle: str) -> dict[str, Any]:
    """{table: rows} for readers of this circle: `public`, `partners` or `staff`.

    Contacts are told to staff only. What is not known is left out.
    """
    found: dict[str, list[Row]] = {table: [] for table in tables()}
    for profile in OrganizationProfile.objects.select_related("organization"):
        found["organization"].append(_organization(profile))
    places = Place.objects.for_circle(circle)
    for place in places.select_related("municipality__district"):
        _add_place(found, place)
    for service in _services(places.values("pk")):
        _add_service(found, service)
    _add_kinds(found)
    if circle == Place.Visibility.STAFF:
        for contact in Contact.objects.filter(is_active=True):
            _add_contact(found, contact)
    return {"hsds_version": VERSION, **{name: rows for name, rows in found.items() if rows}}


def _services(places: Any) -> Iterable[Service]:
    hours = Schedule.objects.filter(place=None) | Schedule.objects.filter(place__in=places)
    there = ServiceAtPlace.objects.filter(place__in=places)
    return Service.objects.order_by("pk").prefetch_related(
        "service_types",
        "languages",
        "serves",
        "costs",
        "documents",
        Prefetch("hours", hours),
        Prefetch("at_places", there),
    )


def _said(**fields: Any) -> Row:
    """A row without what is not known."""
    return {name: value for name, value in fields.items() if value not in (None, "", [])}


def _organization(profile: OrganizationProfile) -> Row:
    organization = profile.organization
    return _said(
        id=str(organization.pk),
        name=organization.name_en,
        alternate_name=organization.name_sr,
        description=profile.description_en,
        x_description_sr=profile.description_sr,
        x_code=organization.code,
        x_type=organization.type,
        x_kind=profile.kind,
    )


def _add_place(found: dict[str, list[Row]], place: Place) -> None:
    key, municipality = str(place.pk), place.municipality
    found["location"].append(
        _said(
            id=key,
            organization_id=str(place.organization_id),
            location_type="physical",
            name=place.name_en,
            alternate_name=place.name_sr,
            x_visibility=place.visibility,
        )
    )
    if place.address or municipality:
        found["address"].append(
            _said(
                id=made_id(place.pk, "address"),
                location_id=key,
                address_1=place.address,
                city=municipality and municipality.name_en,
                region=municipality and municipality.district.name_en,
                x_municipality=municipality and municipality.pk,
            )
        )
    if place.accessibility_en or place.accessibility_sr:
        found["accessibility"].append(
            _said(
                id=made_id(place.pk, "accessibility"),
                location_id=key,
                description=place.accessibility_en,
                x_description_sr=place.accessibility_sr,
            )
        )


def _add_service(found: dict[str, list[Row]], service: Service) -> None:
    key = str(service.pk)
    found["service"].append(_service(service))
    if service.phone:
        found["phone"].append(
            _said(
                id=made_id(service.pk, "phone"),
                service_id=key,
                number=service.phone,
                description=service.phone_source,
                x_status=service.phone_status,
            )
        )
    at_places = {row.place_id: str(row.pk) for row in service.at_places.all()}
    for row in service.at_places.all():
        found["service_at_location"].append(
            {"id": str(row.pk), "service_id": key, "location_id": str(row.place_id)}
        )
    found["schedule"] += [_schedule(row, at_places) for row in service.hours.all()]
    for language in service.languages.all():
        found["language"].append(
            _said(
                id=made_id(service.pk, "language", language.pk),
                service_id=key,
                code=language.pk,
                name=language.name_en,
            )
        )
    for kind in service.service_types.all():
        found["attribute"].append(
            {
                "id": made_id(service.pk, "kind", kind.pk),
                "link_id": key,
                "link_entity": "service",
                "taxonomy_term_id": made_id(TAXONOMY, kind.pk),
            }
        )
    _add_conditions(found, service)


def _service(service: Service) -> Row:
    wait = service.wait_days
    assured = service.verified_on
    return _said(
        id=str(service.pk),
        organization_id=str(service.organization_id),
        name=service.name_en,
        alternate_name=service.name_sr,
        description=service.note_en,
        x_description_sr=service.note_sr,
        status=service.status,
        minimum_age=service.min_age,
        maximum_age=service.max_age,
        wait_time=None if wait is None else f"{wait} day{'' if wait == 1 else 's'}",
        assured_date=assured and assured.isoformat(),
        x_sexes=service.sexes,
        x_residence=service.residence,
        x_takes_referrals=service.is_referable,
        x_accepting=service.accepts_now,
        x_places_free=service.places_today,
    )


def _add_conditions(found: dict[str, list[Row]], service: Service) -> None:
    key = str(service.pk)
    for municipality in service.serves.all():
        found["service_area"].append(
            {
                "id": made_id(service.pk, "area", municipality.pk),
                "service_id": key,
                "name": municipality.name_en,
                "x_municipality": municipality.pk,
            }
        )
    for cost in service.costs.all():
        amount = None if cost.amount is None else _number(cost.amount)
        found["cost_option"].append(
            _said(
                id=str(cost.pk),
                service_id=key,
                option=cost.name_en,
                x_option_sr=cost.name_sr,
                amount=amount,
                currency=cost.currency,
            )
        )
    for document in service.documents.all():
        found["required_document"].append(
            _said(
                id=str(document.pk),
                service_id=key,
                document=document.name_en,
                x_document_sr=document.name_sr,
            )
        )


def _number(amount: Decimal) -> int | float:
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _schedule(row: Schedule, at_places: dict[UUID, str]) -> Row:
    return _said(
        id=str(row.pk),
        service_id=str(row.service_id),
        service_at_location_id=at_places.get(row.place_id) if row.place_id else None,
        freq="WEEKLY",
        byday=DAYS[row.weekday - 1],
        opens_at=f"{row.opens:%H:%M}",
        closes_at=f"{row.closes:%H:%M}",
        valid_from=row.valid_from and row.valid_from.isoformat(),
        valid_to=row.valid_until and row.valid_until.isoformat(),
    )


def _add_kinds(found: dict[str, list[Row]]) -> None:
    """The kinds of service as one taxonomy, so that each attribute names a term of it."""
    found["taxonomy"].append({"id": str(TAXONOMY), "name": "Kinds of service"})
    for kind in ServiceType.objects.order_by("pk"):
        found["taxonomy_term"].append(
            {
                "id": made_id(TAXONOMY, kind.pk),
                "code": kind.pk,
                "name": kind.name_en,
                "taxonomy_id": str(TAXONOMY),
            }
        )


def _add_contact(found: dict[str, list[Row]], contact: Contact) -> None:
    service = contact.service_id
    found["contact"].append(
        _said(
            id=str(contact.pk),
            organization_id=str(contact.organization_id),
            service_id=service and str(service),
            name=contact.name,
            title=contact.position,
            email=contact.email,
            x_role=contact.role,
            x_language=contact.language_id,
        )
    )
    if contact.phone:
        found["phone"].append(
            {
                "id": made_id(contact.pk, "phone"),
                "contact_id": str(contact.pk),
                "number": contact.phone,
            }
        )
