from uuid import uuid4

import pytest
from django.urls import reverse

from casework.models import Headcount, Person
from tests import factories

COUNT = reverse("casework:record_headcount")
LOG = reverse("casework:visits")


@pytest.fixture
def desk(signed_in, caseworker):
    return signed_in(caseworker)


@pytest.fixture
def counted(team):
    return {"operation": str(uuid4()), "team": team.pk, "quantity": "4", "sex": "male"}


def test_headcount_is_counted_and_is_nobody(desk, team, counted):
    band = factories.age_band(18)
    more = {"age_band": band.pk, "nationality": "SY", "language": "ar", "services": ["food"]}

    response = desk.post(COUNT, {**counted, **more})

    assert response.headers["Location"] == LOG
    row = Headcount.objects.get()
    assert (row.team, row.quantity, row.sex, row.age_band) == (team, 4, "male", band)
    assert (row.nationality.code, row.language_id) == ("SY", "ar")
    assert [service.pk for service in row.services.all()] == ["food"]
    assert Person.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"quantity": "0"}, "greater than or equal to 1"),
        ({"quantity": "501"}, "less than or equal to 500"),
        ({"quantity": "many"}, "Enter a whole number"),
        ({"sex": ""}, "Say the sex"),
        ({"age_band": "999999"}, "Select a valid choice"),
        ({"nationality": "??"}, "Select a valid choice"),
        ({"at": "2999-01-01T10:00"}, "A visit cannot lie in the future."),
    ],
)
def test_headcount_with_something_wrong_counts_nobody(desk, counted, wrong, said):
    response = desk.post(COUNT, {**counted, **wrong})

    assert said in response.text
    assert Headcount.objects.count() == 0


def test_second_click_counts_once(desk, counted):
    desk.post(COUNT, counted)
    desk.post(COUNT, counted)

    assert Headcount.objects.count() == 1


def test_headcount_needs_the_function(signed_in, operator, counted):
    assert signed_in(operator).post(COUNT, counted).status_code == 403
    assert Headcount.objects.count() == 0
