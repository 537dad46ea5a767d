from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from outreach.models import (
    OutreachLeaflets,
    OutreachSession,
    OutreachTally,
    Professional,
    Training,
    TrainingAttendance,
)
from tests import factories
from tests.outreach.factories import (
    AttendanceFactory,
    FinishedSessionFactory,
    ForgottenSessionFactory,
    ProfessionalFactory,
    SessionFactory,
    TrainingFactory,
)


@pytest.fixture
def finished(mobile):
    session = FinishedSessionFactory(team=mobile.teams.get(), recorded_by=mobile)
    session.tallies.create(sex="male", age_band=factories.age_band(15), quantity=4)
    session.leaflets.create(edition=factories.edition(), quantity=9)
    return session


@pytest.mark.parametrize("model", [OutreachSession, OutreachTally, OutreachLeaflets])
def test_gate_of_sessions_opens_to_their_team_and_the_coordinator(
    finished, mobile, coordinator, colleague, stranger, model
):
    rows = {user: model.objects.visible_to(user).count() for user in (mobile, coordinator)}
    others = {user: model.objects.visible_to(user).count() for user in (colleague, stranger)}

    assert (set(rows.values()), set(others.values())) == ({1}, {0})


@pytest.mark.parametrize("model", [Training, Professional, TrainingAttendance])
def test_gate_of_trainings_opens_to_their_organization(coordinator, stranger, model):
    house = coordinator.organization
    AttendanceFactory(
        training=TrainingFactory(organization=house),
        professional=ProfessionalFactory(registered_by_organization=house),
    )

    assert model.objects.visible_to(coordinator).count() == 1
    assert model.objects.visible_to(stranger).count() == 0


def test_corrected_record_no_longer_stands(finished):
    new = FinishedSessionFactory(team=finished.team, supersedes=finished)

    assert list(OutreachSession.objects.standing()) == [new]


def test_sum_keeps_the_order_of_the_list(finished):
    newer = SessionFactory(team=finished.team)

    rows = OutreachSession.objects.latest_first().with_people_met()

    assert [(row, row.people_met) for row in rows] == [(newer, 0), (finished, 4)]


@pytest.mark.django_db
def test_open_and_finished_are_told_apart():
    going_on, over = SessionFactory(), FinishedSessionFactory()

    assert list(OutreachSession.objects.open()) == [going_on]
    assert list(OutreachSession.objects.finished()) == [over]


@pytest.mark.django_db
def test_session_open_for_more_than_a_day_is_forgotten():
    assert not SessionFactory().is_forgotten
    assert ForgottenSessionFactory().is_forgotten
    assert not FinishedSessionFactory().is_forgotten


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"ended_at": datetime(2020, 1, 1, tzinfo=UTC)}, "ends after it starts"),
        ({"mode": "swimming"}, "not a valid choice"),
        ({"method": "guessed"}, "not a valid choice"),
    ],
)
def test_session_keeps_its_rules(wrong, says):
    session = SessionFactory.build(
        team=factories.TeamFactory(), recorded_by=factories.UserFactory(), **wrong
    )

    with pytest.raises(ValidationError, match=says):
        session.full_clean()


@pytest.mark.parametrize("table", ["tallies", "leaflets"])
def test_database_holds_no_row_of_nobody(finished, table):
    empty = {
        "tallies": {"sex": "female", "age_band": factories.age_band(15), "quantity": 0},
        "leaflets": {"edition": factories.edition("asylum"), "quantity": 0},
    }

    with pytest.raises(IntegrityError), transaction.atomic():
        getattr(finished, table).create(**empty[table])


def test_database_holds_one_tally_a_cell(finished):
    with pytest.raises(IntegrityError), transaction.atomic():
        finished.tallies.create(sex="male", age_band=factories.age_band(15), quantity=1)


def test_record_is_superseded_once(finished):
    FinishedSessionFactory(team=finished.team, supersedes=finished)

    with pytest.raises(IntegrityError), transaction.atomic():
        FinishedSessionFactory(team=finished.team, supersedes=finished)


@pytest.mark.django_db
def test_name_of_a_professional_is_sealed():
    professional = ProfessionalFactory(name="Petra Example")

    stored = (
        Professional.objects.filter(pk=professional.pk)
        .extra(select={"stored": "name"})
        .values_list("stored", flat=True)[0]
    )

    assert b"Petra" not in bytes(stored)
    assert Professional.objects.select_related("data_key").get().name == "Petra Example"


@pytest.mark.django_db
def test_rows_are_told_by_what_is_no_secret():
    seat = AttendanceFactory()
    session = SessionFactory()
    tally = OutreachTally(sex="male", age_band=factories.age_band(15), quantity=2)
    leaflets = OutreachLeaflets(edition=factories.edition(), quantity=3)

    assert str(seat.professional) == seat.professional.code
    assert str(seat).startswith(seat.professional.code)
    assert str(seat.training) == seat.training.programme
    assert (str(session), str(tally)) == ("Belgrade, around the hub", "Male 15–17: 2")
    assert str(leaflets) == "Trafficking (Farsi): 3"


@pytest.mark.django_db
def test_start_is_now_unless_it_is_told():
    before = timezone.now()

    session = OutreachSession()

    assert timedelta(0) <= session.started_at - before < timedelta(minutes=1)
