"""Verbs of casework: the only code that writes its tables."""

from casework.actions.access import end_access, give_access
from casework.actions.cases import (
    change_case,
    close_case,
    open_case,
    record_case_event,
    reopen_case,
    touch_case,
    write_note,
)
from casework.actions.consents import record_consent, withdraw_consent
from casework.actions.files import add_file, open_file, remove_file
from casework.actions.livelihood import (
    attend_income_activity,
    end_income_activity,
    start_income_activity,
)
from casework.actions.people import (
    change_person,
    record_identity,
    register_person,
    show_identity,
)
from casework.actions.services import change_service, deliver_service
from casework.actions.statuses import record_trafficking_status
from casework.actions.visits import (
    change_visit,
    receive_visitor,
    record_headcount,
    record_visit,
)

__all__ = [
    "add_file",
    "attend_income_activity",
    "change_case",
    "change_person",
    "change_service",
    "change_visit",
    "close_case",
    "deliver_service",
    "end_access",
    "end_income_activity",
    "give_access",
    "open_case",
    "open_file",
    "receive_visitor",
    "record_case_event",
    "record_consent",
    "record_headcount",
    "record_identity",
    "record_trafficking_status",
    "record_visit",
    "register_person",
    "remove_file",
    "reopen_case",
    "show_identity",
    "start_income_activity",
    "touch_case",
    "withdraw_consent",
    "write_note",
]
