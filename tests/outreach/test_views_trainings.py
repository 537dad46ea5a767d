from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organization
from outreach.models import Professional, Training, TrainingAttendance
from tests import factories
from tests.outreach.conftest import verbs, words
from tests.outreach.factories import AttendanceFactory, ProfessionalFactory, TrainingFactory

TRAININGS, NEW_TRAINING = "/outreach/trainings/", "/outreach/trainings/new/"


@pytest.fixture
def training(coordinator):
    return TrainingFactory(organization=coordinator.organization, recorded_by=coordinator)


def planned(**fields):
    return {
        "programme": "Recognising signs",
        "topic": "rights",
        "hours": "8",
        "starts_on": "2026-10-01",
        "ends_on": "2026-10-02",
        "area": "bg-hub",
        "operation": uuid4(),
        **fields,
    }


def test_training_is_recorded(office, coordinator):
    response = office.post(NEW_TRAINING, planned())

    training = Training.objects.get()
    assert (training.organization, training.hours) == (coordinator.organization, 8)
    assert response.headers["Location"] == training.get_absolute_url()
    assert verbs() == ["record_training"]


def test_second_press_records_one_training(office):
    fields = planned()

    for _ in range(2):
        office.post(NEW_TRAINING, fields)

    assert Training.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"starts_on": "31/02/2026"}, "Enter a valid date"),
        ({"starts_on": "0206-10-01"}, "Look at the year"),
        ({"starts_on": "2062-10-01", "ends_on": "2062-10-01"}, "Look at the year"),
        ({"ends_on": "2026-09-01"}, "on or after its first day"),
        ({"ends_on": "2028-10-01"}, "a year at most"),
        ({"hours": "0"}, "greater than or equal to 1"),
        ({"hours": "100000"}, "less than or equal to 400"),
        ({"topic": "cooking"}, "Select a valid choice"),
        ({"programme": ""}, "There is no answer here yet"),
        ({"programme": "x" * 200}, "at most 120 characters"),
    ],
)
def test_training_with_a_slip_says_which_and_keeps_nothing(office, fields, says):
    response = office.post(NEW_TRAINING, planned(**fields))

    assert says in words(response)
    assert Training.objects.count() == 0


def test_grant_of_others_is_no_choice(office):
    response = office.post(NEW_TRAINING, planned(grant=factories.GrantFactory().pk))

    assert "Select a valid choice" in words(response)


def newcomer(**fields):
    return {
        "name": "Petra Example",
        "profession": "police",
        "institution_type": Organization.Type.LAW_ENFORCEMENT,
        "sex": "female",
        "operation": uuid4(),
        **fields,
    }


def test_newcomer_takes_a_seat_and_gets_a_code(office, training):
    response = office.post(training.get_absolute_url(), newcomer(), follow=True)

    professional = Professional.objects.get()
    assert professional.code in response.text
    assert "Petra Example" in response.text
    assert verbs() == ["add_attendance", "view_training"]


@pytest.mark.parametrize("typed", ["{}", " {} ", "lower", "no dash"])
def test_known_professional_takes_a_seat_by_code_however_typed(
    office, coordinator, training, typed
):
    known = ProfessionalFactory(registered_by_organization=coordinator.organization)
    ways = {"lower": known.code.lower(), "no dash": known.code.replace("-", "")}
    code = ways.get(typed, typed.format(known.code))

    office.post(training.get_absolute_url(), {"professional": code, "operation": uuid4()})

    assert TrainingAttendance.objects.get().professional == known
    assert Professional.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "Needed for somebody new"),
        ({"professional": "7KM-2XQ"}, "Nobody with this code was trained by you"),
        ({"professional": "rubbish!"}, "Nobody with this code was trained by you"),
        ({"profession": "wizard"}, "Select a valid choice"),
    ],
)
def test_seat_with_a_slip_says_which_and_adds_nobody(office, training, fields, says):
    response = office.post(training.get_absolute_url(), {"operation": uuid4(), **fields})

    assert says in words(response)
    assert (TrainingAttendance.objects.count(), Professional.objects.count()) == (0, 0)


