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
from referrals.actions.moving import may_say
from referrals.actions.overdue import mark_overdue_referrals
from referrals.actions.sending import (
    narrow_referrals_of_consent,
    recall_referral,
    recall_referrals_of_consent,
    send_referral,
)

__all__ = [
    "accept_referral",
    "answer_referral",
    "change_referral",
    "choose_service",
    "close_referral",
    "decline_referral",
    "deliver_referral",
    "draft_referral",
    "mark_overdue_referrals",
    "may_draft_referral",
    "may_say",
    "narrow_referrals_of_consent",
    "recall_referral",
    "recall_referrals_of_consent",
    "receive_referral",
    "report_progress",
    "require_story",
    "send_referral",
    "start_referral",
]
