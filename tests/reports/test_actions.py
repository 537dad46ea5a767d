from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction

from accounts.models import AuditEvent, OutboxJob
from directory.models import AgeBandSet
from reports import actions
from reports.models import Report, ReportTemplate
from tests import factories
from tests.reports.factories import (
    AFTER,
    FIRST,
    FailedReportFactory,
    FinishedReportFactory,
    ReleasedReportFactory,
    ReportFactory,
    template,
)

pytestmark = pytest.mark.django_db


def request(actor, **changes):
    asked = {"template": template(), "starts_on": FIRST, "ends_before": AFTER}
    return actions.request_report(**{**asked, **changes}, actor=actor)


def audit():
    return list(AuditEvent.objects.values_list("verb", "object_id"))


def template_of_nobody():
    """A report for the house itself, which no donor may open."""
    return ReportTemplate.objects.create(
        code="own",
        version="1",
        donor=None,
        definition={**template().definition, "code": "own", "donor": None},
        content_hash="0" * 64,
    )


# Asking for a report


def test_request_waits_for_a_worker_and_is_recorded(coordinator, house):
    report = request(coordinator)

    job = OutboxJob.objects.get()
    assert (report.state, report.version, report.organization) == ("queued", 1, house)
    assert (job.event, job.args) == ("report_requested", {"report_id": str(report.pk)})
    assert audit() == [("request_report", str(report.pk))]


def test_same_request_again_is_the_next_version(coordinator):
    request(coordinator)

    assert request(coordinator).version == 2


def test_another_period_or_grant_begins_with_the_first_version(coordinator, house):
    grant = factories.GrantFactory(organization=house, starts_on=FIRST)
    request(coordinator)

    assert request(coordinator, ends_before=AFTER + timedelta(days=1)).version == 1
    assert request(coordinator, grant=grant).version == 1


@pytest.mark.parametrize("who", ["caseworker", "director", "donor", "mobile", "admin", "dpo"])
def test_only_coordinators_ask_for_reports(who, request):
    actor = request.getfixturevalue(who)

    with pytest.raises(PermissionDenied):
        actions.request_report(template=template(), starts_on=FIRST, ends_before=AFTER, actor=actor)
    assert Report.objects.count() == 0


@pytest.mark.parametrize(
    ("first", "after", "field"),
    [
        (date(2025, 7, 2), date(2025, 7, 2), "__all__"),
        (date(2025, 7, 2), date(2025, 7, 1), "__all__"),
        (date(2999, 1, 1), date(2999, 2, 1), "starts_on"),
        (date(1999, 1, 1), date(2025, 1, 1), "starts_on"),
        (date(1, 1, 1), date.max, "starts_on"),
    ],
)
def test_period_that_cannot_be_is_refused(coordinator, first, after, field):
    with pytest.raises(ValidationError) as refusal:
        request(coordinator, starts_on=first, ends_before=after)

    assert list(refusal.value.message_dict) == [field]
    assert (Report.objects.count(), OutboxJob.objects.count()) == (0, 0)


def test_grant_of_another_organization_is_refused(coordinator):
    with pytest.raises(ValidationError) as refusal:
        request(coordinator, grant=factories.GrantFactory())

    assert list(refusal.value.message_dict) == ["grant"]


def test_grant_of_another_donor_is_refused(coordinator, house):
    grant = factories.GrantFactory(organization=house, donor_id="UNICEF", starts_on=FIRST)

    with pytest.raises(ValidationError) as refusal:
        request(coordinator, grant=grant)

    assert list(refusal.value.message_dict) == ["grant"]


def test_grant_that_did_not_run_in_the_period_is_refused(coordinator, house):
    grant = factories.GrantFactory(organization=house, starts_on=AFTER)

    with pytest.raises(ValidationError) as refusal:
        request(coordinator, grant=grant)

    assert list(refusal.value.message_dict) == ["grant"]


