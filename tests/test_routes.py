"""Every door of the site, tried by somebody who is not signed in and by a signed-in stranger."""

import re

import pytest
from django.urls import reverse

from accounts.models import Role
from referrals.models import Referral
from tests import factories
from tests.doors import (
    CLOSED,
    METHODS,
    ROUTES,
    SHUT,
    TO_A_ROW,
    address,
    answers,
    by_path,
    furnish_whole,
    names,
    of_every_role,
    opened_by,
)

# Doors that stand open on purpose. A new one is a decision: it is added here by hand.
PUBLIC = {
    "account_inactive": "tells that an account is closed",
    "account_login": "is where one signs in",
    "mfa_login_webauthn": "is where one signs in with a passkey",
    "mfa_authenticate": "is the second step of signing in",
    "account_reset_password": "asks for a link to a new password",
    "reset_promised": "says that a link is on its way",
    "reset_link": "is what a mailed link opens",
    "new_password": "is where a mailed link leads",
    "directory:still_right": "is what the monthly question to an institution opens",
    "invitation_link": "is what an invitation opens",
    "accept_invitation": "is where an invitation leads",
    "single_sign_on": "leads to the provider that an installation may have",
    "openid_connect_callback": "is where that provider sends back to",
    "agreement_over": "says why somebody cannot come in",
    "account_logout": "ends a session that may be over already",
    "first_administrator": "makes the first account, and is not there afterwards",
    "account_signup": "leads to the sign-in page",
    "healthz": "tells a supervisor that the process lives",
    "policy_report": "takes what a browser says of the content policy, and keeps one word",
    "readyz": "tells a supervisor what is missing",
    "set_language": "works on the sign-in page",
}
PAGES = [route for route in CLOSED if not route.path.startswith("/api/")]
API = [route for route in CLOSED if route.path.startswith("/api/")]
SIGN_IN = {reverse("account_login"), reverse("admin:login")}


@pytest.fixture(scope="module")
def somebody(file_long):
    """An account that nobody signs in to: without any, all leads to the first administrator's."""
    return factories.UserFactory(role=Role.Code.CASEWORKER)


def test_A01_the_open_doors_are_those_that_were_decided():
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
@pytest.mark.usefixtures("somebody")
@pytest.mark.parametrize("route", PAGES, ids=by_path)
def test_A01_anonymous_is_sent_to_sign_in_whatever_the_method(client, route):
    answers = {m: getattr(client, m)(address(route)) for m in METHODS}

    assert {m: a.status_code for m, a in answers.items()} == dict.fromkeys(METHODS, 302)
    assert {a.headers["Location"].partition("?")[0] for a in answers.values()} <= SIGN_IN


@pytest.mark.django_db
@pytest.mark.usefixtures("somebody")
@pytest.mark.parametrize("route", API, ids=by_path)
def test_A01_anonymous_is_refused_by_the_api_whatever_the_method(client, route):
    answers = {m: getattr(client, m)(address(route)) for m in METHODS}

    assert {m for m, a in answers.items() if a.status_code not in {401, 403}} == set()
    assert [m for m, a in answers.items() if not a.headers["Content-Type"].endswith("json")] == []


def end_of(client, path):
    """The last status that an address leads to, and the sign-in page if it ends there, unread."""
    for _redirects in range(5):
        answer = client.get(path)
        path = answer.headers.get("Location", "")
        if not path or path.partition("?")[0] in SIGN_IN:
            break
    return answer.status_code, path.partition("?")[0]


@pytest.mark.django_db
@pytest.mark.usefixtures("somebody")
@pytest.mark.parametrize("route", CLOSED, ids=by_path)
def test_A01_another_spelling_of_an_address_opens_nothing(client, route):
    path = address(route)
    spellings = {path.rstrip("/"), path.upper(), path.title(), f"{path}/", f"{path}%20"}
    spellings -= {path, ""}

    for spelling in spellings:
        status, end = end_of(client, spelling)
        assert status in {401, 403, 404} or end in SIGN_IN, spelling


def test_a_door_that_takes_an_id_opens_for_somebody_and_is_not_there_for_a_stranger(
    case, house, signed_in
):
    insider = of_every_role(house, teams=[case.team])
    factories.CaseAccessFactory(content_object=case, user=insider)
    inside = [signed_in(insider), signed_in(case.owner)]
    made = furnish_whole(case, insider)
    receivers = {row.organization for row in made[Referral]}
    inside += [signed_in(of_every_role(organization)) for organization in receivers]
    outside = signed_in(of_every_role(factories.HouseFactory(), teams=[factories.TeamFactory()]))
    rows = [row for of_model in made.values() for row in of_model]
    # What an address names beside the row it is about.
    others = {model._meta.model_name: of_model[0].pk for model, of_model in made.items()}

    def key_of(route):
        """The first id that opens this door; what opened it before is tried first, then what its
        address speaks of."""
        door, learnt = by_path(route).replace("-", ""), opened_by(route, made)
        likely = sorted(rows, key=lambda row: [name not in door for name in names(row)])
        fits = (
            row.pk
            for row in [*learnt, *likely]
            for one in inside
            if not SHUT.issuperset(answers(one, route, row.pk, others))
        )
        return next(fits, None)

    keys = [(route, key_of(route)) for route in TO_A_ROW]

    assert [by_path(route) for route, pk in keys if pk is None] == []
    told = {by_path(route): {*answers(outside, route, pk, others)} for route, pk in keys}
    assert {door: said for door, said in told.items() if said != {404}} == {}
