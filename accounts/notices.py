"""Tell somebody who works here that there is something to look at, without saying what."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Notice, User
from accounts.outbox import enqueue

# What each code says. Neutral on purpose: it may stand on a screen that others see. No names, no
# topics, no numbers of people; what it leads to is guarded where it leads.
CODES: dict[str, Promise | str] = {
    "access_own": _("Somebody gave herself access to a case."),
    "anomaly": _("Something unusual happened. Have a look."),
    "audit_broken": _("The trail does not fit its seals. Look at it today."),
    "conflict_declared": _("Somebody may not see one of your cases any more."),
    "deadline_near": _("A deadline is close."),
    "deadline_runs": _("A task has a deadline."),
    "decision_discussed": _("A supervisor would like to talk something over with you."),
    "decision_to_review": _("A decision waits for a second look."),
    "email_changed": _("The address of your account changed."),
    "emergency_asked": _("Somebody asked for emergency access."),
    "emergency_opened": _("Your emergency access is open."),
    "emergency_overdue": _("A review of emergency access is late."),
    "emergency_reviewed": _("Your emergency access was looked at."),
    "erasure_soon": _("A record will be erased soon."),
    "export_ready": _("An export is ready."),
    "export_refused": _("An export was refused."),
    "export_waiting": _("An export waits for your decision."),
    "factor_changed": _("A way to sign in to your account changed."),
    "factor_reset": _("Your ways to sign in were reset."),
    "factor_reset_started": _("Somebody began to reset your ways to sign in."),
    "incident_reported": _("An incident was reported."),
    "factor_reset_waiting": _("A lost second step waits for your word."),
    "invitation_accepted": _("Somebody you invited has signed in."),
    "invitation_agreed": _("A second person agreed to an invitation of yours."),
    "invitation_waiting": _("An invitation waits for your word."),
    "match_found": _("Something may have been found. Have a look."),
    "merge_refused": _("Two records were not merged. Look at them again."),
    "new_device": _("You signed in on a device that is new to us."),
    "password_changed": _("Your password was changed."),
    "records_due": _("Records are due for a decision."),
    "procedure_late": _("Something you follow is late. Have a look."),
    "recovery_code_used": _("A recovery code of yours was used."),
    "inbox_moved": _("There is news in your inbox."),
    "refusal_to_review": _("A refusal waits for you."),
    "referral_moved": _("There is news from somebody you asked."),
    "referral_waits": _("Something you began waits for you."),
    "referral_silent": _("An answer is late."),
    "referral_disagreement": _("Two sides say different things. Have a look."),
    "report_waiting": _("A report waits for you."),
    "role_changed": _("Your roles changed."),
    "sessions_ended": _("Your sessions were ended."),
    "step_late": _("Something is late. Look at what waits today."),
    "supervisor_needed": _("Somebody asks for you today. Have a look."),
    "task_due": _("You have a task that is due."),
    "task_given": _("Somebody gave you a task."),
    "unfinished_sign_in": _("Somebody knew your password and stopped at the second step."),
}
# What is told at once, in quiet hours too.
URGENT = {
    "audit_broken",
    "emergency_asked",
    "factor_reset_started",
    "incident_reported",
    "new_device",
    "recovery_code_used",
    "supervisor_needed",
}
UNKNOWN = _("There is something to look at.")


def notify(
    users: Iterable[User], code: str, *, url_name: str = "", object_id: UUID | str = ""
) -> None:
    """One notice for each of them, in the caller's transaction. `code` is a word of CODES.

    Who wants to be told by mail or in a browser as well is told so afterwards, in fewer messages
    than there are notices (`accounts.actions.telling`); of what is urgent at once.
    """
    made = Notice.objects.bulk_create(
        Notice(user=user, code=code, url_name=url_name, object_id=str(object_id))
        for user in {user.pk: user for user in users}.values()
    )
    if made and code in URGENT:
        enqueue("notice_urgent", key=str(made[0].pk))


class Line(NamedTuple):
    """A notice as the page shows it; `url` is empty where it leads nowhere any more."""

    pk: UUID
    said: Any
    at: datetime
    is_read: bool
    url: str


def lines(notices: Iterable[Notice]) -> list[Line]:
    return [
        Line(each.pk, said(each.code), each.at, each.read_at is not None, _address(each))
        for each in notices
    ]


def said(code: str) -> Promise | str:
    return CODES.get(code, UNKNOWN)


def _address(notice: Notice) -> str:
    if not notice.url_name:
        return ""
    arguments = [notice.object_id] if notice.object_id else []
    try:
        return reverse(notice.url_name, args=arguments)
    except NoReverseMatch:
        return ""
