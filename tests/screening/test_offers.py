from datetime import date

import pytest

from screening import actions
from screening.offers import offered_to
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
    assert answer.json()["fields"]["instrument"] == ["There is no such instrument."]
