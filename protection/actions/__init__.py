"""Verbs of data protection."""

from protection.actions.anomalies import find_anomalies, review_anomaly
from protection.actions.erasure import apply_ledger, check_ledger, erase
from protection.actions.holds import check_holds, lift_hold, place_hold
from protection.actions.packages import give_access_package, package_content
from protection.actions.registers import (
    answer_person_request,
    change_breach,
    close_breach,
    decide_authority_request,
    end_agreement,
    extend_person_request,
    record_agreement,
    record_authority_request,
    record_person_request,
    report_breach,
)
from protection.actions.requests import (
    begin_erasure,
    confirm_erasure,
    erase_due,
    stop_erasure,
    tell,
    warn_of_erasures,
)
from protection.actions.retention import (
    confirm_due,
    keep_due,
    keep_time,
    list_due,
    sweep_notices,
)

__all__ = [
    "answer_person_request",
    "apply_ledger",
    "begin_erasure",
    "change_breach",
    "check_holds",
    "check_ledger",
    "close_breach",
    "confirm_due",
    "confirm_erasure",
    "decide_authority_request",
    "end_agreement",
    "erase",
    "erase_due",
    "extend_person_request",
    "find_anomalies",
    "give_access_package",
    "keep_due",
    "keep_time",
    "lift_hold",
    "list_due",
    "package_content",
    "place_hold",
    "record_agreement",
    "record_authority_request",
    "record_person_request",
    "report_breach",
    "review_anomaly",
    "stop_erasure",
    "sweep_notices",
    "tell",
    "warn_of_erasures",
]
