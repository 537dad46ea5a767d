"""The one way a referral changes its state; every verb goes through here."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import stale
from accounts.audit import record
from accounts.models import User
from casework.actions import record_case_event
from casework.actions.access import require_may_write
from casework.models import Case, CaseEvent
from referrals import states
from referrals.models import Referral, ReferralStep
from referrals.states import Side, Step, Verb

EVENTS = {
    Verb.SEND: CaseEvent.Code.REFERRAL_SENT,
    Verb.RECEIVE: CaseEvent.Code.REFERRAL_RECEIVED,
    Verb.ACCEPT: CaseEvent.Code.REFERRAL_ACCEPTED,
    Verb.DECLINE: CaseEvent.Code.REFERRAL_DECLINED,
    Verb.START: CaseEvent.Code.REFERRAL_STARTED,
    Verb.DELIVER: CaseEvent.Code.REFERRAL_DELIVERED,
    Verb.RECALL: CaseEvent.Code.REFERRAL_RECALLED,
    Verb.CLOSE: CaseEvent.Code.REFERRAL_CLOSED,
}
MOMENTS = {
    Verb.SEND: ("sent_at",),
    Verb.RECEIVE: ("received_at",),
    # Who answers has received; an earlier receipt keeps its time.
    Verb.ACCEPT: ("received_at", "answered_at"),
    Verb.DECLINE: ("received_at", "answered_at"),
    Verb.START: ("started_at",),
    Verb.DELIVER: ("delivered_at",),
    Verb.RECALL: ("ended_at",),
    Verb.CLOSE: ("ended_at",),
}
ANSWERS = {Verb.ACCEPT, Verb.DECLINE}


def may_say(user: User, verb: Verb, side: Side) -> bool:
    """Whether a user's roles let her say this verb for this side."""
    return user.has_perm(states.PERMISSIONS[side, verb])


def lock(referral: Referral) -> Referral:
    """The referral as it is now, and nobody changes it before this transaction ends."""
    rows = Referral.objects.select_for_update(of=("self",))
    return rows.select_related("consent", "data_key").get(pk=referral.pk)


def lock_for(
    referral: Referral, verb: Verb, side: Side, *, actor: User, version: int | None
) -> Referral:
    """Guard, lock and state of a verb.

    Raises PermissionDenied, or ValidationError when the table has no such step from here (code
    `answered` or `stale`) or the caller knew another version (code `stale`).
    """
    visible = Referral.objects.visible_to(actor, side).filter(pk=referral.pk)
    if not may_say(actor, verb, side) or not visible.exists():
        raise PermissionDenied
    if side == Side.SENDER:
        require_may_write(Case(pk=referral.case_id), actor)
    referral = lock(referral)
    step_from(referral, verb, side)
    if version is not None:
        stale(version, referral.version)
    return referral


def step_from(referral: Referral, verb: Verb, side: Side) -> Step:
    """The step a verb makes from where the referral stands. Raises ValidationError."""
    step = states.step_for(referral.state, verb, side)
    if step is not None:
        return step
    if verb in ANSWERS and referral.answered_at is not None:
        raise ValidationError(_("This referral has already been answered."), code="answered")
    raise ValidationError(
        _("Nothing was changed. This referral now stands at: %(state)s."),
        code="stale",
        params={"state": referral.get_state_display()},
    )


def move(
    referral: Referral,
    verb: Verb,
    side: Side,
    *,
    actor: User | None,
    reason: str = "",
    comment: str = "",
    **changes: Any,
) -> Referral:
    """Make a step with a locked referral: set, check, save, and leave the traces.

    `changes` are fields of the referral. Raises ValidationError.
    """
    step, now = step_from(referral, verb, side), timezone.now()
    for name in MOMENTS[verb]:
        setattr(referral, name, getattr(referral, name) or now)
    for name, value in changes.items():
        setattr(referral, name, value)
    referral.state = Referral.State(step.target)
    referral.version += 1
    # A receiver speaks too, who sees no case.
    referral.full_clean(exclude={"case"})
    referral.save()
    trace = ReferralStep(
        referral=referral,
        data_key=referral.data_key,
        verb=verb.value,
        from_state=step.source.value,
        to_state=step.target.value,
        at=now,
        actor=actor,
        reason=reason,
        comment=comment.strip(),
    )
    trace.full_clean()
    trace.save()
    record(actor, f"{verb}_referral", referral, case_id=referral.case_id, note=reason)
    record_case_event(
        Case(pk=referral.case_id),
        EVENTS[verb],
        actor=actor,
        url_name="referrals:detail",
        object_id=referral.pk,
    )
    return referral
