import pytest

from accounts.models import AuditEvent
from outreach.models import OutreachSession, Professional, Training, TrainingAttendance
from tests import factories
from tests.outreach.factories import (
    FinishedSessionFactory,
    ProfessionalFactory,
    SessionFactory,
    TrainingFactory,
)

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
        {"ended_at": "2026-11-12T17:00:00Z"},
        {"started_at": "2199-11-02T17:00:00Z", "ended_at": "2199-11-02T18:00:00Z"},
        {"children_alone": 1},
        {"children_alone": 40_000},
        {"mode": "swimming"},
        {"counts": "seven"},
        {"topics": ["gossip"]},
        {"leaflets": [{"edition": 0, "copies": 3}]},
    ],
)
def test_wrong_body_is_refused_whole(signed_in, mobile, changes):
    response = post(signed_in(mobile), SESSIONS, logged(mobile, **changes))

    assert response.status_code == 400
    assert set(response.json()) == {"type", "code", "detail", "fields"}
    assert not OutreachSession.objects.exists()


def test_same_cell_twice_is_refused(signed_in, mobile):
    row = logged(mobile)["counts"][0]

    response = post(signed_in(mobile), SESSIONS, logged(mobile, counts=[row, row]))

    assert (response.status_code, list(response.json()["fields"])) == (400, ["counts"])
    assert not OutreachSession.objects.exists()


def test_session_is_read_and_written_down(signed_in, mobile):
    session = FinishedSessionFactory(team=mobile.teams.get(), recorded_by=mobile)

    body = signed_in(mobile).get(f"{SESSIONS}{session.pk}/").json()

    assert (body["id"], body["area"], body["counts"]) == (str(session.pk), "bg-hub", [])
    assert AuditEvent.objects.get().verb == "view_session"


def test_corrected_record_is_not_listed(signed_in, mobile):
    old = FinishedSessionFactory(team=mobile.teams.get(), recorded_by=mobile)
    new = FinishedSessionFactory(team=old.team, supersedes=old)

    rows = signed_in(mobile).get(SESSIONS).json()["results"]

    assert [row["id"] for row in rows] == [str(new.pk)]


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_database_the_same_for_any_number_of_rows(
    signed_in, mobile, rows, django_assert_num_queries
):
    for _ in range(rows):
        session = FinishedSessionFactory(team=mobile.teams.get(), recorded_by=mobile)
        session.tallies.create(sex="male", age_band=factories.age_band(15), quantity=2)
        session.leaflets.create(edition=factories.edition(), quantity=2)
        session.topics.add("asylum")

    client = signed_in(mobile)

    with django_assert_num_queries(13):
        client.get(SESSIONS)


def test_sessions_ask_for_their_function(signed_in, operator, mobile):
    operator.teams.add(mobile.teams.get())
    session = FinishedSessionFactory(team=mobile.teams.get())
    client = signed_in(operator)

    assert client.get(SESSIONS).status_code == 403
    assert client.get(f"{SESSIONS}{session.pk}/").status_code == 403
    assert post(client, SESSIONS, logged(mobile)).status_code == 403


def test_session_for_a_team_of_others_is_refused(signed_in, mobile):
    body = logged(mobile, team=factories.TeamFactory().pk)

    assert post(signed_in(mobile), SESSIONS, body).status_code == 403
    assert not OutreachSession.objects.exists()


def test_correction_may_move_the_session(signed_in, mobile):
    old = FinishedSessionFactory(team=mobile.teams.get(), recorded_by=mobile)
    body = {key: logged(mobile)[key] for key in ("method", "counts")}
    moved = {"area": "nis", "ended_at": "2026-11-02T20:30:00Z", "version": 1}

    new = post(signed_in(mobile), f"{SESSIONS}{old.pk}/correct/", {**body, **moved}).json()

    assert (new["area"], new["started_at"][:19]) == ("nis", "2026-11-02T19:00:00")
    assert OutreachSession.objects.standing().get().ended_at.hour == 20


def test_open_session_is_not_corrected(signed_in, mobile):
    session = SessionFactory(team=mobile.teams.get(), recorded_by=mobile)
    body = {key: logged(mobile)[key] for key in ("method", "counts")}

    response = post(signed_in(mobile), f"{SESSIONS}{session.pk}/correct/", {**body, "version": 1})

    assert response.status_code == 400
    assert "still open" in response.json()["detail"]


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


def test_newcomer_takes_a_seat_without_a_name(signed_in, coordinator):
    training = TrainingFactory(organization=coordinator.organization)
    facts = {"profession": "police", "institution_type": "LawEnforcement", "sex": "female"}

    response = post(signed_in(coordinator), f"{TRAININGS}{training.pk}/seats/", facts)

    professional = Professional.objects.get()
    assert response.json() == {"professional": professional.code}
    assert professional.name == ""


def test_seat_of_nobody_is_refused_whole(signed_in, coordinator):
    training = TrainingFactory(organization=coordinator.organization)

    response = post(signed_in(coordinator), f"{TRAININGS}{training.pk}/seats/", {})

    assert (response.status_code, Professional.objects.count()) == (400, 0)


def test_second_seat_of_a_professional_is_refused(signed_in, coordinator):
    training = TrainingFactory(organization=coordinator.organization)
    known = ProfessionalFactory(registered_by_organization=coordinator.organization)
    client, path = signed_in(coordinator), f"{TRAININGS}{training.pk}/seats/"

    answers = [post(client, path, {"professional": known.code}).status_code for _ in range(2)]

    assert answers == [201, 400]
    assert TrainingAttendance.objects.count() == 1


def test_seat_at_a_training_of_others_is_not_there(signed_in, coordinator):
    path = f"{TRAININGS}{TrainingFactory().pk}/"

    assert signed_in(coordinator).get(path).status_code == 404
    assert post(signed_in(coordinator), f"{path}seats/", {}).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_trainings_ask_the_database_the_same_for_any_number_of_rows(
    signed_in, coordinator, rows, django_assert_num_queries
):
    for _ in range(rows):
        TrainingFactory(organization=coordinator.organization)

    client = signed_in(coordinator)

    with django_assert_num_queries(7):
        client.get(TRAININGS)


def test_professional_of_another_organization_is_unknown(signed_in, coordinator):
    training = TrainingFactory(organization=coordinator.organization)
    foreign = ProfessionalFactory()

    response = post(
        signed_in(coordinator), f"{TRAININGS}{training.pk}/seats/", {"professional": foreign.code}
    )

    assert response.status_code == 400


def test_trainings_ask_for_their_function(signed_in, caseworker):
    assert signed_in(caseworker).get(TRAININGS).status_code == 403
