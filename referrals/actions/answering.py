"""What the receiver says first: received, a question, and the answer."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from casework.actions.days import check_not_over
from directory.models import DeclineReason
from referrals.actions.moving import lock_for, move
from referrals.models import Referral
from referrals.states import Side, Verb

NAME_IT = _("Name the service, so that the sender can go on today.")


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
    appointment_at: datetime | None = None,
    comment: str = "",
    version: int | None = None,
) -> Referral:
    """Take the referral on; this opens who the person is, as far as she agreed.

    `contact` is whom the sender can call, the answering user herself when empty. Raises
    PermissionDenied, or ValidationError, code `answered`, when somebody answered before.
    """
    referral = lock_for(referral, Verb.ACCEPT, Side.RECEIVER, actor=actor, version=version)
    check_appointment(appointment_at)
    return move(
        referral,
        Verb.ACCEPT,
        Side.RECEIVER,
        actor=actor,
        comment=comment,
        contact=contact.strip() or actor.name,
        appointment_at=appointment_at,
    )


def check_appointment(at: datetime | None) -> None:
    """Raises ValidationError for a day that is over."""
    check_not_over("appointment_at", timezone.localdate(at) if at else None)


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
        raise ValidationError({"other_service": NAME_IT})
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
def redirect_referral(
    referral: Referral,
    *,
    other_service: str,
    actor: User,
    comment: str = "",
    version: int | None = None,
) -> Referral:
    """Name who can help instead; the sender asks the client again before anything goes there.

    Raises PermissionDenied, ValidationError.
    """
    referral = lock_for(referral, Verb.REDIRECT, Side.RECEIVER, actor=actor, version=version)
    if not other_service.strip():
        raise ValidationError({"other_service": NAME_IT})
    return move(
        referral,
        Verb.REDIRECT,
        Side.RECEIVER,
        actor=actor,
        comment=comment,
        other_service=other_service.strip(),
    )


@transaction.atomic
def ask_for_information(
    referral: Referral, *, comment: str, actor: User, version: int | None = None
) -> Referral:
    """Ask for what is missing to answer. Raises PermissionDenied, ValidationError."""
    referral = lock_for(
        referral, Verb.NEED_INFORMATION, Side.RECEIVER, actor=actor, version=version
    )
    if not comment.strip():
        raise ValidationError({"comment": _("Write what you need to know.")})
    return move(referral, Verb.NEED_INFORMATION, Side.RECEIVER, actor=actor, comment=comment)


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
    appointment_at: datetime | None = None,
) -> Referral:
    """Accept, decline, ask or point elsewhere, as one form asks it. Raises as the verbs do."""
    match answer:
        case Verb.ACCEPT:
            return accept_referral(
                referral,
                contact=contact,
                appointment_at=appointment_at,
                comment=comment,
                actor=actor,
            )
        case Verb.NEED_INFORMATION:
            return ask_for_information(referral, comment=comment, actor=actor)
        case Verb.REDIRECT:
            return redirect_referral(
                referral, other_service=other_service, comment=comment, actor=actor
            )
    return decline_referral(
        referral,
        decline_reason=decline_reason,
        other_service=other_service,
        comment=comment,
        actor=actor,
    )
