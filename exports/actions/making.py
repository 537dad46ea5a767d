"""Make the file of an export, once; whoever dies on the way is followed by another run."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from accounts import lock
from accounts.audit import record
from accounts.notices import notify
from accounts.spreadsheets import Sheet, csv_file, xlsx
from exports.actions.requesting import may_have
from exports.footers import foot, last_sheet
from exports.locks import sealed_to
from exports.models import Export
from exports.models.export import LIFETIME
from files.actions import put_away
from files.kinds import Media

Format = Export.Format
MEDIA = {
    Format.XLSX: Media.XLSX,
    Format.LOCKED_XLSX: Media.XLSX,
    Format.CSV: Media.CSV,
    Format.JSON: Media.JSON,
    Format.AGE: Media.AGE,
}


@dataclass(frozen=True)
class Content:
    """What an app puts into an export: tables, or the bytes of a file as it is."""

    columns: Sequence[str]
    rows: int
    sheets: Sequence[Sheet] = ()
    raw: bytes = b""
    media: Media | None = None


def make(export_id: UUID, build: Callable[[Export], Content], settle: Callable[[], bool]) -> None:
    """Build, write and seal the file. A right that ended meanwhile, or a refusal, makes it fail.

    While everything is locked no file is made, and the job waits; it was not its asker's doing.
    """
    export, content = _built(export_id, build)
    if not export.is_being_made:
        settle()
        return
    made = written(export, content) if content else b""
    with transaction.atomic():
        row = Export.objects.select_for_update().get(pk=export_id)
        if not row.is_being_made or lock.is_on() or not settle():
            return
        if content is None:
            _fail(row)
        else:
            row.data_key = export.data_key
            _keep(row, content, made)


@transaction.atomic
def _built(export_id: UUID, build: Callable[[Export], Content]) -> tuple[Export, Content | None]:
    """The line and what stands in its file; nothing for who may not have it.

    In a transaction: outside of one the database shows no row to anybody.
    """
    export = Export.objects.select_related(
        "data_key", "requested_by", "recipient", "organization"
    ).get(pk=export_id)
    if not export.is_being_made or not may_have(export, export.requested_by):
        return export, None
    try:
        return export, build(export)
    except PermissionDenied:
        return export, None


def _fail(row: Export) -> None:
    row.state = Export.State.FAILED
    row.save(update_fields=["state"])
    record(None, "fail_export", row, case_id=row.case_id, note=row.kind)


def _keep(row: Export, content: Content, made: bytes) -> None:
    media = content.media or MEDIA[Format(row.format)]
    row.file = put_away(made, data_key=row.data_key, media=media, actor=None)
    row.columns, row.rows = list(content.columns), content.rows
    row.state, row.made_at = Export.State.READY, timezone.now()
    row.expires_at = row.made_at + LIFETIME
    row.save()
    record(None, "make_export", row, case_id=row.case_id, fields=row.columns, note=row.kind)
    notify([row.requested_by], "export_ready", url_name="exports:export", object_id=row.pk)


def written(export: Export, content: Content) -> bytes:
    """The file in the form that was asked for, its foot included; not locked yet."""
    form = Format(export.format)
    if form == Format.AS_IS:
        return content.raw
    if form == Format.CSV:
        lines = [line for sheet in content.sheets for line in [*sheet.lines, []]]
        return csv_file([*lines, *foot(export)])
    if form in {Format.XLSX, Format.LOCKED_XLSX}:
        return xlsx([*content.sheets, last_sheet(export)])
    made = _as_json(export, content.sheets)
    return sealed_to(made, export.recipient_key) if form == Format.AGE else made


def _as_json(export: Export, sheets: Sequence[Sheet]) -> bytes:
    """{"about": {word: value}, "tables": {name: [lines]}}; for machines text stays as it is."""
    told = {
        "about": {str(word): value for word, value in foot(export)},
        "tables": {sheet.name: [list(line) for line in sheet.lines] for sheet in sheets},
    }
    return json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False).encode()
