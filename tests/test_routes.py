"""Every door of the site, tried by somebody who is not signed in and by a signed-in stranger."""

import re
from datetime import date
from uuid import UUID

import pytest
from django.urls import reverse
from factory.django import DjangoModelFactory

from accounts.management.commands.list_routes import routes
from accounts.models import Role, RoleAssignment
from casework.models import Case, Person
from tests import factories

ROUTES = routes()
METHODS = ["get", "head", "options", "post", "put", "patch", "delete"]
# Doors that stand open on purpose. A new one is a decision: it is added here by hand.
PUBLIC = {
    "account_inactive": "tells that an account is closed",
    "account_login": "is where one signs in",
    "account_logout": "ends a session that may be over already",
    "account_signup": "leads to the sign-in page",
    "healthz": "tells a supervisor that the process lives",
    "readyz": "tells a supervisor what is missing",
    "set_language": "works on the sign-in page",
}
SAMPLES = {"uuid": str(UUID(int=1)), "int": "1", "slug": "a", "str": "a", "path": "a", "text": "1"}


def address(route, **arguments):
    """The route's path with its arguments filled in."""

    def fill(found):
        name = found[1].rpartition(":")[2]
        return str(arguments.get(name, SAMPLES[route.arguments[name]]))

    return re.sub(r"<([^>]+)>", fill, route.path)


CLOSED = [route for route in ROUTES if route.policy != "public"]
PAGES = [route for route in CLOSED if not route.path.startswith("/api/")]
API = [route for route in CLOSED if route.path.startswith("/api/")]


def by_path(route):
    return f"{route.path} {route.name}"


def test_the_open_doors_are_those_that_were_decided():
    assert {route.name for route in ROUTES if route.policy == "public"} == set(PUBLIC)


def test_addresses_name_no_row_by_a_number_that_can_be_counted_up():
    ours = [route for route in ROUTES if not route.path.startswith("/admin/")]
    counted = [
        r for r in ours for name, kind in r.arguments.items() if (name, kind) == ("pk", "int")
    ]

    assert [by_path(route) for route in counted] == []


def test_addresses_and_names_do_not_say_what_the_work_is_about():
    telling = re.compile(r"traffick|victim|violence|gbv|thb|survivor|abuse|rape", re.IGNORECASE)

    assert [by_path(r) for r in ROUTES if telling.search(r.path)] == []


@pytest.mark.django_db
@pytest.mark.parametrize("route", PAGES, ids=by_path)
def test_anonymous_is_sent_to_sign_in_whatever_the_method(client, route):
    sign_in = {reverse("account_login"), reverse("admin:login")}

    answers = {m: getattr(client, m)(address(route)) for m in METHODS}

    assert {m: a.status_code for m, a in answers.items()} == dict.fromkeys(METHODS, 302)
    assert {a.headers["Location"].partition("?")[0] for a in answers.values()} <= sign_in


@pytest.mark.django_db
@pytest.mark.parametrize("route", API, ids=by_path)
def test_anonymous_is_refused_by_the_api_whatever_the_method(client, route):
    answers = {m: getattr(client, m)(address(route)) for m in METHODS}

    assert {m for m, a in answers.items() if a.status_code not in {401, 403}} == set()
    assert {
        m for m, a in answers.items() if a.headers["Content-Type"] != "application/json"
    } == set()


@pytest.mark.django_db
@pytest.mark.parametrize("route", CLOSED, ids=by_path)
def test_another_spelling_of_an_address_opens_nothing(client, route):
    path = address(route)
    spellings = {path.rstrip("/"), path.upper(), path.title(), f"{path}/", f"{path}%20"}
    spellings -= {path, ""}

    for spelling in spellings:
        answer = client.get(spelling, follow=True)
        end = answer.redirect_chain[-1][0] if answer.redirect_chain else ""
        assert answer.status_code in {401, 403, 404} or "/login/" in end, spelling


# Doors to what everybody who is signed in may read: the world around us, and lists.
SHARED = ("/directory/", "/admin/", "/api/v1/organizations/", "/api/v1/institutions/")
SHARED += ("/api/v1/services/", "/api/v1/instruments/", "/api/v1/indicators/")
SHARED += ("/api/v1/report-templates/",)
TO_A_ROW = [
    route
    for route in CLOSED
    if {"uuid", "text"} & set(route.arguments.values()) and not route.path.startswith(SHARED)
]


def of_every_role(organization, **fields):
    """Somebody whom no role stops, so that only the gate can."""
    user = factories.UserFactory(organization=organization, **fields)
    for role in Role.objects.all():
        RoleAssignment.objects.create(user=user, role=role, starts_on=date(2026, 1, 1))
    return user


def furnish(case):
    """Make one row of each kind for this case and its team; ids of all of them."""
    given = {"case": case, "person": case.person, "team": case.team}
    made = [case, case.person]
    for kind in vars(factories).values():
        is_factory = isinstance(kind, type) and issubclass(kind, DjangoModelFactory)
        if not is_factory or kind._meta.abstract or not hasattr(kind._meta.model, "objects"):
            continue
        model = kind._meta.model
        if model in {Case, Person} or not hasattr(model.objects, "visible_to"):
            continue
        place = next((name for name in given if name in kind._meta.declarations), None)
        made.append(kind(**({place: given[place]} if place else {})))
    return [row.pk for row in made if isinstance(row.pk, UUID)]


@pytest.fixture
def furnished(case, house):
    insider = of_every_role(house, teams=[case.team])
    factories.CaseAccessFactory(content_object=case, user=insider)
    return insider, furnish(case)


def answers(client, route, ids):
    for pk in ids:
        keywords = {name: pk for name, kind in route.arguments.items() if kind in {"uuid", "text"}}
        yield client.get(address(route, **keywords)).status_code
        yield client.post(address(route, **keywords)).status_code


def test_a_signed_in_stranger_finds_nothing_behind_a_door_that_takes_an_id(furnished, signed_in):
    _, ids = furnished
    stranger = of_every_role(factories.HouseFactory(), teams=[factories.TeamFactory()])
    outside = signed_in(stranger)

    opened = {
        by_path(r): codes for r in TO_A_ROW if (codes := set(answers(outside, r, ids)) - {404, 405})
    }

    assert opened == {}


def test_each_of_these_doors_does_open_for_somebody(furnished, signed_in):
    insider, ids = furnished
    inside = signed_in(insider)

    shut = [by_path(r) for r in TO_A_ROW if set(answers(inside, r, ids)) <= {404, 405}]

    assert shut == []
