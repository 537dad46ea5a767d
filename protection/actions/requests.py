"""An erasure on its way: begun, confirmed by somebody else, hidden for thirty days, done."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import Role, User
from accounts.notices import notify
from casework.models import Case, Person
from exports.models import Export
from protection.actions.erasure import erase
from protection.actions.holds import check_holds
from protection.models import DueRow, ErasureLedger, ErasureRequest, PersonRequest, Subject, Telling
from protection.reach import keys_of
from referrals.models import Referral

# So long a confirmed erasure can be taken back.
COOLING_DAYS = 30
# So many days before the end the coordinator is told.
WARN_DAYS = 7
# What may keep a record at the last moment: somebody held it, sent it, joined it or took it back.
KEPT_BY = frozenset({"hold", "referral", "merged", "stopped"})


def may_begin_erasure(user: User) -> bool:
    return user.has_perm("protection.begin_erasure")


def may_confirm_erasure(user: User) -> bool:
    return user.has_perm("protection.confirm_erasure")


@transaction.atomic
def begin_erasure(
    person: Person,
    *,
    origin: str,
    actor: User,
    case: Case | None = None,
    asked: PersonRequest | None = None,
) -> ErasureRequest:
    """Ask for an erasure; nothing is hidden before somebody else confirms it.

    Raises PermissionDenied, ValidationError when a hold is in force or one is on its way.
    """
    if not may_begin_erasure(actor):
        raise PermissionDenied
    person = Person.objects.select_for_update().get(pk=person.pk)
    kind = Subject.CASE if case else Subject.PERSON
    subject = case.pk if case else person.pk
    check_holds(kind, subject)
    _check_alone(person, case)
    if asked is not None:
        _check_asked(asked, person)
    ticket = ErasureRequest(
        organization_id=person.organization_id,
        kind=kind,
        subject=subject,
        code=person.code,
        origin=origin,
        asked=asked,
        begun_by=actor,
    )
    ticket.full_clean()
    ticket.save()
    record(actor, "begin_erasure", ticket, case_id=case.pk if case else None, note=origin)
    return ticket


def _check_alone(person: Person, case: Case | None) -> None:
    """One erasure at a time of a person or of one of her cases: they hide the same records."""
    if case is not None and case.person_id != person.pk:
        raise ValidationError(_("This case is somebody else's."))
    cases = [case.pk] if case else list(person.cases.values_list("pk", flat=True))
    if ErasureRequest.objects.open().filter(subject__in=[person.pk, *cases]).exists():
        raise ValidationError(_("An erasure of this record is on its way already."))


def _check_asked(asked: PersonRequest, person: Person) -> None:
    wants_it = asked.kind == PersonRequest.Kind.ERASURE and asked.is_open
    if not wants_it or asked.code != person.code:
        raise ValidationError({"asked": _("This request does not ask for this erasure.")})
    if not asked.is_cleared:
        raise ValidationError(
            _("First say in the request that we know who asks and that it is safe.")
        )


@transaction.atomic
def confirm_erasure(ticket: ErasureRequest, *, actor: User) -> ErasureRequest:
    """Confirm an erasure that somebody else began: from now on the record is hidden.

    Raises PermissionDenied, ValidationError.
    """
    if not may_confirm_erasure(actor):
        raise PermissionDenied
    ticket = _locked(ticket)
    if not ticket.is_waiting:
        raise ValidationError(_("This erasure was confirmed or stopped meanwhile."))
    check_holds(ticket.kind, ticket.subject)
    _confirm(ticket, actor)
    record(actor, "confirm_erasure", ticket)
    return ticket


def archive(
    *, kind: str, person: Person, case: Case | None, origin: str, actor: User
) -> ErasureRequest:
    """Hide what the clock said is due; a coordinator's word is enough. In her transaction."""
    subject = case.pk if case else person.pk
    person = Person.objects.select_for_update().get(pk=person.pk)
    check_holds(kind, subject)
    _check_alone(person, case)
    ticket = ErasureRequest(
        organization_id=person.organization_id,
        kind=kind,
        subject=subject,
        code=person.code,
        origin=origin,
    )
    ticket.full_clean()
    ticket.save()
    _confirm(ticket, actor)
    return ticket


def _confirm(ticket: ErasureRequest, actor: User) -> None:
    now = timezone.now()
    ticket.state = ErasureRequest.State.ARCHIVED
    ticket.confirmed_by, ticket.confirmed_at = actor, now
    ticket.erase_on = timezone.localdate(now) + timedelta(days=COOLING_DAYS)
    ticket.version += 1
    ticket.full_clean()
    ticket.save()
    for rows in _subjects(ticket):
        rows.filter(archived_on=None).update(archived_on=timezone.localdate(now))
    _list_tellings(ticket)


def _subjects(ticket: ErasureRequest) -> Iterator[models.QuerySet[Any]]:
    """What is hidden with it: the case, or the person and all her cases."""
    if ticket.kind == Subject.CASE:
        yield Case.objects.filter(pk=ticket.subject)
    else:
        yield Person.objects.filter(pk=ticket.subject)
        yield Case.objects.filter(person=ticket.subject)


