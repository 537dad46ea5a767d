"""Verbs: what happens to a referral. The only code that writes one."""

from referrals.actions.accompaniment import may_record_accompaniment, record_accompaniment
from referrals.actions.answering import (
    accept_referral,
    answer_referral,
    ask_for_information,
    decline_referral,
    receive_referral,
    redirect_referral,
)
from referrals.actions.drafting import (
    change_referral,
    choose_service,
    draft_referral,
    may_draft_referral,
    require_story,
    revise_referrals_of_consent,
)
from referrals.actions.following import (
    follow_referral,
    record_client_word,
    review_refusal,
)
from referrals.actions.identification import (
    BY_OWN_VERB,
    begin_identification,
    bodies_for,
    bodies_that,
    correct_procedure_step,
    may_record_identification,
    record_procedure_step,
    require_to_record,
)
from referrals.actions.late_steps import remind_of_procedures
from referrals.actions.moving import (
    may_say,
)
from referrals.actions.overdue import (
    mark_overdue_referrals,
)
from referrals.actions.overriding import may_review_override, override_consent, review_override
from referrals.actions.progress import (
    close_referral,
    confirm_deletion,
    deliver_referral,
    rebook_referral,
    report_progress,
    start_referral,
    tell_loss,
    tell_no_show,
    write_message,
)
from referrals.actions.reminding import remind_of_referrals
from referrals.actions.sending import (
    narrow_referrals_of_consent,
    recall_referral,
    recall_referrals_of_consent,
    send_referral,
)
from referrals.actions.suspicion import report_suspicion
from referrals.actions.telling import (
    tell_of_step,
)
from referrals.actions.unmet_need import (
    count_unmet_need,
    may_record_unmet_need,
    record_unmet_need,
)

__all__ = [
    "BY_OWN_VERB",
    "accept_referral",
    "answer_referral",
    "ask_for_information",
    "begin_identification",
    "bodies_for",
    "bodies_that",
    "change_referral",
    "choose_service",
    "close_referral",
    "confirm_deletion",
    "correct_procedure_step",
    "count_unmet_need",
    "decline_referral",
    "deliver_referral",
    "draft_referral",
    "follow_referral",
    "mark_overdue_referrals",
    "may_draft_referral",
    "may_record_accompaniment",
    "may_record_identification",
    "may_record_unmet_need",
    "may_review_override",
    "may_say",
    "narrow_referrals_of_consent",
    "override_consent",
    "rebook_referral",
    "recall_referral",
    "recall_referrals_of_consent",
    "receive_referral",
    "record_accompaniment",
    "record_client_word",
    "record_procedure_step",
    "record_unmet_need",
    "redirect_referral",
    "remind_of_procedures",
    "remind_of_referrals",
    "report_progress",
    "report_suspicion",
    "require_story",
    "require_to_record",
    "review_override",
    "review_refusal",
    "revise_referrals_of_consent",
    "send_referral",
    "start_referral",
    "tell_loss",
    "tell_no_show",
    "tell_of_step",
    "write_message",
]
