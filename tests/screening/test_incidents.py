"""Incidents and their verbs: who may, what is kept, who is told, who sees a report on conduct."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, ProgrammingError, connection, models, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import scope
from accounts.levels import Level
from accounts.models import AuditEvent, Notice, User
from casework.models import Case, CaseBlock, CaseEvent
from protection.words import said
from screening import tasks
from screening.actions import (
    close_incident,
    correct_incident,
    receivers_of,
    record_incident,
    remind_of_clocks,
)
from screening.incident_types import Facts
from screening.models import Incident
from tests.factories import CaseAccessFactory, UserFactory
from tests.screening.factories import (
    ClosedIncidentFactory,
    ConductReportFactory,
    IncidentFactory,
)

RAPE = {"asked": {"rape": "yes"}}
BY_AID = {"relation": "service_provider"}


@pytest.fixture
def incident(case):
    return IncidentFactory(case=case)


@pytest.fixture
def report(case):
    """What the caseworker wrote about somebody who gives aid."""
    return ConductReportFactory(case=case)


@pytest.fixture
def reader(case, team, house):
    """A colleague who stands in: she reads and writes the notes of the case."""
    user = UserFactory(name="Rhea Ader", organization=house, teams=[team], role="caseworker")
    CaseAccessFactory(content_object=case, user=user)
    return user


def told(user):
    return list(Notice.objects.filter(user=user).values_list("code", flat=True))


def codes(case):
    found = CaseEvent.objects.filter(case=case, code__startswith="incident")
    return list(found.values_list("code", "level"))


def seen(user):
    """The incidents that the database itself shows somebody in the web."""
    with transaction.atomic(), scope.acting_as(user), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM screening_incident")
        return {pk for (pk,) in cursor.fetchall()}


def test_incident_is_kept_sealed_and_told_to_the_case(case, caseworker):
    incident = record_incident(case, facts=RAPE, stage="route", actor=caseworker)

    assert incident.what.core_type == "rape"
    assert (incident.data_key, incident.organization) == (case.data_key, case.organization)
    with connection.cursor() as cursor:
        cursor.execute("SELECT facts FROM screening_incident")
        (kept,) = cursor.fetchone()
    assert b"rape" not in bytes(kept)
    event = AuditEvent.objects.get(verb="record_incident")
    assert (event.case_id, event.object_id) == (case.pk, str(incident.pk))
    assert codes(case) == [("incident_recorded", Level.NARRATIVE)]
    assert told(caseworker) == []


def test_clock_is_told_to_the_owner_without_a_word_of_what(case, caseworker, reader):
    today = timezone.localdate()
    record_incident(case, facts=RAPE, first_on=today, actor=reader)
    record_incident(case, facts=RAPE, first_on=today - timedelta(days=9), actor=reader)
    record_incident(case, facts={"asked": {"rape": "no"}}, first_on=today, actor=reader)

    assert told(caseworker) == ["deadline_runs"]
    assert told(reader) == []


def sent(user):
    found = Notice.objects.filter(user=user, code__startswith="deadline")
    return list(found.order_by("at").values_list("code", "url_name"))


RECORDED = said("record_incident").encode()
INCIDENT, CASE = "screening:incident", "casework:case"


def test_clock_is_told_again_a_day_before_each_window_ends(case, caseworker, time_machine):
    began = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    time_machine.move_to(began)
    incident = record_incident(
        case,
        facts=RAPE,
        first_on=timezone.localdate(),
        first_hour=timezone.localtime().hour,
        actor=caseworker,
    )

    for hours, how_many in [(47, 0), (48, 1), (49, 0), (71, 0), (96, 1), (97, 0), (121, 0)]:
        time_machine.move_to(began + timedelta(hours=hours))
        assert (hours, remind_of_clocks()) == (hours, how_many)

    assert sent(caseworker) == [("deadline_runs", INCIDENT), *[("deadline_near", INCIDENT)] * 2]
    assert AuditEvent.objects.filter(verb="remind_of_clocks", note="1").count() == 2
    assert not incident.history.exists()


def test_window_that_ends_soon_is_told_once(case, caseworker, reader):
    began = timezone.localtime() - timedelta(hours=60)
    happened = {"first_on": began.date(), "first_hour": began.hour}
    record_incident(case, facts=RAPE, actor=reader, **happened)

    assert remind_of_clocks() == 0
    assert sent(caseworker) == [("deadline_runs", INCIDENT)]


def test_clock_of_a_case_without_its_owner_is_told_to_who_supervises(
    case, caseworker, reader, coordinator
):
    CaseBlock.objects.create(case=case, user=caseworker, reason="involved", blocked_by=reader)

    with transaction.atomic(), scope.acting_as(reader):
        record_incident(case, facts=RAPE, first_on=timezone.localdate(), actor=reader)

    assert (sent(caseworker), sent(coordinator)) == ([], [("deadline_runs", CASE)])


def test_clock_of_a_sealed_case_is_told_to_who_works_on_it(case, caseworker, reader, coordinator):
    Case.objects.filter(pk=case.pk).update(is_sealed=True)
    User.objects.filter(pk=caseworker.pk).update(is_active=False)
    case.refresh_from_db()

    record_incident(case, facts=RAPE, first_on=timezone.localdate(), actor=reader)

    assert (sent(caseworker), sent(coordinator), sent(reader)) == (
        [],
        [],
        [("deadline_runs", CASE)],
    )


@pytest.mark.parametrize("what", ["case", "incident"])
def test_nobody_is_reminded_of_what_is_closed(case, caseworker, what):
    if what == "case":
        IncidentFactory(case=case)
        Case.objects.filter(pk=case.pk).update(
            status="Closed",
            closed_on=timezone.localdate(),
            closure_reason=Case.ClosureReason.values[0],
        )
    else:
        ClosedIncidentFactory(case=case)

    assert remind_of_clocks() == 0
    assert sent(caseworker) == []


def test_clock_of_a_report_is_told_again_past_the_team(case, caseworker, reader, dpo):
    ConductReportFactory(case=case, facts={**RAPE, **BY_AID}, recorded_by=reader, conduct_by=reader)
    tasks.remind_of_clocks()
    assert (sent(caseworker), sent(dpo), sent(reader)) == ([], [], [("deadline_near", INCIDENT)])

    case.access.filter(user=reader).delete()
    Incident.objects.update(clock_told_until=None)
    tasks.remind_of_clocks()

    assert sent(dpo) == [("deadline_near", INCIDENT)]


def test_clock_runs_from_the_last_time(case):
    today = timezone.localdate()
    incident = IncidentFactory(case=case, first_on=today - timedelta(days=30), last_on=today)

    assert [clock.is_by_day for clock in incident.running_clocks] == [True, True]


@pytest.mark.parametrize(
    ("happened", "field"),
    [
        ({"first_on": 1}, "first_on"),
        ({"first_on": 0, "last_on": -1}, "__all__"),
        ({"first_hour": 4}, "__all__"),
        ({"first_on": 0, "first_hour": 24}, "first_hour"),
        ({"first_on": 0, "first_hour": 9, "last_on": 0, "last_hour": 8}, "last_hour"),
    ],
)
def test_times_must_be_possible(case, caseworker, happened, field):
    today = timezone.localdate()
    days = {name: today + timedelta(days=n) for name, n in happened.items() if "_on" in name}

    with pytest.raises(ValidationError) as refused:
        record_incident(case, facts=RAPE, actor=caseworker, **{**happened, **days})

    assert list(refused.value.message_dict) == [field]
    assert not Incident.objects.exists()


def test_unknown_code_is_refused(case, caseworker):
    with pytest.raises(ValidationError):
        record_incident(case, facts={"relation": "x"}, actor=caseworker)


def test_stranger_and_colleague_may_not_record(case, stranger, colleague, coordinator):
    for user in (stranger, colleague, coordinator):
        with pytest.raises(PermissionDenied):
            record_incident(case, facts=RAPE, actor=user)


def test_correction_keeps_what_was_before(incident, case, caseworker):
    row = correct_incident(
        incident, facts={"asked": {"rape": "no"}}, stage="border", version=1, actor=caseworker
    )

    assert (row.stage, row.version, row.what.core_type) == ("border", 2, "")
    (before,) = row.history.all()
    assert (before.stage, before.version) == ("unknown", 1)
    assert codes(case) == [("incident_corrected", Level.NARRATIVE)]
    with pytest.raises(ValidationError, match="Somebody changed"):
        correct_incident(incident, facts=RAPE, version=1, actor=caseworker)


def test_closed_incident_stays_and_changes_no_more(incident, caseworker):
    closed = close_incident(incident, closing_reason="no_wish", version=1, actor=caseworker)

    assert (closed.state, closed.closed_by, closed.version) == ("closed", caseworker, 2)
    for again in (
        lambda: correct_incident(closed, facts=RAPE, version=2, actor=caseworker),
        lambda: close_incident(closed, closing_reason="twice", version=2, actor=caseworker),
    ):
        with pytest.raises(ValidationError, match="closed"):
            again()


def test_no_reason_for_closing_says_that_it_did_not_happen():
    assert sorted(Incident.ClosingReason) == [
        "cared_for",
        "elsewhere",
        "no_wish",
        "twice",
        "wrong_case",
    ]


def test_closed_row_needs_a_reason(case):
    with pytest.raises(IntegrityError), transaction.atomic():
        ClosedIncidentFactory(case=case, closing_reason="")


def test_report_on_conduct_goes_past_the_team(case, caseworker, reader, dpo):
    report = record_incident(
        case, facts={**RAPE, **BY_AID}, first_on=timezone.localdate(), actor=reader
    )

    assert report.conduct_by == reader
    assert told(dpo) == ["report_waiting"]
    assert told(reader) == ["deadline_runs"]
    assert told(caseworker) == []
    assert codes(case) == []
    assert AuditEvent.objects.get(verb="record_incident").case_id is None


def test_report_stays_one_when_it_is_corrected(report, caseworker):
    row = correct_incident(report, facts={"relation": "family"}, version=1, actor=caseworker)

    assert row.is_conduct
    assert seen(caseworker) == {report.pk}


def test_incident_becomes_a_report_and_leaves_the_case(case, caseworker, reader, dpo, signed_in):
    third = UserFactory(name="Tara Ader", organization=case.organization, role="caseworker")
    CaseAccessFactory(content_object=case, user=third)
    incident = record_incident(case, facts=RAPE, first_on=timezone.localdate(), actor=reader)
    Notice.objects.create(user=third, code="deadline_runs", object_id=incident.pk)
    log = reverse("protection:case_log", args=[case.pk])
    assert RECORDED in signed_in(third).get(log).content

    with transaction.atomic(), scope.acting_as(reader):
        correct_incident(incident, facts={**RAPE, **BY_AID}, version=1, actor=reader)

    assert told(dpo) == ["report_waiting"]
    assert (seen(reader), seen(caseworker), seen(third)) == ({incident.pk}, set(), set())
    assert codes(case) == []
    assert (told(caseworker), told(third), told(reader)) == ([], [], ["deadline_runs"])
    pages = [signed_in(third).get(url).content for url in (log, case.get_absolute_url())]
    assert [b"ncident" in page for page in pages] == [False, False]
    assert RECORDED in signed_in(reader).get(log).content


def test_gate_and_database_show_the_same(
    case, incident, report, caseworker, reader, colleague, coordinator, stranger, dpo, director
):
    elsewhere = UserFactory(role="data_protection")
    expected = {
        caseworker: {incident.pk, report.pk},
        reader: {incident.pk},
        colleague: set(),
        coordinator: set(),
        stranger: set(),
        director: set(),
        dpo: {report.pk},
        elsewhere: set(),
    }

    for user, ids in expected.items():
        gate = set(Incident.objects.visible_to(user).values_list("pk", flat=True))
        assert (user.name, gate, seen(user)) == (user.name, ids, ids)


def test_conflict_of_interest_closes_a_report_as_well(case, report, dpo):
    CaseBlock.objects.create(case=case, user=dpo, reason="involved", blocked_by=case.owner)

    assert seen(dpo) == set()
    assert not Incident.objects.visible_to(dpo).exists()


def test_whom_a_case_is_closed_to_is_told_of_no_report_on_it(case, caseworker, dpo):
    CaseBlock.objects.create(case=case, user=dpo, reason="involved", blocked_by=case.owner)

    with transaction.atomic(), scope.acting_as(caseworker):
        report = record_incident(case, facts=BY_AID, actor=caseworker)
        named = receivers_of(report, case)

    assert (told(dpo), named) == ([], [])


def test_nobody_adds_a_report_on_a_case_of_another_house(report):
    elsewhere = UserFactory(role="data_protection")

    with (
        transaction.atomic(),
        scope.acting_as(elsewhere),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        Incident.objects.bulk_create(
            [
                Incident(
                    case=report.case,
                    organization=elsewhere.organization,
                    data_key=report.data_key,
                    facts=BY_AID,
                    recorded_by=elsewhere,
                    conduct_by=elsewhere,
                )
            ]
        )


def test_access_that_ended_closes_ones_own_report(report, case, caseworker):
    case.access.all().delete()

    assert seen(caseworker) == set()


def test_who_receives_a_report_opens_it_and_closes_it(report, case, dpo):
    with transaction.atomic(), scope.acting_as(dpo):
        (found,) = Incident.objects.visible_to(dpo).select_related("data_key")
        assert found.what.is_conduct
        close_incident(found, closing_reason="elsewhere", version=1, actor=dpo)

    report.refresh_from_db()
    assert report.closed_by == dpo
    assert codes(case) == []


def test_who_receives_reports_closes_no_other_incident(incident, dpo):
    with pytest.raises(PermissionDenied):
        close_incident(incident, closing_reason="elsewhere", version=1, actor=dpo)


def test_no_field_takes_a_text():
    texts = [
        field.name
        for field in Incident._meta.fields
        if isinstance(field, models.CharField | models.TextField) and not field.choices
    ]

    assert texts == []
    with pytest.raises((TypeError, ValueError)):
        Facts.read({"note": "what she said"})
