from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.models import AuditEvent
from directory.models import Area, LeafletEdition, Topic
from outreach import actions
from outreach.models import OutreachSession, Professional, TrainingAttendance
from tests import factories
from tests.outreach.factories import (
    AttendanceFactory,
    FinishedSessionFactory,
    ProfessionalFactory,
    SessionFactory,
    TrainingFactory,
)
from vault.models import DataKey


def content(**changes):
    return {
        "counts": {},
        "method": "counted",
        "children_alone": 0,
        "languages": [],
        "topics": [],
        "needs": [],
        "leaflets": {},
        **changes,
    }


def start(mobile, **changes):
    return actions.start_session(
        **{
            "team": mobile.teams.get(),
            "area": Area.objects.get(pk="bg-hub"),
            "mode": "walking",
            "members": [mobile],
            "actor": mobile,
            **changes,
        }
    )


@pytest.fixture
def session(mobile):
    return SessionFactory(team=mobile.teams.get(), recorded_by=mobile)


def test_start_is_recorded(mobile):
    session = start(mobile)

    assert (session.is_open, session.organization) == (True, mobile.organization)
    assert AuditEvent.objects.get().verb == "start_session"


def test_bands_are_those_of_the_grant(mobile):
    grant = factories.GrantFactory(organization=mobile.organization, age_band_set_id="unicef")

    assert start(mobile, grant=grant).age_band_set_id == "unicef"
    assert start(mobile).age_band_set_id == "programme"


def test_start_for_another_team_is_refused(mobile):
    with pytest.raises(PermissionDenied):
        start(mobile, team=factories.TeamFactory())


def test_start_without_the_function_is_refused(caseworker):
    with pytest.raises(PermissionDenied):
        start(caseworker)


def test_start_in_the_future_is_refused(mobile):
    with pytest.raises(ValidationError, match="future"):
        start(mobile, started_at=timezone.now() + timedelta(hours=1))


def test_grant_that_does_not_pay_that_day_is_refused(mobile):
    grant = factories.GrantFactory(
        organization=mobile.organization, starts_on=date(2020, 1, 1), ends_on=date(2020, 2, 1)
    )

    with pytest.raises(ValidationError, match="grant"):
        start(mobile, grant=grant)


def test_grant_of_another_organization_is_refused(mobile):
    with pytest.raises(ValidationError, match="grant"):
        start(mobile, grant=factories.GrantFactory())


def test_session_of_another_century_is_refused(mobile):
    with pytest.raises(ValidationError, match="too far back"):
        start(mobile, started_at=datetime(1026, 11, 18, tzinfo=UTC))


def test_counts_replace_the_ones_before(session, mobile):
    young, grown = factories.age_band(15), factories.age_band(25)
    session = actions.save_session(
        session,
        version=1,
        actor=mobile,
        **content(counts={("male", young): 4, ("female", grown): 2}),
    )

    session = actions.save_session(
        session, version=2, actor=mobile, **content(counts={("male", young): 5})
    )

    assert list(session.tallies.values_list("sex", "age_band", "quantity")) == [
        ("male", young.pk, 5)
    ]
    assert session.version == 3


def test_topics_and_leaflets_are_kept(session, mobile):
    edition = factories.edition()

    actions.save_session(
        session,
        version=1,
        actor=mobile,
        **content(topics=Topic.objects.filter(pk="asylum"), leaflets={edition: 12}),
    )

    assert session.leaflets.get().quantity == 12
    assert session.topics.get().pk == "asylum"


def test_cells_of_nobody_are_left_out(session, mobile):
    edition = LeafletEdition.objects.in_use()[0]

    actions.save_session(
        session,
        version=1,
        actor=mobile,
        **content(counts={("male", factories.age_band(15)): 0}, leaflets={edition: 0}),
    )

    assert (session.tallies.count(), session.leaflets.count()) == (0, 0)


