"""How a requested report comes to be counted."""

from collections.abc import Callable

from accounts.outbox import answers
from reports import actions
from reports.models import Report


@answers("report_requested", atomic=False)
def count_report(*, settle: Callable[[], bool], report_id: str) -> None:
    report = Report.objects.select_related("template", "grant").get(pk=report_id)
    actions.compute_report(report, settle)
