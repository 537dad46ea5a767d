"""Record what a body decided about trafficking."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.audit import record
from accounts.models import Organization, User
from casework.actions.access import require_may_write
from casework.actions.days import check_day
from casework.actions.events import record_case_event
from casework.models import Case, CaseEvent, TraffickingStatus


def may_record_trafficking_status(user: User) -> bool:
    return user.has_perm("casework.record_trafficking_status")


@transaction.atomic
def record_trafficking_status(
    case: Case,
    *,
    status: str,
    decided_on: date,
    deciding_body: str,
    organization: Organization,
    basis: str,
    actor: User,
) -> TraffickingStatus:
    """Add a decision to the case's history; nothing earlier is changed.

    Raises PermissionDenied, ValidationError.
    """
    if not may_record_trafficking_status(actor):
        raise PermissionDenied
    require_may_write(case, actor)
    check_day("decided_on", decided_on)
    row = TraffickingStatus(
        case=case,
        status=status,
        decided_on=decided_on,
        deciding_body=deciding_body,
        organization=organization,
        basis=basis,
        recorded_by=actor,
    )
    row.full_clean()
    row.save()
    record(actor, "record_trafficking_status", row, case_id=case.pk)
    record_case_event(
        case,
        CaseEvent.Code.STATUS_RECORDED,
        actor=actor,
        url_name="casework:statuses",
        object_id=case.pk,
    )
    return row
