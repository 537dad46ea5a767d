"""Record a need that could not be referred."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import Organization, User
from casework.actions import record_case_event
from casework.actions.access import lock_open_case, require_may_write
from casework.actions.days import check_day
from casework.models import Case, CaseEvent, Person
from directory.models import Need
from referrals.models import UnmetNeed


def may_record_unmet_need(user: User) -> bool:
    return user.has_perm("referrals.record_unmet_need")


@transaction.atomic
def record_unmet_need(
    case: Case,
    *,
    need: Need,
    reason: str,
    actor: User,
    barrier: str = "",
    refused_by: Organization | None = None,
    day: date | None = None,
) -> UnmetNeed:
    """Write down that somebody's need could not be referred. Raises PermissionDenied,
    ValidationError.
    """
    if not may_record_unmet_need(actor):
        raise PermissionDenied
    require_may_write(case, actor)
    case = lock_open_case(case)
    facts = {"need": need, "reason": reason, "barrier": barrier, "refused_by": refused_by}
    row = _add(UnmetNeed(organization=case.organization, case=case, **facts), day, actor)
    record(actor, "record_unmet_need", row, case_id=case.pk)
    record_case_event(
        case,
        CaseEvent.Code.NEED_UNMET,
        actor=actor,
        url_name="referrals:of_case",
        object_id=case.pk,
    )
    return row


@transaction.atomic
def count_unmet_need(
    *,
    need: Need,
    reason: str,
    actor: User,
    barrier: str = "",
    refused_by: Organization | None = None,
    day: date | None = None,
    quantity: int = 1,
    sex: str = Person.Sex.UNKNOWN,
) -> UnmetNeed:
    """The same of people who have no record here: a count, and nobody in particular.

    Raises PermissionDenied, ValidationError.
    """
    if not may_record_unmet_need(actor):
        raise PermissionDenied
    facts = {"need": need, "reason": reason, "barrier": barrier, "refused_by": refused_by}
    row = UnmetNeed(organization=actor.organization, quantity=quantity, sex=sex, **facts)
    row = _add(row, day, actor)
    record(actor, "count_unmet_need", row)
    return row


def _add(row: UnmetNeed, day: date | None, actor: User) -> UnmetNeed:
    row.day, row.recorded_by = day or timezone.localdate(), actor
    check_day("day", row.day)
    row.full_clean()
    row.save()
    return row
