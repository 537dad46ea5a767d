"""Every door of the site, and whatever stands behind it, for the tests that try them all."""

import json
import re
from datetime import date
from importlib import import_module
from pathlib import Path
from uuid import UUID

from django.db import transaction
from factory.django import DjangoModelFactory

from accounts.actions.sessions import keep_draft
from accounts.management.commands.list_routes import routes
from accounts.models import Role, RoleAssignment, Session
from casework.models import Case, Person
from reports.models import Report
from screening.models import Instrument
from tests import factories
from tests.accounts.factories import PushSubscriptionFactory
from tests.directory.factories import (
    ChangeFactory,
    ContactFactory,
    CostFactory,
    InstitutionFactory,
    PlaceFactory,
    RequiredDocumentFactory,
    ScheduleFactory,
)
from tests.exports.factories import LockedExportFactory
from tests.reports.factories import template

HERE = Path(__file__).resolve().parent
# {path of a door: the row that opens it}, learnt when the access matrix was written
DOORS = HERE / "security" / "doors.json"
LEARNT = json.loads(DOORS.read_text())
ROUTES = routes()
METHODS = ["get", "head", "options", "post", "put", "patch", "delete"]
SAMPLES = {"int": "1", "slug": "a", "str": "csv", "path": "a"}
SAMPLES |= dict.fromkeys(("uuid", "text"), str(UUID(int=1)))
# What a door says to whom it does not open, whatever the reason.
SHUT = {401, 403, 404, 405}
# Arguments that take certain words only.
WORDS = {"to": "commissioner", "language": "en", "block": "frame", "key": "frame", "step": "panel"}


def address(route, **arguments):
    """The route's path with its arguments filled in."""

    def fill(found):
        name = found[1].rpartition(":")[2]
        sample = WORDS.get(name, SAMPLES[route.arguments[name]])
        return str(arguments.get(name, sample))

    return re.sub(r"<([^>]+)>", fill, route.path)


CLOSED = [route for route in ROUTES if route.policy != "public"]


def by_path(route):
    return f"{route.path} {route.name}"


# Doors to what everybody who is signed in may read: the world around us, and lists.
SHARED = ("/directory/", "/admin/", "/api/v1/organizations/", "/api/v1/institutions/")
SHARED += ("/api/v1/services/", "/api/v1/instruments/", "/api/v1/indicators/")
SHARED += ("/api/v1/report-templates/", "/api/v1/contacts/", "/api/v1/changes/")
SHARED += ("/api/v1/places/",)
TYPES_OF_IDS = {"uuid", "text"}
TO_A_ROW = [
    route
    for route in CLOSED
    if TYPES_OF_IDS & set(route.arguments.values()) and not route.path.startswith(SHARED)
]


def of_every_role(organization, **fields):
    """Somebody whom no role stops, so that only the gate can."""
    user = factories.UserFactory(organization=organization, **fields)
    for role in Role.objects.all():
        RoleAssignment.objects.create(user=user, role=role, starts_on=date(2026, 1, 1))
    return user


def every_factory():
    places = [factories, *(f"tests.{p.parent.name}.factories" for p in HERE.glob("*/factories.py"))]
    for place in places:
        module = import_module(place) if isinstance(place, str) else place
        for kind in vars(module).values():
            is_factory = isinstance(kind, type) and issubclass(kind, DjangoModelFactory)
            if is_factory and not kind._meta.abstract and kind.__module__ == module.__name__:
                yield kind


# What others call a row of these models.
SPOKEN_OF = {"erasurerequest": "erasure", "soughtrelative": "sought"}


def furnish(case, *, of_house=True):
    """{model: rows of it in each of its states}, for this case, its team and its house.

    Without `of_house` what hangs on the case alone: what a house has was made with another case.
    """
    house = case.organization
    given = {"case": case, "person": case.person, "team": case.team}
    made = {Case: [case], Person: [case.person]}
    last = {"organization": house, "registered_by_organization": house}
    service = factories.ServiceFactory()
    for kind in every_factory():
        model = kind._meta.model
        if model in {Case, Person} or not hasattr(model._default_manager, "visible_to"):
            continue
        known = {*kind._meta.declarations, *kind._meta.parameters}
        place = next((name for name in ["sought", *given, *last] if name in known), None)
        # What is written about an instrument is found by its house.
        place = "organization" if place == "instrument" else place
        if not of_house and place not in given:
            continue
        fields = {place: {**last, **given}[place]} if place else {}
        if "service" in known and "InHouse" not in kind.__name__:
            fields["service"] = service
        fields |= {name: given[name] for name in ("professional", "erasure") if name in known}
        if model is Report:
            fields["version"] = len(made.get(Report, [])) + 1
        row = kind(**fields)
        made.setdefault(model, []).append(row)
        name = model._meta.model_name
        given.setdefault(SPOKEN_OF.get(name, name), row)
    return made


def furnish_whole(case, coordinator):
    """The same, and what hangs on no client: who works here, her sessions, the world around.

    The owner of the case has signed in; she did so elsewhere as well.
    """
    made, house = furnish(case), case.organization
    session = Session.objects.filter(user=case.owner).latest("begun_at")
    elsewhere = Session(digest=session.digest[::-1], user=case.owner, ends_at=session.ends_at)
    elsewhere.save()
    institution = InstitutionFactory()
    offered = factories.ServiceFactory(organization=institution)
    contact = ContactFactory(organization=institution)
    beside = [
        factories.UserFactory(organization=house, teams=[case.team]),
        elsewhere,
        keep_draft(session, plain=b'["/", [], false]'),
        institution,
        offered,
        contact,
        PlaceFactory(organization=institution),
        ChangeFactory(contact=contact),
        ScheduleFactory(service=offered),
        CostFactory(service=offered),
        RequiredDocumentFactory(service=offered),
        Instrument.objects.get(code="thb"),
        template(),
        factories.HeadcountFactory(team=case.team, recorded_by=case.owner),
        factories.PersonRequestFactory(
            organization=house, recorded_by=case.owner, code=case.person.code
        ),
        LockedExportFactory(organization=house, requested_by=coordinator),
        PushSubscriptionFactory(user=case.owner),
    ]
    for row in beside:
        made.setdefault(type(row), []).append(row)
    return made


def names(row):
    return row._meta.model_name, row._meta.app_label


def opened_by(route, made):
    """The row that opens this door, if there is such a one."""
    label, number = LEARNT.get(route.path, ("", 0))
    found = next((rows for model, rows in made.items() if model._meta.label == label), [])
    return found[number : number + 1]


def key_in(route, row):
    """What the address of this door says of a row: its id, or its code where it asks for one."""
    return getattr(row, "code", row.pk) if "code" in route.arguments else row.pk


def keywords_of(route, pk, others):
    """The ids an address takes: of the row it is about, and of those it names beside it."""
    return {
        name: others.get(name.removesuffix("_pk"), pk)
        for name, kind in route.arguments.items()
        if kind in TYPES_OF_IDS
    }


def answers(client, route, pk, others):
    """What the door says to an id, by each method it knows; nothing stays of it."""
    known = {method.upper() for method in METHODS} if route.methods == ["*"] else route.methods
    path = address(route, **keywords_of(route, pk, others))
    for method in {"GET", "POST", "PATCH"}.intersection(known):
        given = {"data": "{}", "content_type": "application/json"} if method != "GET" else {}
        with transaction.atomic():
            answer = getattr(client, method.lower())(path, **given)
            transaction.set_rollback(True)
        yield answer.status_code
