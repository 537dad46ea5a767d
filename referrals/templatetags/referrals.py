"""How a referral's state and its steps look: one mark each, the same on both sides."""

from django import template

from referrals.models import Referral, ReferralStep
from referrals.states import State, Verb

register = template.Library()

# Kind of tag and icon.
STATES = {
    State.DRAFT: ("line", "pencil"),
    State.CONSENT: ("line", "list-check"),
    State.SENT: ("info", "send"),
    State.RECEIVED: ("info", "circle-half-2"),
    State.NEED_INFORMATION: ("warn", "help-circle"),
    State.ACCEPTED: ("ok", "check"),
    State.DECLINED: ("", "ban"),
    State.REDIRECTED: ("", "arrow-right"),
    State.STARTED: ("brand", "walk"),
    State.DELIVERED: ("ok", "circle-check"),
    State.NO_SHOW: ("warn", "circle-x"),
    State.CLIENT_DECLINED: ("", "hand-stop"),
    State.UNREACHABLE: ("warn", "phone"),
    State.MOVED_ON: ("", "walk"),
    State.MISSING: ("danger", "alert-triangle"),
    State.RECALLED: ("", "arrow-back-up"),
    State.CLOSED: ("", "archive"),
}
# Icon and kind of dot.
STEPS = {
    Verb.CONSENT: ("list-check", ""),
    Verb.REVISE: ("pencil", ""),
    Verb.SEND: ("send", "info"),
    Verb.RECEIVE: ("circle-half-2", "info"),
    Verb.NEED_INFORMATION: ("help-circle", "warn"),
    Verb.INFORM: ("message-circle", "info"),
    Verb.ACCEPT: ("check", "ok"),
    Verb.DECLINE: ("ban", ""),
    Verb.REDIRECT: ("arrow-right", ""),
    Verb.REVIEW: ("eye", ""),
    Verb.START: ("walk", "brand"),
    Verb.DELIVER: ("circle-check", "ok"),
    Verb.NO_SHOW: ("circle-x", "warn"),
    Verb.REBOOK: ("calendar", "info"),
    Verb.CLIENT_DECLINED: ("hand-stop", ""),
    Verb.UNREACHABLE: ("phone", "warn"),
    Verb.MOVED_ON: ("walk", ""),
    Verb.MISSING: ("alert-triangle", "danger"),
    Verb.MESSAGE: ("message-circle", ""),
    Verb.CLIENT_SAYS: ("user", ""),
    Verb.RECALL: ("arrow-back-up", ""),
    Verb.DELETED: ("trash", ""),
    Verb.CLOSE: ("archive", ""),
}
URGENCIES = {
    Referral.Urgency.EMERGENCY.value: ("danger", "urgent"),
    Referral.Urgency.URGENT.value: ("warn", "clock"),
    Referral.Urgency.NORMAL.value: ("line", ""),
}
# Which list the reason of a step is from.
REASONS = {
    Verb.RECALL: Referral.RecallReason,
    Verb.CLIENT_SAYS: Referral.Word,
    Verb.REVIEW: Referral.Review,
}


@register.inclusion_tag("ui/tag.html")
def state_tag(referral: Referral) -> dict[str, object]:
    kind, icon = STATES[State(referral.state)]
    return {"label": referral.get_state_display(), "kind": kind, "icon": icon}


@register.inclusion_tag("ui/tag.html")
def urgency_tag(referral: Referral) -> dict[str, object]:
    kind, icon = URGENCIES[referral.urgency]
    return {"label": referral.get_urgency_display(), "kind": kind, "icon": icon}


@register.inclusion_tag("referrals/_step.html")
def step_entry(step: ReferralStep, referral: Referral, reads_story: bool) -> dict[str, object]:
    """One line of what has happened, with its reason in words.

    What was written to the other side is part of the story.
    """
    icon, kind = STEPS[Verb(step.verb)]
    reason: object = ""
    if step.verb == Verb.DECLINE:
        reason = referral.decline_reason or ""
    elif step.reason:
        reason = REASONS[Verb(step.verb)](step.reason).label
    comment = step.comment if reads_story else ""
    return {"step": step, "icon": icon, "kind": kind, "reason": reason, "comment": comment}
