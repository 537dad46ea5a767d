"""Verbs of casework: the only code that writes its tables."""

from casework.actions.access import cover_colleague, end_access, give_access
from casework.actions.cases import (
    change_case,
    close_case,
    open_case,
    record_case_event,
    reopen_case,
    touch_case,
    write_note,
)
from casework.actions.conflicts import (
    block_user,
    declare_conflict,
    lift_block,
    seal_case,
    unseal_case,
)
from casework.actions.consents import record_consent, withdraw_consent
from casework.actions.emergency import (
    answer_emergency_access,
    ask_emergency_access,
    end_emergency_access,
    remind_of_reviews,
    review_emergency_access,
)
from casework.actions.exporting import request_list, request_original, request_transfer
from casework.actions.files import add_file, open_file, remove_file
from casework.actions.household import join_household, lead_household, leave_household
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
    "answer_emergency_access",
    "ask_emergency_access",
    "attend_income_activity",
    "block_user",
    "change_case",
    "change_person",
    "change_service",
    "change_visit",
    "close_case",
    "cover_colleague",
    "declare_conflict",
    "deliver_service",
    "end_access",
    "end_emergency_access",
    "end_income_activity",
    "give_access",
    "join_household",
    "lead_household",
    "leave_household",
    "lift_block",
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
    "remind_of_reviews",
    "remove_file",
    "reopen_case",
    "request_list",
    "request_original",
    "request_transfer",
    "review_emergency_access",
    "seal_case",
    "show_identity",
    "start_income_activity",
    "touch_case",
    "unseal_case",
    "withdraw_consent",
    "write_note",
]
