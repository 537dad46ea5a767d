"""The one way a referral changes its state; every verb goes through here."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import stale
from accounts.audit import record
from accounts.models import User
from accounts.outbox import enqueue
from casework.actions import record_case_event
from casework.actions.access import require_may_write
from casework.models import Case, CaseEvent
from referrals import clocks, states
from referrals.models import Referral, ReferralStep
from referrals.states import Side, Step, Verb

Code = CaseEvent.Code
EVENTS = {
    Verb.CONSENT: Code.REFERRAL_READY,
    Verb.REVISE: Code.REFERRAL_REVISED,
    Verb.SEND: Code.REFERRAL_SENT,
    Verb.RECEIVE: Code.REFERRAL_RECEIVED,
    Verb.NEED_INFORMATION: Code.REFERRAL_ASKS,
    Verb.INFORM: Code.REFERRAL_INFORMED,
    Verb.ACCEPT: Code.REFERRAL_ACCEPTED,
    Verb.DECLINE: Code.REFERRAL_DECLINED,
    Verb.REDIRECT: Code.REFERRAL_REDIRECTED,
    Verb.REVIEW: Code.REFERRAL_REVIEWED,
    Verb.START: Code.REFERRAL_STARTED,
    Verb.DELIVER: Code.REFERRAL_DELIVERED,
    Verb.NO_SHOW: Code.REFERRAL_NO_SHOW,
    Verb.REBOOK: Code.REFERRAL_REBOOKED,
    Verb.CLIENT_DECLINED: Code.REFERRAL_NOT_WANTED,
    Verb.UNREACHABLE: Code.REFERRAL_UNREACHABLE,
    Verb.MOVED_ON: Code.REFERRAL_MOVED_ON,
    Verb.MISSING: Code.REFERRAL_MISSING,
    Verb.MESSAGE: Code.REFERRAL_MESSAGE,
    Verb.CLIENT_SAYS: Code.REFERRAL_CLIENT_SAYS,
    Verb.RECALL: Code.REFERRAL_RECALLED,
    Verb.DELETED: Code.REFERRAL_DELETED,
    Verb.CLOSE: Code.REFERRAL_CLOSED,
}
# What was written down when; a moment that is known keeps its time.
MOMENTS: dict[Verb, tuple[str, ...]] = {
    Verb.SEND: ("sent_at",),
    Verb.RECEIVE: ("received_at",),
    Verb.NEED_INFORMATION: ("received_at",),
    # Who answers has received; an earlier receipt keeps its time.
    Verb.ACCEPT: ("received_at", "answered_at"),
    Verb.DECLINE: ("received_at", "answered_at"),
    Verb.REDIRECT: ("received_at", "answered_at"),
    Verb.REVIEW: ("reviewed_at",),
    Verb.START: ("started_at",),
    # Help given in one go has started as well.
    Verb.DELIVER: ("started_at", "delivered_at"),
    **dict.fromkeys(states.LOSSES, ("ended_at",)),
    Verb.RECALL: ("ended_at",),
    Verb.DELETED: ("deleted_at",),
    Verb.CLOSE: ("ended_at",),
}
ANSWERS = {Verb.ACCEPT, Verb.DECLINE, Verb.REDIRECT}
# Said inside the house while it prepares; the other side has nothing of it.
QUIET = {Verb.CONSENT, Verb.REVISE, Verb.REVIEW}


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
    seen = Referral.objects.visible_to(actor, side)
    if verb == Verb.DELETED:
        seen = Referral.objects.recalled_from(actor)
    if not may_say(actor, verb, side) or not seen.filter(pk=referral.pk).exists():
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
    if verb in states.ONCE and getattr(referral, MOMENTS[verb][0]) is not None:
        raise ValidationError(_("Somebody said this already."), code="answered")
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
    channel: str = ReferralStep.Channel.ACCOUNT,
    said_by: str = "",
    **changes: Any,
) -> Referral:
    """Make one step on a locked referral, with its trace, its audit row and its timeline line.

    `changes` are fields of the referral. The other side is told afterwards, by the outbox.
    Raises ValidationError.
    """
    step, now = step_from(referral, verb, side), timezone.now()
    for name in MOMENTS.get(verb, ()):
        setattr(referral, name, getattr(referral, name) or now)
    for name, value in changes.items():
        setattr(referral, name, value)
    referral.state = Referral.State(step.target)
    referral.version += 1
    if step.source != step.target:
        wind(referral, now)
    # A receiver speaks too, who sees no case and, of what was taken back, no consent.
    referral.full_clean(exclude={"case", "consent", "previous"})
    referral.save()
    trace = ReferralStep(
        referral=referral,
        data_key=referral.data_key,
        verb=verb.value,
        from_state=step.source.value,
        to_state=step.target.value,
        at=now,
        side=side.value,
        channel=channel,
        actor=actor,
        reason=reason,
        said_by=said_by.strip(),
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
    if verb not in QUIET:
        enqueue("referral_moved", key=str(trace.pk), step=trace.pk)
    return referral


def wind(referral: Referral, at: datetime) -> None:
    """Set the clock for where the referral stands now; the ladder begins at its foot."""
    seen = clocks.Moments(
        referral.state, referral.urgency, at, referral.due_at, referral.appointment_at
    )
    referral.rung, referral.next_check_at = 0, clocks.first_check(seen)
