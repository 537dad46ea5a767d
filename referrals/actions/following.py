"""What the sender's side writes down afterwards: the client's word, and the look at a refusal."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from referrals.actions.moving import lock_for, move
from referrals.actions.progress import (
    confirmed_by,
    rebook_referral,
    tell_loss,
    write_message,
)
from referrals.models import Referral, ReferralStep
from referrals.states import Side, Verb


@transaction.atomic
def record_client_word(
    referral: Referral,
    *,
    client_word: str,
    actor: User,
    client_rating: int | None = None,
    comment: str = "",
    channel: str = ReferralStep.Channel.IN_PERSON,
    version: int | None = None,
) -> Referral:
    """Write down what the client says of the help; the last word counts, earlier ones stay told.

    It stands beside the word of the service and never changes it. Raises PermissionDenied,
    ValidationError.
    """
    referral = lock_for(referral, Verb.CLIENT_SAYS, Side.SENDER, actor=actor, version=version)
    if client_word not in Referral.Word.values:
        raise ValidationError({"client_word": _("Say whether the help was given.")})
    referral.client_word = client_word
    said: dict[str, Any] = {"client_rating": client_rating, "client_said_at": timezone.now()}
    if referral.state == Referral.State.CLOSED:
        said["confirmed_by"] = confirmed_by(referral)
    if referral.state == Referral.State.DELIVERED:
        # Nobody has to be reminded to ask.
        said["next_check_at"] = None
    return move(
        referral,
        Verb.CLIENT_SAYS,
        Side.SENDER,
        actor=actor,
        reason=client_word,
        comment=comment,
        channel=channel,
        **said,
    )


@transaction.atomic
def review_refusal(
    referral: Referral, *, review: str, actor: User, version: int | None = None
) -> Referral:
    """Say what follows from a refusal, once. Raises PermissionDenied, ValidationError."""
    referral = lock_for(referral, Verb.REVIEW, Side.SENDER, actor=actor, version=version)
    if review not in Referral.Review.values:
        raise ValidationError({"review": _("Say what follows from the refusal.")})
    return move(
        referral,
        Verb.REVIEW,
        Side.SENDER,
        actor=actor,
        reason=review,
        review=review,
        reviewed_by=actor,
        next_check_at=None,
    )


@transaction.atomic
def follow_referral(
    referral: Referral,
    *,
    said: str,
    actor: User,
    comment: str = "",
    client_word: str = "",
    client_rating: int | None = None,
    appointment_at: datetime | None = None,
) -> Referral:
    """What the sender's side writes down, as one form asks it. Raises as the verbs do."""
    verb = Verb(said)
    match verb:
        case Verb.CLIENT_SAYS:
            return record_client_word(
                referral,
                client_word=client_word,
                client_rating=client_rating,
                comment=comment,
                actor=actor,
            )
        case Verb.REBOOK:
            return rebook_referral(
                referral, appointment_at=appointment_at, comment=comment, actor=actor
            )
        case Verb.INFORM | Verb.MESSAGE:
            return write_message(referral, comment=comment, actor=actor)
    return tell_loss(referral, verb=verb, comment=comment, actor=actor)
