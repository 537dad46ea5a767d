"""Have a report counted, try it again, release it."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import OutboxJob, User
from accounts.outbox import enqueue
from directory.models import Grant
from reports.models import Report, ReportTemplate

LONGEST_PERIOD_DAYS = 366 * 12
REQUESTED = "report_requested"


def may_request_report(user: User) -> bool:
    return user.has_perm("reports.request_report")


def may_see_exact(user: User, report: Report) -> bool:
    """Exact figures stay in the house that they are about."""
    return (
        user.has_perm("reports.view_exact_figures")
        and report.organization_id == user.organization_id
    )


@transaction.atomic
def request_report(
    *,
    template: ReportTemplate,
    starts_on: date,
    ends_before: date,
    actor: User,
    grant: Grant | None = None,
) -> Report:
    """Ask for a report; a worker counts it. The same one again becomes the next version.

    Raises PermissionDenied, ValidationError.
    """
    if not may_request_report(actor):
        raise PermissionDenied
    _check_period(starts_on, ends_before)
    if grant is not None:
        _check_grant(grant, template, actor)
        _check_time(grant, starts_on, ends_before)
    # One request at a time gets the next number.
    ReportTemplate.objects.select_for_update().get(pk=template.pk)
    same = Report.objects.filter(
        template=template,
        organization=actor.organization_id,
        grant=grant,
        starts_on=starts_on,
        ends_before=ends_before,
    )
    report = Report(
        template=template,
        organization=actor.organization,
        grant=grant,
        starts_on=starts_on,
        ends_before=ends_before,
        version=(same.aggregate(last=Max("version"))["last"] or 0) + 1,
        requested_by=actor,
    )
    report.full_clean()
    report.save()
    record(actor, "request_report", report)
    enqueue(REQUESTED, key=f"{report.pk}:1", report_id=report.pk)
    return report


def _check_period(starts_on: date, ends_before: date) -> None:
    if starts_on > timezone.localdate():
        raise ValidationError({"starts_on": _("This period has not begun yet.")})
    if (ends_before - starts_on).days > LONGEST_PERIOD_DAYS:
        raise ValidationError({"starts_on": _("A report covers twelve years at most.")})


def _check_grant(grant: Grant, template: ReportTemplate, actor: User) -> None:
    if grant.organization_id != actor.organization_id:
        raise ValidationError({"grant": _("This grant belongs to another organization.")})
    if template.donor_id is not None and grant.donor_id != template.donor_id:
        raise ValidationError({"grant": _("This grant comes from another donor than the report.")})


def _check_time(grant: Grant, starts_on: date, ends_before: date) -> None:
    if not (grant.starts_on < ends_before and starts_on <= grant.ends_on):
        raise ValidationError({"grant": _("This grant did not run in that period.")})


def is_given_up(report: Report) -> bool:
    """Whether nobody counts it any more: it failed, or its job was tried too often. One query.

    A worker that is killed each time leaves nobody who could say that the report failed.
    """
    if not report.is_waiting:
        return report.has_failed
    open_states = (OutboxJob.State.NEW, OutboxJob.State.SENT)
    jobs = OutboxJob.objects.filter(event=REQUESTED, args={"report_id": str(report.pk)})
    return not jobs.filter(state__in=open_states).exists()


@transaction.atomic
def retry_report(report: Report, *, actor: User) -> Report:
    """Have a report counted again that failed or was given up.

    Raises PermissionDenied, ValidationError.
    """
    if not may_request_report(actor):
        raise PermissionDenied
    report = Report.objects.select_for_update().get(pk=report.pk)
    if not is_given_up(report):
        raise ValidationError(_("Only a report that failed is counted again."))
    report.state, report.counted = Report.State.QUEUED, 0
    report.save(update_fields=["state", "counted"])
    record(actor, "retry_report", report)
    enqueue(REQUESTED, key=f"{report.pk}:{timezone.now():%Y%m%d%H%M%S%f}", report_id=report.pk)
    return report


def may_release_report(user: User) -> bool:
    return user.has_perm("reports.release_report")


@transaction.atomic
def release_report(report: Report, *, actor: User) -> Report:
    """Let the donor see the protected figures. Raises PermissionDenied, ValidationError."""
    if not may_release_report(actor):
        raise PermissionDenied
    report = (
        Report.objects.select_for_update(of=("self",)).select_related("template").get(pk=report.pk)
    )
    if report.template.donor_id is None:
        raise ValidationError(_("This report has no donor who could open it."))
    if not report.is_done:
        raise ValidationError(_("Only a finished report can be released."))
    if report.released_at is not None:
        raise ValidationError(_("This report was released already."))
    report.released_at, report.released_by = timezone.now(), actor
    report.save(update_fields=["released_at", "released_by"])
    record(actor, "release_report", report)
    return report
