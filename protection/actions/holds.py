"""Hold a record: nothing of it goes while proceedings need it."""

from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from casework.models import Case, Person
from protection.models import LegalHold, Subject
from referrals.models import Referral


def may_place_hold(user: User) -> bool:
    return user.has_perm("protection.place_hold")


@transaction.atomic
def place_hold(
    person: Person,
    *,
    reason: str,
    actor: User,
    case: Case | None = None,
    until: date | None = None,
) -> LegalHold:
    """Keep everything of a person, or one case, until a day or until it is lifted.

    Raises PermissionDenied, ValidationError.
    """
    if not may_place_hold(actor):
        raise PermissionDenied
    hold = LegalHold(
        organization_id=person.organization_id,
        person=person,
        case=case,
        reason=reason,
        until=until,
        placed_by=actor,
    )
    hold.full_clean()
    hold.save()
    record(actor, "place_hold", hold, case_id=case.pk if case else None, note=reason)
    return hold


@transaction.atomic
def lift_hold(hold: LegalHold, *, actor: User) -> LegalHold:
    """End a hold today. Raises PermissionDenied, ValidationError when it is lifted already."""
    if not may_place_hold(actor):
        raise PermissionDenied
    hold = LegalHold.objects.select_for_update().get(pk=hold.pk)
    if hold.lifted_at is not None:
        raise ValidationError(_("This hold is lifted already."))
    hold.lifted_by, hold.lifted_at = actor, timezone.now()
    hold.full_clean()
    hold.save()
    record(actor, "lift_hold", hold, case_id=hold.case_id)
    return hold


def check_holds(kind: str, subject: UUID) -> None:
    """Raises ValidationError while a hold is in force or a referral is still with somebody.

    Nothing is erased of a record that was merged: what hung on it is with the other one.
    """
    if kind == Subject.PERSON and Person.objects.filter(pk=subject, merged_into__isnull=False):
        raise ValidationError(
            _("This record was merged into another one. Erase that one, or undo the merge first."),
            code="merged",
        )
    of_case = Q(case=subject) | Q(case=None, person__cases=subject)
    hers = Q(person=subject) if kind == Subject.PERSON else of_case
    if LegalHold.objects.in_force().filter(hers).exists():
        raise ValidationError(
            _("A hold is in force: nothing of this record can be erased."), code="hold"
        )
    referrals = Referral.objects.open()
    running = (
        referrals.filter(case__person=subject)
        if kind == Subject.PERSON
        else referrals.filter(case=subject)
    )
    if running.exists():
        raise ValidationError(
            _("A referral of this record is still open. Take it back or close it first."),
            code="referral",
        )
