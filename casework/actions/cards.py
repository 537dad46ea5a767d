"""Give somebody a card, and end it."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from casework.actions.access import lock_person, require_may_write_person
from casework.cards import hash_of, number_of
from casework.models import Card, Person

# The same number comes out twice once in a hundred thousand million times.
TRIES = 5


def may_issue_card(user: User) -> bool:
    return user.has_perm("casework.issue_card")


@transaction.atomic
def issue_card(person: Person, *, actor: User) -> Card:
    """Give a person her card; she has one at a time. Raises PermissionDenied, ValidationError."""
    _check_hand(person, actor)
    lock_person(person.pk)
    if Card.objects.in_use().filter(person=person).exists():
        raise ValidationError(_("This person has a card. If it is lost, replace it."))
    return _made(person, actor)


@transaction.atomic
def replace_card(card: Card, *, actor: User) -> Card:
    """End a card and give another one; its number checks nobody in from now on.

    Raises PermissionDenied, ValidationError.
    """
    _end(card, Card.State.REPLACED, actor)
    return _made(card.person, actor)


@transaction.atomic
def end_card(card: Card, *, state: str, actor: User) -> Card:
    """End a card that was given back or lost. Raises PermissionDenied, ValidationError."""
    if state not in {Card.State.RETURNED, Card.State.LOST}:
        raise ValidationError({"state": _("Say whether the card was given back or lost.")})
    return _end(card, state, actor)


def _end(card: Card, state: str, actor: User) -> Card:
    _check_hand(card.person, actor)
    lock_person(card.person_id)
    card = Card.objects.select_for_update(of=("self",)).get(pk=card.pk)
    if not card.is_in_use:
        raise ValidationError(_("This card is not in use any more."))
    card.state, card.ended_on = state, timezone.localdate()
    card.full_clean()
    card.save()
    record(actor, "end_card", card, note=state)
    return card


def _check_hand(person: Person, actor: User) -> None:
    if not may_issue_card(actor):
        raise PermissionDenied
    require_may_write_person(person, actor)


def _made(person: Person, actor: User) -> Card:
    for _again in range(TRIES):
        card = Card(person=person, issued_by=actor)
        card.number_hash = hash_of(number_of(card.pk))
        try:
            with transaction.atomic():
                card.save()
        except IntegrityError:
            continue
        record(actor, "issue_card", card)
        return card
    raise ValidationError(_("No free number was found. Try again."))
