from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent
from outreach.models import OutreachSession, Training, TrainingAttendance
from tests import factories
from tests.outreach.factories import (
    AttendanceFactory,
    FinishedSessionFactory,
    ProfessionalFactory,
    SessionFactory,
    TrainingFactory,
)


@pytest.fixture
def session(mobile):
    started_at = datetime(2026, 11, 2, 17, 0, tzinfo=UTC)
    return SessionFactory(team=mobile.teams.get(), recorded_by=mobile, started_at=started_at)


@pytest.fixture
def finished(mobile):
    return FinishedSessionFactory(team=mobile.teams.get(), recorded_by=mobile)


@pytest.fixture
def training(coordinator):
    return TrainingFactory(organization=coordinator.organization)


def cell(sex, youngest):
    return f"count_{sex}_{factories.age_band(youngest).pk}"


def counted(**changes):
    return {"version": 1, "method": "counted", **changes}


def queries(client, url):
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def test_start_begins_a_session(signed_in, mobile):
    response = signed_in(mobile).post(
        reverse("outreach:start"),
        {
            "team": mobile.teams.get().pk,
            "members": [mobile.pk],
            "area": "bg-hub",
            "mode": "walking",
            "started_at": "2026-11-02T18:00",
        },
    )

    session = OutreachSession.objects.get()
    assert response.headers["Location"] == session.get_absolute_url()
    assert (session.area_id, session.started_at) == (
        "bg-hub",
        datetime(2026, 11, 2, 17, 0, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    "changes", [{"area": "nowhere"}, {"started_at": "31.02.2026"}, {"members": []}]
)
def test_start_says_what_is_wrong_and_begins_nothing(signed_in, mobile, changes):
    filled = {
        "team": mobile.teams.get().pk,
        "members": [mobile.pk],
        "area": "bg-hub",
        "mode": "walking",
        "started_at": "2026-11-02T18:00",
        **changes,
    }

    response = signed_in(mobile).post(reverse("outreach:start"), filled)

    assert response.context["form"].errors.keys() == changes.keys()
    assert not OutreachSession.objects.exists()


def test_second_click_finds_the_first_session(signed_in, mobile):
    client = signed_in(mobile)
    filled = {
        "team": mobile.teams.get().pk,
        "members": [mobile.pk],
        "area": "bg-hub",
        "mode": "walking",
        "started_at": "2026-11-02T18:00",
        "operation": "0b8f8a52-6d3c-4a57-9a0e-6f5a8d6b1c11",
    }

    first = client.post(reverse("outreach:start"), filled)
    second = client.post(reverse("outreach:start"), filled)

    assert first.headers["Location"] == second.headers["Location"]
    assert OutreachSession.objects.count() == 1


def test_team_of_somebody_else_is_no_choice(signed_in, mobile):
    filled = {
        "team": factories.TeamFactory().pk,
        "members": [mobile.pk],
        "area": "bg-hub",
        "mode": "walking",
        "started_at": "2026-11-02T18:00",
    }

    response = signed_in(mobile).post(reverse("outreach:start"), filled)

    assert list(response.context["form"].errors) == ["team"]


def test_counts_are_saved(signed_in, mobile, session):
    response = signed_in(mobile).post(
        session.get_absolute_url(), counted(**{cell("male", 25): "4"}, topics=["asylum"])
    )

    assert response.status_code == 302
    assert session.tallies.get().quantity == 4
    assert AuditEvent.objects.filter(verb="save_session").count() == 1


@pytest.mark.parametrize("typed", ["-1", "100000", "x", "2.5"])
def test_impossible_number_is_told_and_nothing_saved(signed_in, mobile, session, typed):
    name = cell("male", 25)

    response = signed_in(mobile).post(session.get_absolute_url(), counted(**{name: typed}))

    assert list(response.context["form"].errors) == [name]
    assert not session.tallies.exists()


def test_stale_form_shows_what_stands_now_and_can_be_sent_again(signed_in, mobile, session):
    client = signed_in(mobile)
    client.post(session.get_absolute_url(), counted(**{cell("male", 25): "4"}))

    response = client.post(session.get_absolute_url(), counted(**{cell("male", 25): "9"}))

    assert "4 people are saved now" in response.text
    assert response.context["form"].data["version"] == "2"
    assert session.tallies.get().quantity == 4


def test_finish_ends_the_session(signed_in, mobile, session):
    response = signed_in(mobile).post(
        session.get_absolute_url(),
        counted(finish="1", ended_at="2026-11-02T21:30", **{cell("male", 25): "1"}),
    )

    assert response.status_code == 302, response.context["form"].errors
    session.refresh_from_db()
    assert session.ended_at == datetime(2026, 11, 2, 20, 30, tzinfo=UTC)


def test_counts_sent_to_a_session_finished_meanwhile_stay_in_the_form(signed_in, mobile, finished):
    name = cell("male", 25)

    response = signed_in(mobile).post(finished.get_absolute_url(), counted(**{name: "4"}))

    assert "This session is finished" in response.text
    assert response.context["form"].data[name] == "4"
    assert not finished.tallies.exists()


def test_finished_session_is_read_and_written_down(signed_in, mobile, finished):
    response = signed_in(mobile).get(finished.get_absolute_url())

    assert response.status_code == 200
    assert AuditEvent.objects.get().verb == "view_session"


def test_correction_takes_the_place(signed_in, mobile, finished):
    signed_in(mobile).post(
        reverse("outreach:correct", args=[finished.pk]),
        counted(
            area="bg-parks",
            mode="walking",
            started_at="2026-11-02T18:00",
            ended_at="2026-11-02T20:00",
            **{cell("female", 25): "3"},
        ),
    )

    standing = OutreachSession.objects.standing().get()
    assert (standing.supersedes, standing.tallies.get().quantity) == (finished, 3)


@pytest.mark.parametrize("name", ["session", "correct"])
def test_stranger_cannot_tell_that_a_session_exists(signed_in, stranger, finished, name):
    assert (
        signed_in(stranger).get(reverse(f"outreach:{name}", args=[finished.pk])).status_code == 404
    )


def test_colleague_of_another_team_cannot_tell_either(signed_in, caseworker, finished):
    assert signed_in(caseworker).get(finished.get_absolute_url()).status_code == 404


def test_coordinator_sees_every_team(signed_in, coordinator, finished):
    assert signed_in(coordinator).get(finished.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("name", ["sessions", "start", "trainings", "new_training"])
def test_pages_ask_for_their_function(signed_in, donor, name):
    assert signed_in(donor).get(reverse(f"outreach:{name}")).status_code == 403


def test_counting_without_the_function_is_refused(signed_in, caseworker, session):
    caseworker.teams.add(session.team)

    response = signed_in(caseworker).post(session.get_absolute_url(), counted())

    assert response.status_code == 403


def test_list_asks_the_same_number_of_questions(signed_in, mobile, finished):
    client, url = signed_in(mobile), reverse("outreach:sessions")
    client.get(url)
    one = queries(client, url)
    for _ in range(2):
        FinishedSessionFactory(team=finished.team, recorded_by=mobile)

    assert queries(client, url) == one
    assert one <= 12


def test_trainings_ask_the_same_number_of_questions(signed_in, coordinator, training):
    client, url = signed_in(coordinator), reverse("outreach:trainings")
    client.get(url)
    one = queries(client, url)
    for _ in range(2):
        TrainingFactory(organization=coordinator.organization)

    assert queries(client, url) == one
    assert one <= 12


def test_attendance_list_asks_the_same_number_of_questions(signed_in, coordinator, training):
    client = signed_in(coordinator)
    AttendanceFactory(training=training)
    client.get(training.get_absolute_url())
    one = queries(client, training.get_absolute_url())
    for _ in range(2):
        AttendanceFactory(training=training)

    assert queries(client, training.get_absolute_url()) == one


def test_training_is_recorded(signed_in, coordinator):
    signed_in(coordinator).post(
        reverse("outreach:new_training"),
        {
            "programme": "Rights",
            "topic": "rights",
            "hours": "8",
            "starts_on": "2026-10-01",
            "ends_on": "2026-10-02",
            "area": "bg-hub",
        },
    )

    assert Training.objects.get().programme == "Rights"


def test_training_that_ends_before_it_starts_is_refused(signed_in, coordinator):
    response = signed_in(coordinator).post(
        reverse("outreach:new_training"),
        {
            "programme": "Rights",
            "topic": "rights",
            "hours": "8",
            "starts_on": "2026-10-02",
            "ends_on": "2026-10-01",
            "area": "bg-hub",
        },
    )

    assert response.context["form"].errors
    assert not Training.objects.exists()


def test_professional_is_added_by_code(signed_in, coordinator, training):
    known = ProfessionalFactory(registered_by_organization=coordinator.organization)

    signed_in(coordinator).post(training.get_absolute_url(), {"professional": known.code.lower()})

    assert training.attendances.get().professional == known


def test_code_of_another_organization_is_unknown(signed_in, coordinator, training):
    foreign = ProfessionalFactory()

    response = signed_in(coordinator).post(
        training.get_absolute_url(), {"professional": foreign.code}
    )

    assert list(response.context["form"].errors) == ["professional"]
    assert not TrainingAttendance.objects.exists()


def test_seat_is_taken_off_the_list(signed_in, coordinator, training):
    seat = AttendanceFactory(training=training)
    url = reverse("outreach:remove_attendance", args=[training.pk, seat.professional_id])
    client = signed_in(coordinator)

    assert client.get(url).status_code == 405
    assert client.post(url).status_code == 302
    assert not TrainingAttendance.objects.exists()


def test_training_of_another_organization_does_not_exist(signed_in, coordinator):
    foreign = TrainingFactory()

    assert signed_in(coordinator).get(foreign.get_absolute_url()).status_code == 404