def test_code_and_facts_together_are_refused(office, coordinator, training):
    known = ProfessionalFactory(registered_by_organization=coordinator.organization)

    response = office.post(training.get_absolute_url(), newcomer(professional=known.code))

    assert "Leave out either the code or the rest" in words(response)
    assert TrainingAttendance.objects.count() == 0


def test_code_of_another_organizations_professional_is_unknown(office, training):
    response = office.post(
        training.get_absolute_url(), {"professional": ProfessionalFactory().code}
    )

    assert "Nobody with this code" in words(response)


def test_second_press_of_add_makes_one_seat(office, training):
    fields = newcomer()

    for _ in range(2):
        office.post(training.get_absolute_url(), fields)

    assert (TrainingAttendance.objects.count(), Professional.objects.count()) == (1, 1)


def test_seat_before_the_training_began_is_refused(office, coordinator):
    later = timezone.localdate() + timedelta(days=3)
    training = TrainingFactory(
        organization=coordinator.organization, starts_on=later, ends_on=later
    )

    response = office.post(training.get_absolute_url(), newcomer())

    assert "from the first day on" in words(response)
    assert Professional.objects.count() == 0


def remove_url(seat):
    return reverse("outreach:remove_attendance", args=[seat.training_id, seat.professional_id])


def test_seat_is_taken_off_the_list(office, training):
    seat = AttendanceFactory(training=training)

    response = office.post(remove_url(seat))

    assert response.headers["Location"] == training.get_absolute_url()
    assert TrainingAttendance.objects.count() == 0
    assert verbs() == ["remove_attendance"]


def test_seat_that_is_gone_already_is_not_there(office, training):
    seat = AttendanceFactory(training=training)
    office.post(remove_url(seat))

    assert office.post(remove_url(seat)).status_code == 404


def test_seat_is_not_taken_off_by_reading(office, training):
    seat = AttendanceFactory(training=training)

    assert office.get(remove_url(seat)).status_code == 405
    assert TrainingAttendance.objects.count() == 1


def test_stranger_cannot_tell_that_a_training_exists(signed_in, training):
    seat = AttendanceFactory(training=training)
    elsewhere = signed_in(
        factories.UserFactory(
            organization=factories.HouseFactory(), role="coordinator", username="elsewhere"
        )
    )

    assert elsewhere.get(training.get_absolute_url()).status_code == 404
    assert elsewhere.post(remove_url(seat)).status_code == 404


@pytest.mark.parametrize("path", [TRAININGS, NEW_TRAINING, "training", "remove"])
def test_trainings_without_the_function_are_refused(signed_in, caseworker, training, path):
    seat = AttendanceFactory(training=training)
    doors = {"training": training.get_absolute_url()}

    browser = signed_in(caseworker)
    if path == "remove":
        assert browser.post(remove_url(seat)).status_code == 403
    else:
        assert browser.get(doors.get(path, path)).status_code == 403
    assert TrainingAttendance.objects.count() == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_trainings_ask_the_database_the_same_for_any_number_of_rows(
    office, coordinator, rows, django_assert_num_queries
):
    for _ in range(rows):
        AttendanceFactory(training=TrainingFactory(organization=coordinator.organization))

    with django_assert_num_queries(8):
        office.get(TRAININGS)


@pytest.mark.parametrize("rows", [1, 3])
def test_seats_ask_the_database_the_same_for_any_number_of_rows(
    office, training, rows, django_assert_num_queries
):
    for _ in range(rows):
        AttendanceFactory(training=training)

    with django_assert_num_queries(10):
        office.get(training.get_absolute_url())


def test_trainings_stand_latest_first(office, coordinator):
    house = coordinator.organization
    first = TrainingFactory(
        organization=house, starts_on=date(2026, 5, 1), ends_on=date(2026, 5, 1)
    )
    last = TrainingFactory(organization=house, starts_on=date(2026, 9, 1), ends_on=date(2026, 9, 1))
    TrainingFactory()

    assert list(office.get(TRAININGS).context["page"]) == [last, first]
