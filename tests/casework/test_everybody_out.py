"""At closing time: one press, and nobody is left in the list by mistake or taken out by it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from casework import actions
from casework.models import CheckIn
from tests import factories

OUT = reverse("casework:check_out_everybody")
HERE = reverse("casework:here")


@pytest.fixture
def inside(team, caseworker):
    """`inside(3)`: as many people in the hub of a team."""

    def come(number, team=team, **more):
        people = [
            factories.PersonFactory(team=team, registered_by=caseworker) for _each in range(number)
        ]
        return [factories.CheckInFactory(person=each, **more) for each in people]

    return come


@pytest.fixture
def typed():
    """What the confirming page sends: when it was looked at."""
    return {"operation": str(uuid4()), "seen_at": timezone.now().isoformat()}


def left(*rows):
    return [CheckIn.objects.get(pk=row.pk).left_at is not None for row in rows]


def test_page_says_how_many_and_takes_nobody_out(signed_in, caseworker, inside):
    rows = inside(3)

    page = signed_in(caseworker).get(OUT)

    assert "Check 3 people out" in page.text
    assert left(*rows) == [False] * 3


def test_press_ends_all_that_are_open_and_writes_each_down(signed_in, caseworker, inside, typed):
    rows = inside(3, waits_for="interpreter")
    typed["seen_at"] = timezone.now().isoformat()

    response = signed_in(caseworker).post(OUT, typed)
    again = signed_in(caseworker).post(OUT, typed)

    assert [response.headers["Location"], again.headers["Location"]] == [HERE, HERE]
    assert left(*rows) == [True] * 3
    ended = CheckIn.objects.filter(pk__in=[row.pk for row in rows])
    assert {(row.waits_for, row.is_ended_by_clock) for row in ended} == {("", False)}
    acts = AuditEvent.objects.filter(verb="check_out")
    assert sorted(acts.values_list("object_id", flat=True)) == sorted(str(row.pk) for row in rows)


def test_who_came_in_meanwhile_stays(signed_in, caseworker, inside, typed):
    (late,) = inside(1, came_at=timezone.now() + timedelta(seconds=1))

    response = signed_in(caseworker).post(OUT, typed, follow=True)

    assert left(late) == [False]
    assert late.person.code in response.text


def test_other_hubs_keep_their_people(signed_in, caseworker, inside, typed, house, stranger):
    (other,) = inside(1, team=factories.TeamFactory(organization=house))
    (elsewhere,) = inside(1, team=stranger.teams.get())

    signed_in(caseworker).post(OUT, typed)

    assert left(other, elsewhere) == [False, False]


def test_hours_of_who_left_before_stay_as_they_were(caseworker, inside):
    (gone,) = inside(1, left_at=timezone.now() + timedelta(seconds=1))

    actions.check_out_everybody(seen_at=timezone.now(), actor=caseworker)

    assert CheckIn.objects.get(pk=gone.pk).left_at == gone.left_at
    assert not AuditEvent.objects.filter(verb="check_out").exists()


def test_who_works_at_no_desk_is_refused(signed_in, operator, inside, typed):
    rows = inside(1)

    answers = [signed_in(operator).get(OUT), signed_in(operator).post(OUT, typed)]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert left(*rows) == [False]


@pytest.mark.parametrize("seen_at", ["", "yesterday", "2026-02-31T10:00"])
def test_a_moment_that_is_none_takes_nobody_out(signed_in, caseworker, inside, typed, seen_at):
    rows = inside(1)

    response = signed_in(caseworker).post(OUT, {**typed, "seen_at": seen_at})

    assert response.status_code == 200
    assert left(*rows) == [False]


def test_nobody_in_the_hub_is_said(signed_in, caseworker):
    assert "Nobody is checked in" in signed_in(caseworker).get(OUT).text
