"""Agree to somebody else's export, or not; let go what nobody agreed to or fetched."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from accounts.notices import notify
from exports.actions.fetching import destroy
from exports.actions.requesting import promise
from exports.models import Export

State = Export.State
BATCH = 200


def may_decide(user: User, export: Export) -> bool:
    """Whether this user may agree to this export: a colleague's, with the right to. One query."""
    may = user.has_perm("exports.approve_export")
    return may and Export.objects.waiting_for(user).filter(pk=export.pk).exists()


@transaction.atomic
def approve_export(export: Export, *, actor: User) -> Export:
    """Agree as the second person; then it is made. Raises PermissionDenied, ValidationError.

    Whether the first one may have it is asked again where it is made and where it is fetched: the
    second one need not see what it is about.
    """
    row = _decided(export, State.REQUESTED, actor)
    row.save()
    record(actor, "approve_export", row, case_id=row.case_id, note=row.kind)
    promise(row)
    return row


@transaction.atomic
def refuse_export(export: Export, *, actor: User) -> Export:
    """Do not agree; it ends here. Raises PermissionDenied, ValidationError."""
    row = _decided(export, State.REFUSED, actor)
    row.save()
    record(actor, "refuse_export", row, case_id=row.case_id, note=row.kind)
    notify([row.requested_by], "export_refused", url_name="exports:export", object_id=row.pk)
    return row


def _decided(export: Export, state: str, actor: User) -> Export:
    if not actor.has_perm("exports.approve_export"):
        raise PermissionDenied
    row = (
        Export.objects.select_for_update(of=("self",))
        .select_related("requested_by")
        .get(pk=export.pk)
    )
    if not row.is_waiting:
        raise ValidationError(_("This was decided already."), code="answered")
    if not may_decide(actor, row):
        raise PermissionDenied
    row.state, row.decided_by, row.decided_at = state, actor, timezone.now()
    row.full_clean()
    return row


@transaction.atomic
def expire_exports() -> int:
    """End what ran out and destroy its file; returns how many."""
    due = Export.objects.run_out().select_for_update(of=("self",), skip_locked=True)
    rows = list(due.select_related("file", "locked_file")[:BATCH])
    for row in rows:
        row.state = State.FAILED if row.is_being_made else State.EXPIRED
        row.save(update_fields=["state"])
        destroy(row)
        record(None, "expire_export", row, case_id=row.case_id, note=row.kind)
    return len(rows)
