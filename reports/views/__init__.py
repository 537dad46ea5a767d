"""Reports and studies at the door."""

from reports.views.reports import download, new, progress, release, report, reports, retry
from reports.views.studies import propose_change, studies, study

__all__ = [
    "download",
    "new",
    "progress",
    "propose_change",
    "release",
    "report",
    "reports",
    "retry",
    "studies",
    "study",
]
