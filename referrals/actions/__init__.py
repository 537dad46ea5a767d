"""Verbs: what happens to a referral. The only code that writes one."""

from referrals.actions.answering import (
    accept_referral,
    answer_referral,
    close_referral,
    decline_referral,
    deliver_referral,
    receive_referral,
    report_progress,
    start_referral,
)
from referrals.actions.drafting import (
    change_referral,
    choose_service,
    draft_referral,
    may_draft_referral,
    require_story,
)
from referrals.actions.identification import (
    BY_OWN_VERB,
    begin_identification,
    bodies_for,
    bodies_that,
    may_record_identification,
    record_procedure_step,
    require_to_record,
)
from referrals.actions.late_steps import remind_of_procedures
from referrals.actions.moving import may_say
from referrals.actions.overdue import mark_overdue_referrals
from referrals.actions.sending import (
    narrow_referrals_of_consent,
    recall_referral,
    recall_referrals_of_consent,
    send_referral,
)
from referrals.actions.suspicion import report_suspicion

__all__ = [
    "BY_OWN_VERB",
    "accept_referral",
    "answer_referral",
    "begin_identification",
    "bodies_for",
    "bodies_that",
    "change_referral",
    "choose_service",
    "close_referral",
    "decline_referral",
    "deliver_referral",
    "draft_referral",
    "mark_overdue_referrals",
    "may_draft_referral",
    "may_record_identification",
    "may_say",
    "narrow_referrals_of_consent",
    "recall_referral",
    "recall_referrals_of_consent",
    "receive_referral",
    "record_procedure_step",
    "remind_of_procedures",
    "report_progress",
    "report_suspicion",
    "require_story",
    "require_to_record",
    "send_referral",
    "start_referral",
]
