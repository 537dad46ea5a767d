"""Invented places, contacts and hours of the institutions; what is said of room is invented too."""

from datetime import time, timedelta
from uuid import UUID, uuid5

from django.utils import timezone

from accounts.models import Organization, User
from directory.models import Change, Contact, Place, Schedule, Service, ServiceAtPlace

SPACE = UUID("0d5b7c1e-3c55-4a55-9f0c-6f2c1d9f7a11")
# Where invented places stand, in turn, and who may know of them.
MUNICIPALITIES = ("savski-venac", "vracar", "novi-sad", "zemun", "subotica", "nis", "sid")
CIRCLES = (
    Place.Visibility.PUBLIC,
    Place.Visibility.PARTNERS,
    Place.Visibility.PUBLIC,
    Place.Visibility.STAFF,
)
ACCEPTING = (Service.Accepting.YES, Service.Accepting.YES, Service.Accepting.NO)
VERIFIED_DAYS_AGO = (5, 20, 45, 70, 100)
WORKDAYS = range(1, 6)


def describe(people: dict[str, User]) -> None:
    """Give the institutions that take referrals a place, hours, contacts and what they said."""
    writer, second = people["coordinator"], people["admin"]
    houses = Organization.objects.filter(is_house=True)
    taking = Organization.objects.filter(services__is_referable=True).distinct()
    for number, organization in enumerate([*houses, *taking.order_by("code")]):
        place = _place(organization, number, writer)
        if organization.is_house:
            continue
        _contacts(organization, writer, second)
        for turn, service in enumerate(organization.services.order_by("name_en")):
            _service(service, place, number + turn, second)
    _waiting(people["partner"])


def _place(organization: Organization, number: int, writer: User) -> Place:
    house = organization.is_house
    return Place.objects.create(
        id=uuid5(SPACE, f"place {organization.code}"),
        organization=organization,
        name_en=f"{organization.code}, office",
        name_sr=f"{organization.code}, kancelarija",
        municipality_id=MUNICIPALITIES[0 if house else number % len(MUNICIPALITIES)],
        visibility=Place.Visibility.PUBLIC if house else CIRCLES[number % len(CIRCLES)],
        edited_by=writer,
    )


def _contacts(organization: Organization, writer: User, second: User) -> None:
    code = organization.code.lower()
    for role, words in ((Contact.Role.FOCAL, "Duty desk"), (Contact.Role.DEPUTY, "Second desk")):
        Contact.objects.create(
            id=uuid5(SPACE, f"contact {code} {role}"),
            organization=organization,
            role=role,
            name=f"{words} ({organization.code})",
            email=f"{role}@{code}.example",
            language_id="sr",
            edited_by=writer,
            verified_on=timezone.localdate() - timedelta(days=12),
            verified_by=second,
        )


def _service(service: Service, place: Place, turn: int, second: User) -> None:
    said = ACCEPTING[turn % len(ACCEPTING)]
    days = VERIFIED_DAYS_AGO[turn % len(VERIFIED_DAYS_AGO)]
    Service.objects.filter(pk=service.pk).update(
        verified_on=timezone.localdate() - timedelta(days=days),
        verified_by=second,
        accepting=said,
        places_free=turn % 4 if said == Service.Accepting.YES else None,
        capacity_at=timezone.now() - timedelta(days=turn % 9),
        capacity_by=second,
        wait_days=(turn * 3) % 15,
    )
    ServiceAtPlace.objects.create(
        id=uuid5(SPACE, f"there {service.pk}"), service=service, place=place
    )
    Schedule.objects.bulk_create(
        Schedule(
            id=uuid5(SPACE, f"hours {service.pk} {day}"),
            service=service,
            weekday=day,
            opens=time(8 + turn % 2),
            closes=time(15 + turn % 3),
        )
        for day in WORKDAYS
    )


def _waiting(partner: User) -> None:
    """What an institution asked for, and what waits for a second person."""
    contact = Contact.objects.filter(organization=partner.organization_id).first()
    if contact is None:
        return
    for field, new, state in (
        ("position", "Intake", Change.State.PROPOSED),
        ("email", "new-desk@institution.example", Change.State.PROPOSED),
    ):
        Change.objects.create(
            id=uuid5(SPACE, f"change {contact.pk} {field}"),
            organization=partner.organization,
            contact=contact,
            field=field,
            old=getattr(contact, field),
            new=new,
            state=state,
            proposed_by=partner,
        )
