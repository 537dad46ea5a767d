import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from casework import actions
from casework.models import Headcount, Person
from tests import factories

COUNT = reverse("casework:record_headcount")
LOG = reverse("casework:visits")


@pytest.fixture
def desk(signed_in, caseworker):
    return signed_in(caseworker)


@pytest.fixture
def counted(team):
    return {"operation": str(uuid4()), "team": team.pk, "n_male_0": "4"}


def undo(count):
    return reverse("casework:undo_headcount", args=[count.pk])


def lines(*rows):
    return json.dumps([list(row) for row in rows])


def test_headcount_is_counted_and_is_nobody(desk, team, counted):
    band = factories.age_band(18)
    more = {f"n_female_{band.pk}": "2", "nationality": "SY", "language": "ar", "services": ["food"]}

    response = desk.post(COUNT, {**counted, **more, "told": "agreed"})

    assert response.headers["Location"] == LOG
    rows = Headcount.objects.order_by("sex")
    assert [(row.quantity, row.sex, row.age_band) for row in rows] == [
        (2, "female", band),
        (4, "male", None),
    ]
    assert {(r.team, r.nationality.code, r.language_id, r.told) for r in rows} == {
        (team, "SY", "ar", "agreed")
    }
    assert [service.pk for row in rows for service in row.services.all()] == ["food", "food"]
    assert len({row.batch for row in rows}) == 1
    assert Person.objects.count() == 0


def test_taps_for_several_nationalities_are_saved_in_one_go(desk, counted):
    band = str(factories.age_band(18).pk)
    taps = lines(("female", band, "AF", "fa", 2), ("male", "0", "SY", "ar", 1))

    desk.post(COUNT, {**counted, "counted": taps, "nationality": "SY"})

    rows = Headcount.objects.order_by("sex").values_list("sex", "nationality", "quantity")
    assert list(rows) == [("female", "AF", 2), ("male", "SY", 1)]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"n_male_0": ""}, "Nobody is counted yet."),
        ({"n_male_0": "-1"}, "greater than or equal to 0"),
        ({"n_male_0": "501"}, "less than or equal to 500"),
        ({"n_male_0": "many"}, "Enter a whole number"),
        ({"nationality": "??"}, "Select a valid choice"),
        ({"told": "signed"}, "Select a valid choice"),
        ({"at": "2999-01-01T10:00"}, "A visit cannot lie in the future."),
        ({"counted": "{"}, "The count could not be read."),
        ({"counted": "[" * 5000}, "The count could not be read."),
        ({"counted": "[[1]]"}, "The count could not be read."),
        ({"counted": '["abcde"]'}, "The count could not be read."),
        ({"counted": lines(("male", "0", "AF", "fa", 0))}, "The count could not be read."),
        ({"counted": lines(("male", "0", "AF", "fa", True))}, "The count could not be read."),
        ({"counted": lines(("male", "0", "AF", "fa", 501))}, "The count could not be read."),
        ({"counted": lines(("male", "x", "AF", "fa", 1))}, "The count could not be read."),
        ({"counted": lines(("boy", "0", "AF", "fa", 1))}, "The count could not be read."),
        ({"counted": lines(("male", "0", "??", "fa", 1))}, "The count could not be read."),
        ({"counted": lines(("male", "0", "AF", "tlh", 1))}, "The count could not be read."),
        ({"counted": lines(*[("male", "0", "", "", 1)] * 201)}, "The count could not be read."),
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


def test_nationality_and_language_are_kept_for_the_next_count(desk, counted):
    more = {"nationality": "AF", "language": "fa", "then": "next"}

    response = desk.post(COUNT, {**counted, **more}, follow=True)

    assert response.context["form"].initial["nationality"] == "AF"
    assert response.context["form"].initial["language"] == "fa"
    assert "4 visitors counted at" in response.text


def test_last_count_is_taken_back(desk, counted):
    desk.post(COUNT, {**counted, "n_female_0": "1"})
    count = Headcount.objects.first()

    response = desk.post(undo(count), follow=True)

    assert "The count was taken back." in response.text
    assert Headcount.objects.count() == 0
    assert AuditEvent.objects.get(verb="undo_headcount").note == "2"
    assert desk.post(undo(count)).status_code == 404
    actions.undo_headcount(count, actor=count.recorded_by)
    assert AuditEvent.objects.filter(verb="undo_headcount").count() == 1


def test_old_count_stays(desk, counted):
    desk.post(COUNT, counted)
    late = timezone.now() - timedelta(seconds=settings.HEADCOUNT_UNDO_SECONDS + 1)
    Headcount.objects.update(recorded_at=late)

    response = desk.post(undo(Headcount.objects.get()), follow=True)

    assert "This count is too old" in response.text
    assert Headcount.objects.count() == 1


def test_count_is_taken_back_by_who_counted_only(
    desk, signed_in, colleague, stranger, operator, counted
):
    desk.post(COUNT, counted)
    count = Headcount.objects.get()

    answers = [signed_in(user).post(undo(count)) for user in (colleague, stranger, operator)]

    assert [answer.status_code for answer in answers] == [403, 404, 403]
    assert Headcount.objects.count() == 1


def test_headcount_needs_the_function(signed_in, operator, counted):
    assert signed_in(operator).post(COUNT, counted).status_code == 403
    assert Headcount.objects.count() == 0
