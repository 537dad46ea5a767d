"""How a referral's state and its steps look: one mark each, the same on both sides."""

from django import template

from referrals.models import Referral, ReferralStep
from referrals.states import State, Verb

register = template.Library()

# Kind of tag and icon.
STATES = {
    State.DRAFT: ("line", "pencil"),
    State.SENT: ("info", "send"),
    State.RECEIVED: ("info", "circle-half-2"),
    State.ACCEPTED: ("ok", "check"),
    State.DECLINED: ("", "ban"),
    State.STARTED: ("brand", "walk"),
    State.DELIVERED: ("ok", "circle-check"),
    State.RECALLED: ("", "arrow-back-up"),
    State.CLOSED: ("", "archive"),
}
# Icon and kind of dot.
STEPS = {
    Verb.SEND: ("send", "info"),
    Verb.RECEIVE: ("circle-half-2", "info"),
    Verb.ACCEPT: ("check", "ok"),
    Verb.DECLINE: ("ban", ""),
    Verb.START: ("walk", "brand"),
    Verb.DELIVER: ("circle-check", "ok"),
    Verb.RECALL: ("arrow-back-up", ""),
    Verb.CLOSE: ("archive", ""),
}
URGENCIES = {
    Referral.Urgency.EMERGENCY.value: ("danger", "urgent"),
    Referral.Urgency.URGENT.value: ("warn", "clock"),
    Referral.Urgency.NORMAL.value: ("line", ""),
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
        reason = Referral.RecallReason(step.reason).label
    comment = step.comment if reads_story else ""
    return {"step": step, "icon": icon, "kind": kind, "reason": reason, "comment": comment}
