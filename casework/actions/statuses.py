"""Record what a body decided about trafficking."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import Organization, User
from casework.actions.cases import record_case_event
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
    if decided_on > timezone.localdate():
        raise ValidationError({"decided_on": _("A decision cannot lie in the future.")})
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
    record_case_event(case, CaseEvent.Code.STATUS_RECORDED, actor=actor)
    return row