def test_age_bands_are_those_of_the_grant(coordinator, house):
    bands = AgeBandSet.objects.get(pk="unicef")
    grant = factories.GrantFactory(organization=house, age_band_set_id="unicef", starts_on=FIRST)
    report = request(coordinator, grant=grant)

    actions.compute_report(report, lambda: True)

    report.refresh_from_db()
    told = {column for _, column, _ in report.figures["IRC-01"]["by"]["sex_age"]}
    assert told == {*(band.label for band in bands.bands.all()), "unknown"}


# Trying again


def test_failed_report_is_counted_again(coordinator, house):
    report = FailedReportFactory(organization=house)

    actions.retry_report(report, actor=coordinator)

    report.refresh_from_db()
    assert report.state == Report.State.QUEUED
    assert OutboxJob.objects.get().args == {"report_id": str(report.pk)}
    assert audit() == [("retry_report", str(report.pk))]


def test_report_that_waits_or_is_finished_is_not_counted_again(coordinator, house):
    reports = [request(coordinator), FinishedReportFactory(organization=house, version=2)]

    for report in reports:
        with pytest.raises(ValidationError):
            actions.retry_report(report, actor=coordinator)

    assert OutboxJob.objects.count() == 1


def test_report_whose_job_was_given_up_is_counted_again(coordinator):
    report = request(coordinator)
    Report.objects.update(state=Report.State.RUNNING)
    OutboxJob.objects.update(state=OutboxJob.State.DEAD)

    actions.retry_report(report, actor=coordinator)

    report.refresh_from_db()
    assert report.state == Report.State.QUEUED
    assert OutboxJob.objects.filter(state=OutboxJob.State.NEW).count() == 1


def test_colleague_without_the_function_does_not_try_again(director, house):
    report = FailedReportFactory(organization=house)

    with pytest.raises(PermissionDenied):
        actions.retry_report(report, actor=director)

    report.refresh_from_db()
    assert report.has_failed


# Releasing


def test_release_says_who_and_when(coordinator, house):
    report = FinishedReportFactory(organization=house)

    actions.release_report(report, actor=coordinator)

    report.refresh_from_db()
    assert (report.released_by, report.released_at is not None) == (coordinator, True)
    assert audit() == [("release_report", str(report.pk))]


def test_report_is_released_once(coordinator, house):
    report = ReleasedReportFactory(organization=house)
    released_at = report.released_at

    with pytest.raises(ValidationError, match="already"):
        actions.release_report(report, actor=coordinator)

    report.refresh_from_db()
    assert report.released_at == released_at


@pytest.mark.parametrize("make", [ReportFactory, FailedReportFactory])
def test_unfinished_report_is_not_released(coordinator, house, make):
    report = make(organization=house)

    with pytest.raises(ValidationError, match="finished"):
        actions.release_report(report, actor=coordinator)

    report.refresh_from_db()
    assert report.released_at is None


def test_report_that_no_donor_may_open_is_not_released(coordinator, house):
    report = FinishedReportFactory(organization=house, template=template_of_nobody())

    with pytest.raises(ValidationError, match="donor"):
        actions.release_report(report, actor=coordinator)


def test_colleague_without_the_function_releases_nothing(director, house):
    report = FinishedReportFactory(organization=house)

    with pytest.raises(PermissionDenied):
        actions.release_report(report, actor=director)

    report.refresh_from_db()
    assert report.released_at is None


# Two people at once


def at_once(verb, times):
    """Say a verb so often at the same moment; what came of each."""
    start, outcomes = Barrier(times), []

    def run():
        start.wait()
        try:
            with transaction.atomic():
                outcomes.append(verb())
        except ValidationError as error:
            outcomes.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_four_requests_at_once_are_four_versions(coordinator):
    reports = at_once(lambda: request(coordinator), 4)

    assert sorted(report.version for report in reports) == [1, 2, 3, 4]


@pytest.mark.django_db(transaction=True)
def test_two_releases_at_once_are_one(coordinator, house):
    report = FinishedReportFactory(organization=house)

    outcomes = at_once(lambda: actions.release_report(report, actor=coordinator), 2)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Report", "ValidationError"]
    assert audit() == [("release_report", str(report.pk))]