def _list_tellings(ticket: ErasureRequest) -> None:
    """Who else has a copy: partners by the number of their referral, and the team's phones."""
    referrals = Referral.objects.filter(sent_at__isnull=False)
    hers = (
        referrals.filter(case=ticket.subject)
        if ticket.kind == Subject.CASE
        else referrals.filter(case__person=ticket.subject)
    )
    rows = [
        Telling(
            erasure=ticket,
            kind=Telling.Kind.PARTNER,
            organization_id=referral.organization_id,
            number=str(referral),
        )
        for referral in hers
    ]
    rows += [
        Telling(
            erasure=ticket,
            kind=Telling.Kind.EXPORT,
            organization_id=export.recipient_id,
            number=export.number,
        )
        for export in _exports_of(ticket)
    ]
    rows.append(Telling(erasure=ticket, kind=Telling.Kind.DEVICE))
    Telling.objects.bulk_create(rows, ignore_conflicts=True)


def _exports_of(ticket: ErasureRequest) -> models.QuerySet[Export]:
    """Files about her that were handed out."""
    return Export.objects.filter(
        models.Q(object_id=ticket.subject)
        | models.Q(case_id__in=keys_of(ticket.kind, ticket.subject)),
        state=Export.State.HANDED_OUT,
    )


@transaction.atomic
def stop_erasure(ticket: ErasureRequest, *, stop_reason: str, actor: User) -> ErasureRequest:
    """Take an erasure back while that can be done; the record is there again.

    Raises PermissionDenied, ValidationError.
    """
    if not may_confirm_erasure(actor):
        raise PermissionDenied
    ticket = _locked(ticket)
    # The key goes first; from then on nothing can be taken back, however much is still there.
    is_begun = ErasureLedger.objects.filter(erased=ticket.subject).exists()
    if not ticket.is_open or is_begun:
        raise ValidationError(_("It is too late to stop this erasure."))
    for rows in _subjects(ticket):
        rows.update(archived_on=None)
    ticket.state, ticket.stop_reason = ErasureRequest.State.STOPPED, stop_reason
    ticket.stopped_by, ticket.stopped_at = actor, timezone.now()
    ticket.version += 1
    ticket.full_clean()
    ticket.save()
    _due_again(ticket)
    record(actor, "stop_erasure", ticket, note=stop_reason)
    return ticket


def _due_again(ticket: ErasureRequest) -> None:
    """What was due and did not go is on the list again, for somebody to keep it with a reason."""
    hers = (
        models.Q(case=ticket.subject)
        if ticket.kind == Subject.CASE
        else models.Q(person=ticket.subject, case=None)
    )
    rows = DueRow.objects.filter(hers, state=DueRow.State.CONFIRMED)
    rows.update(state=DueRow.State.OPEN, decided_by=None, decided_at=None)


@transaction.atomic
def tell(telling: Telling, *, actor: User) -> Telling:
    """Write down that somebody outside was told. Raises PermissionDenied, ValidationError."""
    if not may_confirm_erasure(actor):
        raise PermissionDenied
    telling = Telling.objects.select_for_update().get(pk=telling.pk)
    if telling.is_done:
        raise ValidationError(_("This is done already."))
    telling.done_by, telling.done_at = actor, timezone.now()
    telling.full_clean()
    telling.save()
    record(actor, "tell_about_erasure", telling)
    return telling


def _locked(ticket: ErasureRequest) -> ErasureRequest:
    return ErasureRequest.objects.select_for_update().get(pk=ticket.pk)


def erase_due() -> int:
    """Erase what nobody took back in time; returns how many. Called by the clock.

    A hold that was placed meanwhile leaves it hidden, for a person to look at.
    """
    done = 0
    for ticket in ErasureRequest.objects.due(timezone.localdate()):
        try:
            erase(ticket.kind, ticket.subject, by=ticket.confirmed_by, request=ticket.pk)
        except ValidationError as refusal:
            if refusal.code not in KEPT_BY:
                raise
            continue
        done += 1
    return done


@transaction.atomic
def warn_of_erasures() -> int:
    """Tell the coordinators once, a week before something goes; returns how many tickets."""
    today = timezone.localdate()
    soon = ErasureRequest.objects.select_for_update().filter(
        state=ErasureRequest.State.ARCHIVED,
        erase_on__lte=today + timedelta(days=WARN_DAYS),
        warned_at=None,
    )
    for ticket in soon:
        coordinators = User.objects.at_work_as(Role.Code.COORDINATOR)
        notify(
            coordinators.filter(organization=ticket.organization_id),
            "erasure_soon",
            url_name="protection:erasure",
            object_id=ticket.pk,
        )
    return ErasureRequest.objects.filter(pk__in=[ticket.pk for ticket in soon]).update(
        warned_at=timezone.now()
    )
