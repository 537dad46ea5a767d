"""Verbs of casework: the only code that writes its tables."""

from casework.actions.access import cover_colleague, end_access, give_access
from casework.actions.ages import choose_age, record_age
from casework.actions.best_interests import begin_step, change_child_risk, finish_step
from casework.actions.cards import end_card, issue_card, replace_card
from casework.actions.carrying_out import carry_out_merge, carry_out_undo, gather_strays
from casework.actions.cases import (
    change_case,
    close_case,
    open_case,
    reopen_case,
    write_note,
)
from casework.actions.check_ins import (
    check_in,
    check_in_family,
    check_out,
    check_out_everybody,
    end_forgotten,
    forget_hours,
    set_waiting,
)
from casework.actions.children import doubt_guardian, end_guardian, record_care, record_guardian
from casework.actions.conflicts import (
    block_user,
    declare_conflict,
    lift_block,
    seal_case,
    unseal_case,
)
from casework.actions.consent_texts import review_consent_text, write_consent_text
from casework.actions.consents import record_consent, withdraw_consent
from casework.actions.contact import record_contact_rule
from casework.actions.drafting import drop_form_draft, keep_form_draft, sweep_form_drafts
from casework.actions.emergency import (
    answer_emergency_access,
    ask_emergency_access,
    end_emergency_access,
    remind_of_reviews,
    review_emergency_access,
)
from casework.actions.events import record_case_event, record_case_events, touch_case
from casework.actions.exporting import request_list, request_original, request_transfer
from casework.actions.files import add_file, open_file, remove_file
from casework.actions.finding_twins import find_twins
from casework.actions.headcounts import Counted, record_headcount, undo_headcount
from casework.actions.household import join_household, lead_household, leave_household
from casework.actions.intake import continue_intake, end_intake, receive_in_transit
from casework.actions.interpreters import (
    block_interpreter,
    edit_interpreter,
    forget_interpreters,
    lift_interpreter_block,
)
from casework.actions.livelihood import (
    attend_income_activity,
    end_income_activity,
    start_income_activity,
)
from casework.actions.merging import compare_records, merge_people, sweep_merges, undo_merge
from casework.actions.newcomers import receive_visitor
from casework.actions.people import (
    change_person,
    record_identity,
    register_person,
    show_identity,
)
from casework.actions.relations import end_relation, keep_apart, lift_keep_apart, relate
from casework.actions.services import change_service, deliver_service
from casework.actions.statuses import record_trafficking_status
from casework.actions.talking import lift_do_not_ask, mark_do_not_ask, record_talk_wish
from casework.actions.tasks import (
    add_task,
    change_task,
    remind_of_tasks,
    set_task,
    settle_task,
)
from casework.actions.tracing import change_sought, close_sought, record_sought, settle_match
from casework.actions.twins import confirm_twin, open_ticket, settle_twin
from casework.actions.visit_rules import set_visit_rule
from casework.actions.visits import change_visit, record_visit

__all__ = [
    "Counted",
    "add_file",
    "add_task",
    "answer_emergency_access",
    "ask_emergency_access",
    "attend_income_activity",
    "begin_step",
    "block_interpreter",
    "block_user",
    "carry_out_merge",
    "carry_out_undo",
    "change_case",
    "change_child_risk",
    "change_person",
    "change_service",
    "change_sought",
    "change_task",
    "change_visit",
    "check_in",
    "check_in_family",
    "check_out",
    "check_out_everybody",
    "choose_age",
    "close_case",
    "close_sought",
    "compare_records",
    "confirm_twin",
    "continue_intake",
    "cover_colleague",
    "declare_conflict",
    "deliver_service",
    "doubt_guardian",
    "drop_form_draft",
    "edit_interpreter",
    "end_access",
    "end_card",
    "end_emergency_access",
    "end_forgotten",
    "end_guardian",
    "end_income_activity",
    "end_intake",
    "end_relation",
    "find_twins",
    "finish_step",
    "forget_hours",
    "forget_interpreters",
    "gather_strays",
    "give_access",
    "issue_card",
    "join_household",
    "keep_apart",
    "keep_form_draft",
    "lead_household",
    "leave_household",
    "lift_block",
    "lift_do_not_ask",
    "lift_interpreter_block",
    "lift_keep_apart",
    "mark_do_not_ask",
    "merge_people",
    "open_case",
    "open_file",
    "open_ticket",
    "receive_in_transit",
    "receive_visitor",
    "record_age",
    "record_care",
    "record_case_event",
    "record_case_events",
    "record_consent",
    "record_contact_rule",
    "record_guardian",
    "record_headcount",
    "record_identity",
    "record_sought",
    "record_talk_wish",
    "record_trafficking_status",
    "record_visit",
    "register_person",
    "relate",
    "remind_of_reviews",
    "remind_of_tasks",
    "remove_file",
    "reopen_case",
    "replace_card",
    "request_list",
    "request_original",
    "request_transfer",
    "review_consent_text",
    "review_emergency_access",
    "seal_case",
    "set_task",
    "set_visit_rule",
    "set_waiting",
    "settle_match",
    "settle_task",
    "settle_twin",
    "show_identity",
    "start_income_activity",
    "sweep_form_drafts",
    "sweep_merges",
    "touch_case",
    "undo_headcount",
    "undo_merge",
    "unseal_case",
    "withdraw_consent",
    "write_consent_text",
    "write_note",
]