def test_more_children_alone_than_children_are_refused(session, mobile):
    with pytest.raises(ValidationError, match="children alone"):
        actions.save_session(
            session,
            version=1,
            actor=mobile,
            **content(counts={("male", factories.age_band(15)): 2}, children_alone=3),
        )


def test_band_of_another_programme_is_refused(session, mobile):
    with pytest.raises(ValidationError, match="another programme"):
        actions.save_session(
            session,
            version=1,
            actor=mobile,
            **content(counts={("male", factories.age_band(18, "unicef")): 2}),
        )


def test_stale_form_changes_nothing(session, mobile):
    actions.save_session(session, version=1, actor=mobile, **content())

    with pytest.raises(ValidationError, match="had it open"):
        actions.save_session(session, version=1, actor=mobile, **content())


def test_finished_session_is_not_changed_any_more(session, mobile):
    actions.finish_session(session, version=1, actor=mobile, **content())

    with pytest.raises(ValidationError, match="finished"):
        actions.save_session(session, version=2, actor=mobile, **content())


def test_end_before_the_start_is_refused(session, mobile):
    with pytest.raises(ValidationError, match="ends after it starts"):
        actions.finish_session(
            session,
            version=1,
            actor=mobile,
            ended_at=datetime(2026, 11, 1, tzinfo=UTC),
            **content(),
        )


def test_end_in_the_future_is_refused(session, mobile):
    with pytest.raises(ValidationError, match="future"):
        actions.finish_session(
            session,
            version=1,
            actor=mobile,
            ended_at=timezone.now() + timedelta(hours=1),
            **content(),
        )


def test_correction_takes_the_place_of_the_record(mobile):
    old = FinishedSessionFactory(team=mobile.teams.get(), recorded_by=mobile)

    new = actions.correct_session(
        old,
        version=1,
        actor=mobile,
        **content(counts={("female", factories.age_band(25)): 3}),
    )

    assert list(OutreachSession.objects.standing()) == [new]
    assert OutreachSession.objects.with_people_met().get(pk=new.pk).people_met == 3


def test_record_is_corrected_once(mobile):
    old = FinishedSessionFactory(team=mobile.teams.get(), recorded_by=mobile)
    actions.correct_session(old, version=1, actor=mobile, **content())

    with pytest.raises(ValidationError, match="corrected already"):
        actions.correct_session(old, version=1, actor=mobile, **content())


def test_correction_stays_within_the_time_of_the_grant(mobile):
    team = mobile.teams.get()
    grant = factories.GrantFactory(organization=team.organization)
    old = FinishedSessionFactory(team=team, recorded_by=mobile, grant=grant)
    before = datetime.combine(grant.starts_on - timedelta(days=3), time(18), tzinfo=UTC)

    with pytest.raises(ValidationError, match="does not cover that day"):
        actions.correct_session(
            old,
            version=1,
            actor=mobile,
            started_at=before,
            ended_at=before + timedelta(hours=1),
            **content(),
        )


def test_open_session_is_not_corrected(session, mobile):
    with pytest.raises(ValidationError, match="still open"):
        actions.correct_session(session, version=1, actor=mobile, **content())


def test_log_records_a_finished_session(mobile):
    session = actions.log_session(
        team=mobile.teams.get(),
        area=Area.objects.get(pk="bg-hub"),
        mode="walking",
        started_at=datetime(2026, 11, 2, 18, 0, tzinfo=UTC),
        ended_at=datetime(2026, 11, 2, 20, 0, tzinfo=UTC),
        content=content(counts={("male", factories.age_band(25)): 7}),
        actor=mobile,
    )

    assert (session.is_open, session.tallies.get().quantity) == (False, 7)


@pytest.mark.parametrize("action", [actions.save_session, actions.correct_session])
def test_counting_without_the_function_is_refused(session, caseworker, action):
    with pytest.raises(PermissionDenied):
        action(session, version=1, actor=caseworker, **content())


