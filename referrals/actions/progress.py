"""How a referral goes on after the answer: from either side, until it is closed."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from referrals import states
from referrals.actions.answering import check_appointment, redirect_referral
from referrals.actions.moving import lock_for, move
from referrals.models import Referral
from referrals.states import Side, Verb


@transaction.atomic
def start_referral(
    referral: Referral, *, actor: User, comment: str = "", version: int | None = None
) -> Referral:
    """Say that the service has begun. Raises PermissionDenied, ValidationError."""
    referral = lock_for(referral, Verb.START, Side.RECEIVER, actor=actor, version=version)
    return move(referral, Verb.START, Side.RECEIVER, actor=actor, comment=comment)


@transaction.atomic
def deliver_referral(
    referral: Referral,
    *,
    actor: User,
    extent: str = Referral.Extent.FULL,
    comment: str = "",
    version: int | None = None,
) -> Referral:
    """Say that the need is met, or a part of it; the details close.

    Raises PermissionDenied, ValidationError.
    """
    referral = lock_for(referral, Verb.DELIVER, Side.RECEIVER, actor=actor, version=version)
    return move(referral, Verb.DELIVER, Side.RECEIVER, actor=actor, comment=comment, extent=extent)


@transaction.atomic
def tell_no_show(
    referral: Referral, *, actor: User, comment: str = "", version: int | None = None
) -> Referral:
    """Say that the person did not come. Raises PermissionDenied, ValidationError."""
    referral = lock_for(referral, Verb.NO_SHOW, Side.RECEIVER, actor=actor, version=version)
    return move(referral, Verb.NO_SHOW, Side.RECEIVER, actor=actor, comment=comment)


@transaction.atomic
def confirm_deletion(referral: Referral, *, actor: User, version: int | None = None) -> Referral:
    """Say that what was noted down of a referral that was taken back is deleted, once.

    Raises PermissionDenied, ValidationError.
    """
    referral = lock_for(referral, Verb.DELETED, Side.RECEIVER, actor=actor, version=version)
    return move(referral, Verb.DELETED, Side.RECEIVER, actor=actor)


def side_of(referral: Referral, actor: User) -> Side:
    """From which side this user speaks; who stands on both, speaks for the receiver."""
    received = Referral.objects.visible_to(actor, Side.RECEIVER).filter(pk=referral.pk).exists()
    return Side.RECEIVER if received else Side.SENDER


@transaction.atomic
def close_referral(
    referral: Referral, *, actor: User, comment: str = "", version: int | None = None
) -> Referral:
    """End a referral from whichever side the actor is on; who confirmed the help is written down.

    Raises PermissionDenied, ValidationError.
    """
    side = side_of(referral, actor)
    referral = lock_for(referral, Verb.CLOSE, side, actor=actor, version=version)
    return move(
        referral,
        Verb.CLOSE,
        side,
        actor=actor,
        comment=comment,
        confirmed_by=confirmed_by(referral),
    )


def confirmed_by(referral: Referral) -> str:
    """Who says that the help was given, of the two who can know it."""
    helped = referral.client_word in {Referral.Word.YES, Referral.Word.PARTLY}
    match referral.delivered_at is not None, helped:
        case True, True:
            return Referral.ConfirmedBy.BOTH
        case True, False:
            return Referral.ConfirmedBy.PARTNER
        case False, True:
            return Referral.ConfirmedBy.CLIENT
    return Referral.ConfirmedBy.NOBODY


@transaction.atomic
def tell_loss(
    referral: Referral,
    *,
    verb: str,
    actor: User,
    comment: str = "",
    version: int | None = None,
) -> Referral:
    """Say that it ended with the client: not wanted, not reached, moved on, or missing.

    From whichever side the actor is on. Raises PermissionDenied, ValidationError.
    """
    said = Verb(verb)
    if said not in states.LOSSES:
        raise ValidationError({"verb": _("Choose what happened.")})
    side = side_of(referral, actor)
    referral = lock_for(referral, said, side, actor=actor, version=version)
    return move(referral, said, side, actor=actor, comment=comment)


@transaction.atomic
def rebook_referral(
    referral: Referral,
    *,
    actor: User,
    appointment_at: datetime | None = None,
    comment: str = "",
    version: int | None = None,
) -> Referral:
    """Agree on a new appointment with somebody who did not come, from either side.

    Raises PermissionDenied, ValidationError.
    """
    side = side_of(referral, actor)
    referral = lock_for(referral, Verb.REBOOK, side, actor=actor, version=version)
    if appointment_at is None:
        raise ValidationError({"appointment_at": _("Write day and hour of the appointment.")})
    check_appointment(appointment_at)
    return move(
        referral, Verb.REBOOK, side, actor=actor, comment=comment, appointment_at=appointment_at
    )


@transaction.atomic
def write_message(
    referral: Referral, *, comment: str, actor: User, version: int | None = None
) -> Referral:
    """A sentence to the other side; to a receiver who asked, it is the answer.

    Raises PermissionDenied, ValidationError.
    """
    side = side_of(referral, actor)
    asked = referral.state == Referral.State.NEED_INFORMATION and side == Side.SENDER
    verb = Verb.INFORM if asked else Verb.MESSAGE
    referral = lock_for(referral, verb, side, actor=actor, version=version)
    if not comment.strip():
        raise ValidationError({"comment": _("Write a sentence.")})
    return move(referral, verb, side, actor=actor, comment=comment)


PROGRESS = {
    Verb.START: start_referral,
    Verb.DELIVER: deliver_referral,
    Verb.NO_SHOW: tell_no_show,
    Verb.CLOSE: close_referral,
}


@transaction.atomic
def report_progress(
    referral: Referral,
    *,
    progress: str,
    comment: str,
    actor: User,
    extent: str = "",
    appointment_at: datetime | None = None,
    other_service: str = "",
) -> Referral:
    """How it goes after acceptance, as one form asks it. Raises as the verbs do."""
    verb = Verb(progress)
    if verb in states.LOSSES:
        return tell_loss(referral, verb=verb, comment=comment, actor=actor)
    match verb:
        case Verb.REBOOK:
            return rebook_referral(
                referral, appointment_at=appointment_at, comment=comment, actor=actor
            )
        case Verb.MESSAGE:
            return write_message(referral, comment=comment, actor=actor)
        case Verb.REDIRECT:
            return redirect_referral(
                referral, other_service=other_service, comment=comment, actor=actor
            )
        case Verb.DELIVER if extent:
            return deliver_referral(referral, extent=extent, comment=comment, actor=actor)
    return PROGRESS[verb](referral, comment=comment, actor=actor)
