"""How a report or a study that was asked for comes to be counted."""

from collections.abc import Callable

from accounts.outbox import answers
from reports import actions
from reports.models import Report, Study


@answers("report_requested", atomic=False)
def count_report(*, settle: Callable[[], bool], report_id: str) -> None:
    report = Report.objects.select_related("template", "grant").get(pk=report_id)
    actions.compute_report(report, settle)


@answers("study_requested")
def count_study(*, study_id: str) -> None:
    actions.compute_study(Study.objects.select_related("instrument").get(pk=study_id))
