"""Tickets of two records that may be of one person: opened by many, settled by two people."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import stale
from accounts.audit import record
from accounts.models import User
from casework.actions.access import lock_people, require_may_write_person
from casework.models import Person, TwinTicket


def may_settle_twins(user: User) -> bool:
    return user.has_perm("casework.settle_twins")


@transaction.atomic
def open_ticket(
    person: Person,
    other: Person,
    *,
    actor: User,
    found_how: str = TwinTicket.FoundHow.WORKER,
    score: str = TwinTicket.Score.POSSIBLE,
    likeness: Iterable[str] = (),
    because: str = "",
) -> TwinTicket:
    """Ask whether two records are of one person; the pair's ticket is returned if there is one.

    Raises PermissionDenied, ValidationError for one record twice or two houses.
    """
    if not actor.has_perm("casework.register_person") and not may_settle_twins(actor):
        raise PermissionDenied
    # Two who propose one pair come one after the other.
    lock_people((person, other), actor)
    if person.pk == other.pk:
        raise ValidationError(_("This is the same record."))
    if person.organization_id != other.organization_id:
        raise ValidationError(_("Only records of one house can be merged."))
    first, second = sorted((person, other), key=lambda each: each.pk)
    known = TwinTicket.objects.filter(first=first, second=second).first()
    if known is not None:
        return known
    ticket = TwinTicket(
        organization_id=person.organization_id,
        first=first,
        second=second,
        found_how=found_how,
        score=score,
        likeness=list(likeness),
        because=because,
        opened_by=actor,
    )
    ticket.full_clean()
    try:
        with transaction.atomic():
            ticket.save()
    except IntegrityError as error:
        # There is one that the actor may not see.
        raise ValidationError(_("This pair is known already.")) from error
    record(actor, "open_ticket", ticket, note=because)
    return ticket


@transaction.atomic
def settle_twin(ticket: TwinTicket, *, verdict: str, version: int, actor: User) -> TwinTicket:
    """Say what two records are; nothing happens before somebody else confirms it.

    Raises PermissionDenied, ValidationError.
    """
    ticket = lock_ticket(ticket, version=version, actor=actor)
    if ticket.verdict:
        raise ValidationError(_("Somebody has said what it is. Confirm it, or disagree."))
    ticket.verdict = TwinTicket.Verdict(verdict)
    ticket.settled_by, ticket.settled_at = actor, timezone.now()
    save_ticket(ticket)
    record(actor, "settle_twin", ticket, note=ticket.verdict)
    return ticket


@transaction.atomic
def confirm_twin(ticket: TwinTicket, *, agrees: bool, version: int, actor: User) -> TwinTicket:
    """Confirm that two records are of two people, or disagree with what was said of them.

    That they are one person is confirmed by merging them. Raises PermissionDenied,
    ValidationError.
    """
    ticket = lock_ticket(ticket, version=version, actor=actor)
    require_second(ticket, actor)
    if not agrees:
        ticket.verdict, ticket.settled_by, ticket.settled_at = "", None, None
    elif ticket.verdict == TwinTicket.Verdict.DIFFERENT:
        ticket.state = TwinTicket.State.DIFFERENT
        ticket.confirmed_by, ticket.confirmed_at = actor, timezone.now()
    else:
        raise ValidationError(_("Choose what is kept of both: that confirms it."))
    save_ticket(ticket)
    record(actor, "confirm_twin", ticket, note="agreed" if agrees else "disagreed")
    return ticket


def lock_ticket(ticket: TwinTicket, *, version: int, actor: User) -> TwinTicket:
    """The open ticket, locked. Raises PermissionDenied, ValidationError."""
    if not may_settle_twins(actor):
        raise PermissionDenied
    seen = TwinTicket.objects.visible_to(actor).filter(pk=ticket.pk)
    if not seen.exists():
        raise PermissionDenied
    ticket = (
        TwinTicket.objects.select_for_update(of=("self",))
        .select_related("first__data_key", "second__data_key", "settled_by")
        .get(pk=ticket.pk)
    )
    for each in ticket.people:
        require_may_write_person(each, actor)
    stale(version, ticket.version)
    if not ticket.is_open:
        raise ValidationError(_("This is settled already."))
    return ticket


def require_second(ticket: TwinTicket, actor: User) -> None:
    """Raises ValidationError unless somebody else said what it is."""
    if not ticket.verdict:
        raise ValidationError(_("First somebody says what it is, then somebody else confirms it."))
    if ticket.settled_by_id == actor.pk:
        raise ValidationError(_("Somebody else has to confirm it."), code="second_person")


def save_ticket(ticket: TwinTicket) -> None:
    ticket.version += 1
    ticket.full_clean()
    ticket.save()
