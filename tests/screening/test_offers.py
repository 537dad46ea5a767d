from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertTemplateUsed

from screening import actions
from screening.models import Screening
from screening.offers import offered_to, route_known
from screening.scopes import fits
from tests.factories import PersonFactory
from tests.screening.factories import HouseVersionFactory, smallest

EVERYBODY = {"countries": [], "routes": [], "ages": {"from": None, "until": None}}


@pytest.mark.parametrize(
    ("scope", "ages", "is_fitting"),
    [
        ({}, None, True),
        ({"countries": ["RS"]}, None, True),
        ({"countries": ["HU"]}, None, False),
        ({"routes": ["western_balkan"]}, None, True),
        ({"routes": ["other"]}, None, False),
        ({"ages": {"from": 18, "until": None}}, (16, 17), False),
        ({"ages": {"from": 18, "until": None}}, (17, 18), True),
        ({"ages": {"from": None, "until": 17}}, (18, 19), False),
        ({"ages": {"from": 18, "until": 25}}, None, True),
    ],
)
def test_a_version_fits_whom_its_reach_names(scope, ages, is_fitting):
    definition = {"scope": {**EVERYBODY, **scope}}

    found = fits(definition, ages=ages, countries={"RS", "AF"}, routes={"western_balkan"})

    assert found == is_fitting


def test_a_route_that_is_not_known_fits_all():
    definition = {"scope": {**EVERYBODY, "routes": ["western_balkan"]}}

    assert fits(definition, ages=None, countries={"RS"}, routes=())


def test_a_definition_of_the_first_format_fits_everybody():
    assert fits({}, ages=(3, 4), countries=(), routes=())


def test_what_is_switched_off_or_meant_for_others_is_not_offered(caseworker, coordinator, house):
    person = PersonFactory(organization=house, birth_year_from=1990, birth_year_to=1990)
    own = HouseVersionFactory(organization=house)
    elsewhere = HouseVersionFactory(organization=house)
    scope = {**EVERYBODY, "countries": ["HU"]}
    elsewhere.definition = {**smallest(elsewhere), "scope": scope}
    elsewhere.save()
    off = HouseVersionFactory(organization=house)
    actions.switch_instrument(off.instrument, is_on=False, actor=coordinator)

    offered = {version.instrument.code for version in offered_to(caseworker, person)}

    assert own.instrument.code in offered
    assert {elsewhere.instrument.code, off.instrument.code}.isdisjoint(offered)
    assert own.valid_from == date(2026, 1, 1)


def test_a_machine_cannot_begin_with_what_is_switched_off(
    signed_in, caseworker, coordinator, person, instrument_version
):
    actions.switch_instrument(instrument_version.instrument, is_on=False, actor=coordinator)
    body = {
        "person": str(person.pk),
        "instrument": "thb",
        "safety": "safe",
        "agreed": True,
        "limits_explained": True,
        "language": "fa",
    }

    answer = signed_in(caseworker).post(
        "/api/v1/screenings/", body, content_type="application/json"
    )

    assert answer.status_code == 400
    assert answer.json()["fields"]["instrument"] == [
        "There is no such instrument for this person and route."
    ]


BULGARIA, KOSOVO = "bulgaria", "kosovo"


@pytest.fixture
def of_bulgaria(house):
    """Questions of the house for those who came through Bulgaria."""
    version = HouseVersionFactory(organization=house)
    version.definition = {**smallest(version), "scope": {**EVERYBODY, "routes": [BULGARIA]}}
    version.save()
    return version


def first_answers(version, **changed):
    return {
        "instrument_version": version.pk,
        "safety": "safe",
        "agreed": "yes",
        "limits_explained": "on",
        "language": "fa",
        "interpreting": "not_needed",
        "operation": uuid4(),
        **changed,
    }


def start_of(person):
    return reverse("screening:start", args=[person.pk])


def test_the_route_is_kept_with_the_talk_and_remembered_for_the_next(
    signed_in, caseworker, person, of_bulgaria
):
    client = signed_in(caseworker)

    client.post(start_of(person), first_answers(of_bulgaria, route=BULGARIA))

    talk = Screening.objects.get()
    assert (talk.route_id, talk.instrument_version) == (BULGARIA, of_bulgaria)
    assert client.get(start_of(person)).context["form"]["route"].value() == BULGARIA
    before = client.get(reverse("screening:before", args=[talk.pk]))
    assertContains(before, "<dt>Route</dt><dd>Through Turkey and Bulgaria</dd>", html=False)


def test_questions_for_another_route_cannot_be_begun(signed_in, caseworker, person, of_bulgaria):
    answer = signed_in(caseworker).post(start_of(person), first_answers(of_bulgaria, route=KOSOVO))

    said = answer.context["form"].errors["instrument_version"]
    assert said == ["These questions are not meant for this route."]
    assert not Screening.objects.exists()


def test_a_route_that_nobody_said_stays_not_known(signed_in, caseworker, person, of_bulgaria):
    signed_in(caseworker).post(start_of(person), first_answers(of_bulgaria, route=""))

    assert Screening.objects.get().route is None
    assert route_known(caseworker, person) is None


def test_choosing_a_route_shows_what_is_meant_for_it_and_begins_nothing(
    signed_in, caseworker, person, of_bulgaria
):
    answer = signed_in(caseworker).post(
        start_of(person), first_answers(of_bulgaria, route=KOSOVO), headers={"HX-Request": "true"}
    )

    assertTemplateUsed(answer, "screening/_questions_offered.html")
    assertNotContains(answer, str(of_bulgaria.pk))
    assert not Screening.objects.exists()


def test_the_country_of_the_houses_is_a_setting(caseworker, house, settings):
    person = PersonFactory(organization=house, nationality="AF")
    version = HouseVersionFactory(organization=house)
    version.definition = {**smallest(version), "scope": {**EVERYBODY, "countries": ["BA"]}}
    version.save()
    assert version not in offered_to(caseworker, person)

    settings.HOUSE_COUNTRY = "BA"

    assert version in offered_to(caseworker, person)


@pytest.mark.parametrize(("route", "status"), [(BULGARIA, 201), (KOSOVO, 400), (None, 201)])
def test_a_machine_says_the_route_too(signed_in, caseworker, person, of_bulgaria, route, status):
    body = {
        "person": str(person.pk),
        "instrument": of_bulgaria.instrument.code,
        "safety": "safe",
        "agreed": True,
        "limits_explained": True,
        "language": "fa",
        "route": route,
        "complete": False,
    }

    answer = signed_in(caseworker).post(
        "/api/v1/screenings/",
        body,
        content_type="application/json",
        headers={"Idempotency-Key": "route"},
    )

    assert answer.status_code == status
    if status == 201:
        assert answer.json()["route"] == route
