"""What the receiver says: received, accepted or declined, started, delivered, closed."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from directory.models import DeclineReason
from referrals.actions.moving import lock_for, move
from referrals.models import Referral
from referrals.states import Side, Verb


@transaction.atomic
def receive_referral(referral: Referral, *, actor: User, version: int | None = None) -> Referral:
    """Say that the referral has arrived. Raises PermissionDenied, ValidationError."""
    referral = lock_for(referral, Verb.RECEIVE, Side.RECEIVER, actor=actor, version=version)
    return move(referral, Verb.RECEIVE, Side.RECEIVER, actor=actor)


@transaction.atomic
def accept_referral(
    referral: Referral,
    *,
    actor: User,
    contact: str = "",
    comment: str = "",
    version: int | None = None,
) -> Referral:
    """Take the referral on; this opens who the person is, as far as she agreed.

    `contact` is whom the sender can call, the answering user herself when empty. Raises
    PermissionDenied, or ValidationError, code `answered`, when somebody answered before.
    """
    referral = lock_for(referral, Verb.ACCEPT, Side.RECEIVER, actor=actor, version=version)
    return move(
        referral,
        Verb.ACCEPT,
        Side.RECEIVER,
        actor=actor,
        comment=comment,
        contact=contact.strip() or actor.name,
    )


@transaction.atomic
def decline_referral(
    referral: Referral,
    *,
    decline_reason: DeclineReason | None,
    actor: User,
    other_service: str = "",
    comment: str = "",
    version: int | None = None,
) -> Referral:
    """Say no, with a reason of the list. Raises as `accept_referral` does."""
    referral = lock_for(referral, Verb.DECLINE, Side.RECEIVER, actor=actor, version=version)
    if decline_reason is None:
        raise ValidationError({"decline_reason": _("Choose the reason that comes closest.")})
    if decline_reason.names_other_service and not other_service.strip():
        raise ValidationError(
            {"other_service": _("Name the service, so that the sender can go on today.")}
        )
    return move(
        referral,
        Verb.DECLINE,
        Side.RECEIVER,
        actor=actor,
        reason=decline_reason.code,
        comment=comment,
        decline_reason=decline_reason,
        other_service=other_service.strip() if decline_reason.names_other_service else "",
    )


@transaction.atomic
def answer_referral(
    referral: Referral,
    *,
    answer: str,
    decline_reason: DeclineReason | None,
    other_service: str,
    contact: str,
    comment: str,
    actor: User,
) -> Referral:
    """Accept or decline, as one form asks it. Raises as the two verbs do."""
    if answer == Verb.ACCEPT:
        return accept_referral(referral, contact=contact, comment=comment, actor=actor)
    return decline_referral(
        referral,
        decline_reason=decline_reason,
        other_service=other_service,
        comment=comment,
        actor=actor,
    )


@transaction.atomic
def start_referral(
    referral: Referral, *, actor: User, comment: str = "", version: int | None = None
) -> Referral:
    """Say that the service has begun. Raises PermissionDenied, ValidationError."""
    referral = lock_for(referral, Verb.START, Side.RECEIVER, actor=actor, version=version)
    return move(referral, Verb.START, Side.RECEIVER, actor=actor, comment=comment)


@transaction.atomic
def deliver_referral(
    referral: Referral, *, actor: User, comment: str = "", version: int | None = None
) -> Referral:
    """Say that the need is met; the details close. Raises PermissionDenied, ValidationError."""
    referral = lock_for(referral, Verb.DELIVER, Side.RECEIVER, actor=actor, version=version)
    return move(referral, Verb.DELIVER, Side.RECEIVER, actor=actor, comment=comment)


@transaction.atomic
def close_referral(
    referral: Referral, *, actor: User, comment: str = "", version: int | None = None
) -> Referral:
    """End a referral from whichever side the actor is on; on both, it is the receiver who speaks.

    Raises PermissionDenied, ValidationError.
    """
    received = Referral.objects.visible_to(actor, Side.RECEIVER).filter(pk=referral.pk).exists()
    side = Side.RECEIVER if received else Side.SENDER
    referral = lock_for(referral, Verb.CLOSE, side, actor=actor, version=version)
    return move(referral, Verb.CLOSE, side, actor=actor, comment=comment)


PROGRESS = {
    Verb.START: start_referral,
    Verb.DELIVER: deliver_referral,
    Verb.CLOSE: close_referral,
}


@transaction.atomic
def report_progress(referral: Referral, *, progress: str, comment: str, actor: User) -> Referral:
    """Start, deliver or close, as one form asks it. Raises as the three verbs do."""
    return PROGRESS[Verb(progress)](referral, comment=comment, actor=actor)
