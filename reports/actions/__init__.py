"""Verbs of the loft: the only code that writes reports and templates."""

from reports.actions.computing import compute_report
from reports.actions.handing_out import hand_out_report
from reports.actions.keeping import keep_case_counted, keep_person_counted
from reports.actions.reports import release_report, request_report, retry_report
from reports.actions.studies import compute_study, propose_from_study, request_study
from reports.actions.templates import load_template

__all__ = [
    "compute_report",
    "compute_study",
    "hand_out_report",
    "keep_case_counted",
    "keep_person_counted",
    "load_template",
    "propose_from_study",
    "release_report",
    "request_report",
    "request_study",
    "retry_report",
]