def test_training_is_recorded(coordinator):
    training = actions.record_training(
        topic=Topic.objects.get(pk="rights"),
        programme="Rights",
        hours=8,
        starts_on=date(2026, 10, 1),
        ends_on=date(2026, 10, 2),
        area=Area.objects.get(pk="bg-hub"),
        actor=coordinator,
    )

    assert training.organization == coordinator.organization
    assert AuditEvent.objects.get().verb == "record_training"


@pytest.mark.parametrize("is_own", [True, False])
def test_training_under_a_grant_that_does_not_pay_for_it_is_refused(coordinator, is_own):
    passed = {"starts_on": date(2020, 1, 1), "ends_on": date(2020, 2, 1)}
    own = {"organization": coordinator.organization, **passed}
    grant = factories.GrantFactory(**(own if is_own else {}))

    with pytest.raises(ValidationError, match="does not cover"):
        actions.record_training(
            topic=Topic.objects.get(pk="rights"),
            programme="Rights",
            hours=8,
            starts_on=date(2026, 10, 1),
            ends_on=date(2026, 10, 2),
            area=Area.objects.get(pk="bg-hub"),
            grant=grant,
            actor=coordinator,
        )


def test_newcomer_gets_a_code_and_a_sealed_name(coordinator):
    training = TrainingFactory(organization=coordinator.organization)

    actions.add_attendance(
        training,
        actor=coordinator,
        name="Petra Example",
        profession="police",
        institution_type="LawEnforcement",
        sex="female",
    )

    professional = Professional.objects.select_related("data_key").get()
    assert (len(professional.code), professional.name) == (7, "Petra Example")


def test_known_professional_takes_a_second_seat_and_stays_one(coordinator):
    known = ProfessionalFactory(registered_by_organization=coordinator.organization)
    for _ in range(2):
        actions.add_attendance(
            TrainingFactory(organization=coordinator.organization),
            professional=known,
            actor=coordinator,
        )

    assert (TrainingAttendance.objects.count(), Professional.objects.count()) == (2, 1)


def test_same_professional_twice_on_one_list_is_refused(coordinator):
    seat = AttendanceFactory()

    with pytest.raises(ValidationError, match="on the list already"):
        actions.add_attendance(seat.training, professional=seat.professional, actor=coordinator)


def test_attendance_before_the_training_is_refused(coordinator):
    later = timezone.localdate() + timedelta(days=3)
    training = TrainingFactory(
        organization=coordinator.organization, starts_on=later, ends_on=later
    )

    with pytest.raises(ValidationError, match="first day"):
        actions.add_attendance(training, actor=coordinator)


def test_newcomer_without_a_profession_is_refused_whole(coordinator):
    with pytest.raises(ValidationError):
        actions.add_attendance(
            TrainingFactory(organization=coordinator.organization), actor=coordinator
        )

    assert TrainingAttendance.objects.count() == 0


def test_seat_recorded_by_mistake_is_taken_back(coordinator):
    seat = AttendanceFactory()

    actions.remove_attendance(seat, actor=coordinator)

    assert TrainingAttendance.objects.count() == 0
    assert AuditEvent.objects.get().verb == "remove_attendance"


def test_who_was_typed_by_mistake_is_forgotten_and_who_has_another_seat_is_not(coordinator):
    seat = AttendanceFactory()
    known = AttendanceFactory(professional=AttendanceFactory().professional)

    actions.remove_attendance(seat, actor=coordinator)
    actions.remove_attendance(known, actor=coordinator)
    actions.remove_attendance(known, actor=coordinator)

    assert list(Professional.objects.all()) == [known.professional]
    assert not DataKey.objects.filter(pk=seat.professional.data_key_id).exists()
    assert AuditEvent.objects.filter(verb="remove_attendance").count() == 2


def test_trainings_without_the_function_are_refused(caseworker):
    seat = AttendanceFactory()

    with pytest.raises(PermissionDenied):
        actions.add_attendance(seat.training, actor=caseworker)
    with pytest.raises(PermissionDenied):
        actions.remove_attendance(seat, actor=caseworker)
