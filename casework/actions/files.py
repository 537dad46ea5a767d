"""Add files to a case, open and remove them."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.levels import Level
from accounts.models import User
from casework.actions.access import lock_open_case, require_may_write
from casework.actions.events import record_case_event, touch_case
from casework.models import Case, CaseEvent, CaseFile
from files.actions import contents, store
from files.actions import remove_file as destroy


def may_add_file(user: User) -> bool:
    return user.has_perm("casework.add_file")


@transaction.atomic
def add_file(
    case: Case,
    *,
    file: InMemoryUploadedFile,
    kind: CaseFile.Kind,
    label: str,
    level: int,
    keep_original: bool,
    actor: User,
) -> CaseFile:
    """Take a file in; it can be opened once it was checked and cleaned.

    A restricted file needs somebody who may read it. Raises PermissionDenied, ValidationError.
    """
    own = case.level_for(actor)
    if not may_add_file(actor) or own < Level.NARRATIVE:
        raise PermissionDenied
    require_may_write(case, actor)
    case = lock_open_case(case)
    if level > own:
        raise ValidationError(
            {"level": _("You may not see restricted parts of this case, so you cannot add one.")}
        )
    row = CaseFile(
        case=case,
        data_key=case.data_key,
        kind=kind,
        label=label.strip(),
        level=level,
        added_by=actor,
    )
    row.stored_file = store(file, data_key=case.data_key, actor=actor, keep_original=keep_original)
    row.full_clean()
    row.save()
    touch_case(case)
    record(actor, "add_file", row, case_id=case.pk, note=kind)
    record_case_event(
        case,
        CaseEvent.Code.FILE_ADDED,
        actor=actor,
        level=Level(level),
        url_name="casework:files",
        object_id=case.pk,
    )
    return row


@transaction.atomic
def open_file(row: CaseFile, *, actor: User) -> bytes:
    """The clean content, and the row that says who had it. Raises NotReadyError."""
    content = contents(row.stored_file)
    record(actor, "open_file", row, case_id=row.case_id, fields=["stored_file"], note=row.kind)
    return content


@transaction.atomic
def remove_file(row: CaseFile, *, actor: User) -> None:
    """Destroy a file that does not belong here; that there was one stays written down.

    One with an original that is kept as evidence stays. Raises PermissionDenied, ValidationError.
    """
    if not may_add_file(actor):
        raise PermissionDenied
    require_may_write(row.case, actor)
    row = CaseFile.objects.select_for_update().select_related("case", "stored_file").get(pk=row.pk)
    if row.has_original and row.stored_file.is_ready:
        raise ValidationError(_("The original of this file is kept as evidence."))
    record(actor, "remove_file", row, case_id=row.case_id, note=row.kind)
    record_case_event(row.case, CaseEvent.Code.FILE_REMOVED, actor=actor, level=Level(row.level))
    stored = row.stored_file
    row.delete()
    destroy(stored)
