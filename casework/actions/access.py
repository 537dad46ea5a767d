"""Give and end access to a case."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.levels import Level
from accounts.models import User
from casework.models import Case, CaseAccess, CaseEvent
from casework.models.access import AccessKind, permission_for


def insert_access(
    case: Case,
    user: User,
    level: Level,
    kind: AccessKind,
    *,
    granted_by: User,
    ends_at: datetime | None = None,
    reason: str = "",
) -> CaseAccess:
    """The bare row; callers guard and record."""
    return CaseAccess.objects.create(
        content_object=case,
        user=user,
        permission=permission_for(level),
        kind=kind,
        granted_by=granted_by,
        ends_at=ends_at,
        reason=reason,
    )


def may_give_access(user: User) -> bool:
    return user.has_perm("casework.assign_case")


@transaction.atomic
def give_access(
    case: Case,
    *,
    user: User,
    level: Level,
    kind: AccessKind,
    actor: User,
    ends_at: datetime | None = None,
) -> CaseAccess:
    """Let a colleague of the same organization see a case; the row stands on the case for all.

    Raises PermissionDenied, ValidationError.
    """
    if not may_give_access(actor):
        raise PermissionDenied
    Case.objects.select_for_update().get(pk=case.pk)
    if user.organization_id != case.organization_id:
        raise ValidationError({"user": _("Only people of the same organization can get access.")})
    if ends_at is not None and ends_at <= timezone.now():
        raise ValidationError({"ends_at": _("The access must end in the future.")})
    if CaseAccess.objects.held_by(user, level).filter(content_object=case).exists():
        raise ValidationError({"user": _("This person has that access already.")})
    access = insert_access(case, user, level, kind, granted_by=actor, ends_at=ends_at)
    record(actor, "give_access", access, case_id=case.pk, note=f"{kind} {level.name.lower()}")
    CaseEvent.objects.create(case=case, code=CaseEvent.Code.ACCESS_GIVEN, actor=actor)
    return access


@transaction.atomic
def end_access(case: Case, *, access: UUID, actor: User) -> Case:
    """End the access of a user or team to this case, from the next request on.

    Raises PermissionDenied, or ValidationError for a row that is not of this case.
    """
    if not may_give_access(actor):
        raise PermissionDenied
    row = (
        case.access.select_for_update().filter(pk=access).first()
        or case.team_access.select_for_update().filter(pk=access).first()
    )
    if row is None:
        raise ValidationError(_("There is no such access to this case."))
    if row.ends_at is None or row.ends_at > timezone.now():
        row.ends_at = timezone.now()
        row.save(update_fields=["ends_at"])
        record(actor, "end_access", row, case_id=case.pk)
        CaseEvent.objects.create(case=case, code=CaseEvent.Code.ACCESS_ENDED, actor=actor)
    return case
