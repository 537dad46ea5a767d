import pytest

from outreach.models import OutreachSession, Training, TrainingAttendance
from tests import factories
from tests.outreach.factories import FinishedSessionFactory, ProfessionalFactory, TrainingFactory

SESSIONS, TRAININGS = "/api/v1/outreach-sessions/", "/api/v1/trainings/"


def logged(mobile, **changes):
    return {
        "team": mobile.teams.get().pk,
        "area": "bg-hub",
        "mode": "walking",
        "started_at": "2026-11-02T18:00:00Z",
        "ended_at": "2026-11-02T20:00:00Z",
        "method": "counted",
        "counts": [{"sex": "male", "age_band": factories.age_band(25).pk, "people": 7}],
        **changes,
    }


def post(client, path, body, **headers):
    return client.post(path, body, content_type="application/json", headers=headers)


def test_session_is_logged_in_one_go(signed_in, mobile):
    response = post(signed_in(mobile), SESSIONS, logged(mobile))

    assert response.status_code == 201
    assert OutreachSession.objects.get().tallies.get().quantity == 7


def test_same_key_twice_is_one_session(signed_in, mobile):
    client, body = signed_in(mobile), logged(mobile)

    answers = [post(client, SESSIONS, body, **{"Idempotency-Key": "k"}).json() for _ in range(2)]

    assert answers[0]["id"] == answers[1]["id"]
    assert OutreachSession.objects.count() == 1


def test_same_key_for_something_else_is_a_conflict(signed_in, mobile):
    client = signed_in(mobile)
    post(client, SESSIONS, logged(mobile), **{"Idempotency-Key": "k"})

    other = post(client, SESSIONS, logged(mobile, mode="vehicle"), **{"Idempotency-Key": "k"})

    assert other.status_code == 409


@pytest.mark.parametrize(
    "changes",
    [
        {"area": "nowhere"},
        {"counts": [{"sex": "male", "age_band": 0, "people": 1}]},
        {"started_at": "yesterday"},
        {"ended_at": "2026-11-02T17:00:00Z"},
    ],
)
def test_wrong_body_is_refused_whole(signed_in, mobile, changes):
    response = post(signed_in(mobile), SESSIONS, logged(mobile, **changes))

    assert response.status_code == 400
    assert set(response.json()) == {"type", "code", "detail", "fields"}
    assert not OutreachSession.objects.exists()


def test_correction_is_a_new_record(signed_in, mobile):
    old = FinishedSessionFactory(team=mobile.teams.get(), recorded_by=mobile)
    body = {key: logged(mobile)[key] for key in ("method", "counts")}

    response = post(signed_in(mobile), f"{SESSIONS}{old.pk}/correct/", {**body, "version": 1})

    assert response.status_code == 201
    assert response.json()["supersedes"] == str(old.pk)


def test_stale_correction_is_a_conflict(signed_in, mobile):
    old = FinishedSessionFactory(team=mobile.teams.get(), recorded_by=mobile)
    body = {key: logged(mobile)[key] for key in ("method", "counts")}

    response = post(signed_in(mobile), f"{SESSIONS}{old.pk}/correct/", {**body, "version": 9})

    assert (response.status_code, response.json()["code"]) == (409, "stale")


def test_stranger_finds_nothing(signed_in, stranger, mobile):
    old = FinishedSessionFactory(team=mobile.teams.get(), recorded_by=mobile)
    client = signed_in(stranger)

    assert client.get(SESSIONS).json()["results"] == []
    assert client.get(f"{SESSIONS}{old.pk}/").status_code == 404


def test_training_and_its_seats(signed_in, coordinator):
    client = signed_in(coordinator)
    known = ProfessionalFactory(registered_by_organization=coordinator.organization)
    made = post(
        client,
        TRAININGS,
        {
            "programme": "Rights",
            "topic": "rights",
            "hours": 8,
            "starts_on": "2026-10-01",
            "ends_on": "2026-10-01",
            "area": "bg-hub",
        },
    )

    seat = post(client, f"{TRAININGS}{made.json()['id']}/seats/", {"professional": known.code})

    assert (made.status_code, seat.status_code) == (201, 201)
    assert seat.json() == {"professional": known.code}
    assert (Training.objects.count(), TrainingAttendance.objects.count()) == (1, 1)


def test_professional_of_another_organization_is_unknown(signed_in, coordinator):
    training = TrainingFactory(organization=coordinator.organization)
    foreign = ProfessionalFactory()

    response = post(
        signed_in(coordinator), f"{TRAININGS}{training.pk}/seats/", {"professional": foreign.code}
    )

    assert response.status_code == 400


def test_trainings_ask_for_their_function(signed_in, caseworker):
    assert signed_in(caseworker).get(TRAININGS).status_code == 403
