"""What the coordinator told the donor: a report of the last quarter, and a released one before."""

from datetime import date

from accounts.models import User
from directory.models import Grant
from reports import actions
from reports.models import Report, ReportTemplate


def tell(until: date) -> None:
    """Two reports, counted and released by the code that the pages use."""
    coordinator = User.objects.get(username="coordinator")
    template = ReportTemplate.objects.get(code="irc", is_current=True)
    grant = Grant.objects.get(code="AT-2")
    this_quarter = quarter_of(until)
    last, before = quarter_before(this_quarter), quarter_before(quarter_before(this_quarter))
    earlier = _count(coordinator, template, grant, before, last)
    actions.release_report(earlier, actor=coordinator)
    _count(coordinator, template, grant, last, this_quarter)


def _count(
    actor: User, template: ReportTemplate, grant: Grant, starts_on: date, ends_before: date
) -> Report:
    report = actions.request_report(
        template=template, grant=grant, starts_on=starts_on, ends_before=ends_before, actor=actor
    )
    # The job in the outbox finds it done.
    actions.compute_report(report, settle=lambda: True)
    return Report.objects.get(pk=report.pk)


def quarter_of(day: date) -> date:
    """The first day of the quarter in which a day lies."""
    return date(day.year, day.month - (day.month - 1) % 3, 1)


def quarter_before(first: date) -> date:
    return quarter_of(date.fromordinal(first.toordinal() - 1))
