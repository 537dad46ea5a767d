"""Fetch an export: lock it with a password that only the screen sees, hand it out once."""

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from exports.actions.requesting import made_of, may_have
from exports.locks import locked, new_password
from exports.models import Export
from files.actions import contents, put_away, remove_file
from files.kinds import Media


class NotThereError(Exception):
    """There is nothing to fetch for this user, whatever the reason: it is not said."""


def _fetched(export: Export, actor: User) -> Export:
    """The line, locked, if this user may fetch its file now. Raises NotThereError."""
    row = (
        Export.objects.to_fetch(actor)
        .select_for_update(of=("self",))
        .select_related("data_key", "file__data_key", "locked_file__data_key")
        .filter(pk=export.pk)
        .first()
    )
    if row is None or row.file is None or not may_have(row, actor):
        raise NotThereError
    return row


@transaction.atomic
def lock_export(export: Export, *, actor: User) -> str:
    """Lock the workbook and return its password, which is kept nowhere.

    Whoever lost the password locks it anew, as long as it was not fetched. Raises NotThereError.
    """
    row = _fetched(export, actor)
    if row.file is None or not row.needs_password:
        raise NotThereError
    before, password = row.locked_file, new_password()
    made = locked(contents(row.file), password)
    row.locked_file = put_away(made, data_key=row.data_key, media=Media.XLSX, actor=None)
    row.save(update_fields=["locked_file"])
    if before is not None:
        remove_file(before)
    record(actor, "lock_export", row, case_id=row.case_id, note=row.kind)
    return password


@transaction.atomic
def hand_out(export: Export, *, actor: User) -> tuple[bytes, Export]:
    """The file, once; what lies here is destroyed.

    Raises NotThereError, also for a workbook that was not locked yet.
    """
    row = _fetched(export, actor)
    file = row.locked_file if row.needs_password else row.file
    if file is None:
        raise NotThereError
    content = contents(file)
    row.sha256 = made_of(content)
    row.state, row.downloaded_at = Export.State.HANDED_OUT, timezone.now()
    row.save(update_fields=["sha256", "state", "downloaded_at"])
    destroy(row)
    record(actor, "hand_out_export", row, case_id=row.case_id, fields=row.columns, note=row.kind)
    return content, row


def destroy(row: Export) -> None:
    """Take away what lies here of an export."""
    for file in filter(None, [row.file, row.locked_file]):
        remove_file(file)
