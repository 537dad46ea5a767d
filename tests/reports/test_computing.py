from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from accounts.models import OutboxJob
from reports.actions import compute_report, computing, request_report
from reports.actions.computing import seal_of
from reports.counting import EVERYBODY
from reports.models import Report
from reports.tasks import count_report
from tests.factories import CaseFactory, GrantFactory, ServiceDeliveredFactory
from tests.reports.factories import (
    AFTER,
    FIRST,
    INSIDE,
    FailedReportFactory,
    FinishedReportFactory,
    ReportFactory,
    template,
)
from tests.screening.factories import CompletedScreeningFactory

DONE, RUNNING, FAILED = Report.State.DONE, Report.State.RUNNING, Report.State.FAILED


def client_of(house):
    """Somebody who counts for IRC-01."""
    case = CaseFactory(person__team__organization=house)
    CompletedScreeningFactory(case=case, completed_at=datetime(2025, 8, 12, 10, tzinfo=UTC))
    ServiceDeliveredFactory(case=case, service_type_id="info_thb_risks", delivered_on=INSIDE)


def job_of(report):
    """The job as the relay hands it to the worker."""
    event = OutboxJob.objects.get(event="report_requested")
    return OutboxJob.objects.create(
        event=event.event, task=count_report.name, args=event.args, dedupe_key="job"
    )


def test_worker_counts_and_freezes(coordinator):
    client_of(coordinator.organization)
    report = request_report(
        template=template(), starts_on=FIRST, ends_before=AFTER, actor=coordinator
    )
    job = job_of(report)

    count_report(str(job.pk))

    report.refresh_from_db()
    job.refresh_from_db()
    assert (report.state, job.state) == (DONE, OutboxJob.State.DONE)
    assert report.figures["IRC-01"]["total"] == 1
    assert report.figures[EVERYBODY]["total"] == 1
    assert (report.counted, report.counting) == (len(template().indicators), "")
    assert report.sha256 == seal_of(report)


def test_progress_is_seen_while_it_counts(db, monkeypatch):
    report, seen = ReportFactory(), []
    real = computing.count

    def watched(indicator, scope):
        seen.append(indicator["code"])
        return real(indicator, scope)

    def progress_of(row, number, code):
        rows.append(Report.objects.values_list("state", "counted", "counting").get(pk=row.pk))
        remember(row, number, code)

    rows, remember = [], computing._progress
    monkeypatch.setattr(computing, "count", watched)
    monkeypatch.setattr(computing, "_progress", progress_of)
    compute_report(report, lambda: True)

    codes = [one["code"] for one in template().indicators]
    assert seen == codes
    assert rows[:3] == [(RUNNING, 0, ""), (RUNNING, 0, codes[0]), (RUNNING, 1, codes[1])]


def test_second_delivery_changes_nothing_and_is_done(db):
    report = FinishedReportFactory()
    before = Report.objects.values().get()
    settled = []

    compute_report(report, lambda: settled.append(1) or True)

    assert Report.objects.values().get() == before
    assert settled == [1]


def test_run_after_a_killed_one_starts_afresh(db):
    report = ReportFactory(state=RUNNING, counted=5, counting="IRC-06")

    compute_report(report, lambda: True)

    assert Report.objects.get().state == DONE


class StoppedError(Exception):
    """What ends a run in the middle."""


def stop_at(monkeypatch, number, first=lambda: None):
    """Let the count of the indicator at this place fail."""
    real = computing._progress

    def stopping(report, counted, code):
        if counted == number:
            monkeypatch.undo()
            first()
            raise StoppedError
        real(report, counted, code)

    monkeypatch.setattr(computing, "_progress", stopping)


def test_failure_is_said_and_the_next_run_succeeds(db, monkeypatch):
    report = ReportFactory()
    stop_at(monkeypatch, 3)

    with pytest.raises(StoppedError):
        compute_report(report, lambda: True)
    assert Report.objects.get().state == FAILED
    assert Report.objects.get().figures == {}

    compute_report(report, lambda: True)
    assert Report.objects.get().state == DONE


def test_late_run_that_fails_leaves_the_finished_report_alone(db, monkeypatch):
    report = ReportFactory()
    stop_at(monkeypatch, 3, first=lambda: compute_report(report, lambda: True))

    with pytest.raises(StoppedError):
        compute_report(report, lambda: True)

    assert Report.objects.get().state == DONE


def test_late_run_that_succeeds_leaves_the_finished_report_alone(db, house, monkeypatch):
    report, real, first = ReportFactory(organization=house), computing._progress, []

    def overtaken(row, counted, code):
        if counted == 3 and not first:
            first.append(True)
            compute_report(report, lambda: True)
            client_of(house)
        real(row, counted, code)

    monkeypatch.setattr(computing, "_progress", overtaken)
    compute_report(report, lambda: True)

    row = Report.objects.get()
    assert (row.state, row.counting, row.figures["IRC-01"]["total"]) == (DONE, "", 0)


def test_job_that_somebody_else_settled_writes_nothing(db):
    report = ReportFactory()

    compute_report(report, lambda: False)

    assert Report.objects.get().state == RUNNING


def test_late_data_change_a_new_version_not_the_frozen_one(db, house):
    first = FinishedReportFactory(organization=house)
    client_of(house)
    second = FinishedReportFactory(organization=house, version=2)

    first.refresh_from_db()
    totals = [report.figures["IRC-01"]["total"] for report in (first, second)]
    assert totals == [0, 1]
    assert first.sha256 == seal_of(first)


@pytest.mark.parametrize(
    "change",
    [
        {"figures": {}},
        {"released_figures": {}},
        {"sha256": "0"},
        {"state": "failed"},
        {"starts_on": INSIDE},
        {"version": 9},
    ],
)
def test_database_refuses_to_change_a_finished_report(db, change):
    FinishedReportFactory()

    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Report.objects.update(**change)


def test_database_refuses_to_remove_a_finished_report(db):
    report = FinishedReportFactory()
    FailedReportFactory(version=2)

    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        report.delete()
    Report.objects.filter(state="failed").delete()
    assert Report.objects.count() == 1


def test_seal_cannot_be_tried_out_without_the_key(db, monkeypatch):
    report = FinishedReportFactory()
    ours = seal_of(report)

    class OtherRing:
        def blind(self, purpose, value):
            return b"other"

    monkeypatch.setattr(computing, "key_provider", OtherRing)
    assert seal_of(report) != ours


def test_bands_are_those_of_the_grant(db, house):
    grant = GrantFactory(organization=house, age_band_set_id="unicef")

    report = FinishedReportFactory(organization=house, grant=grant)

    bands = {column for _, column, _ in report.figures["IRC-01"]["by"]["sex_age"]}
    assert bands == {"0–5", "6–9", "10–14", "15–17", "18+", "unknown"}
