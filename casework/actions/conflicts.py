"""Seal a case; close one to a colleague with a conflict of interest, or to oneself."""

from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from accounts.notices import notify
from casework.actions.access import may_give_access, require_may_write, require_reader
from casework.actions.events import record_case_event
from casework.models import Case, CaseAccess, CaseBlock, CaseEvent, EmergencyAccess
from casework.models.access import AccessKind
from casework.people_at_work import holders_of


def may_seal_case(user: User, case: Case) -> bool:
    """Whoever answers for the case, and the coordinator who sees it."""
    return case.owner_id == user.pk or may_give_access(user)


@transaction.atomic
def seal_case(case: Case, *, actor: User) -> Case:
    """Keep a case from everybody but those who have access by name; teams and roles do not count.

    Raises PermissionDenied, or ValidationError when nobody would be left who sees it.
    """
    if not may_seal_case(actor, case):
        raise PermissionDenied
    require_may_write(case, actor)
    case = Case.objects.select_for_update().get(pk=case.pk)
    if case.is_sealed:
        raise ValidationError(_("This case is sealed already."))
    require_reader(case)
    # Nobody keeps reading for the rest of an hour what was sealed for a reason.
    CaseAccess.objects.in_force().filter(content_object=case, kind=AccessKind.BREAK_GLASS).update(
        ends_at=timezone.now()
    )
    _set_sealed(case, is_sealed=True)
    record(actor, "seal_case", case, case_id=case.pk)
    record_case_event(case, CaseEvent.Code.CASE_SEALED, actor=actor)
    return case


@transaction.atomic
def unseal_case(case: Case, *, actor: User) -> Case:
    """Let teams and roles see a case again as they see others. Raises as `seal_case` does."""
    if not may_seal_case(actor, case):
        raise PermissionDenied
    require_may_write(case, actor)
    case = Case.objects.select_for_update().get(pk=case.pk)
    if not case.is_sealed:
        raise ValidationError(_("This case is not sealed."))
    _set_sealed(case, is_sealed=False)
    record(actor, "unseal_case", case, case_id=case.pk)
    record_case_event(case, CaseEvent.Code.CASE_UNSEALED, actor=actor)
    return case


def _set_sealed(case: Case, *, is_sealed: bool) -> None:
    case.is_sealed = is_sealed
    case.save(update_fields=["is_sealed"])


@transaction.atomic
def block_user(case: Case, *, user: User, reason: str, actor: User) -> CaseBlock:
    """Close a case, its person and all her cases to a colleague, whatever access she has or gets.

    Raises PermissionDenied, ValidationError: the latter too while emergency access of the actor's
    own to this person waits for an answer or a review, as the block could silence who gives it.
    """
    if not may_give_access(actor):
        raise PermissionDenied
    require_may_write(case, actor)
    # Told apart by her key: other cases of hers need not be visible here.
    own = EmergencyAccess.objects.filter(asked_by=actor, data_key=case.person_id)
    if (own.waiting() | own.to_review()).exists():
        raise ValidationError(
            _("Your emergency access to this person is not reviewed yet. Ask somebody else."),
            code="own_review",
        )
    if user.organization_id != case.organization_id:
        raise ValidationError({"user": _("Choose somebody of your organization.")})
    return _block(case, user, reason, actor)


@transaction.atomic
def declare_conflict(case: Case, *, reason: str, actor: User) -> CaseBlock:
    """Close a case to oneself, at once; a coordinator sees to who goes on with it.

    Raises PermissionDenied for a case that the actor does not see.
    """
    if not Case.objects.visible_to(actor).filter(pk=case.pk).exists():
        raise PermissionDenied
    # Asked before: from now on the actor sees nothing of the case, its blocks included.
    told = holders_of("casework.assign_case", case.organization_id, but=actor, case=case)
    block = _block(case, actor, reason, actor)
    notify(told, "conflict_declared", url_name="casework:access", object_id=case.pk)
    return block


def _block(case: Case, user: User, reason: str, actor: User) -> CaseBlock:
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    block = CaseBlock(case=case, user=user, reason=reason, blocked_by=actor)
    block.full_clean(exclude=["case"])
    if case.blocks.in_force().filter(user=user).exists():
        raise ValidationError({"user": _("This case is closed to this person already.")})
    block.save()
    record(actor, "block_user", block, case_id=case.pk, note=reason)
    return block


@transaction.atomic
def lift_block(case: Case, *, block: UUID, actor: User) -> CaseBlock:
    """End a block; what access the colleague has counts again. Raises as `block_user` does."""
    if not may_give_access(actor):
        raise PermissionDenied
    require_may_write(case, actor)
    row = case.blocks.select_for_update().in_force().filter(pk=block).exclude(user=actor).first()
    if row is None:
        raise ValidationError(_("There is nothing to lift."))
    row.lifted_at = timezone.now()
    row.save(update_fields=["lifted_at"])
    record(actor, "lift_block", row, case_id=case.pk)
    return row
