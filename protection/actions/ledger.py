"""The ledger of what was erased, in the database and in a file outside of it.

A restored database is older than its ledger: the file, which no restore touches and every backup
takes along, says who must go again. Source: DP-16; docs/data-protection.md.
"""

import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from protection.models import ErasureLedger
from vault.keys import key_provider


class LedgerError(Exception):
    """The ledger's file does not say what this house wrote into it."""


def write_ledger(
    kind: str, subject: UUID, *, by: User | None, why: str, request: UUID | None
) -> ErasureLedger:
    """Write down that something was erased; the second time is the first time's row."""
    row = ErasureLedger(
        erased=subject,
        kind=kind,
        at=timezone.now(),
        by=by.pk if by else None,
        why=why,
        request=request,
    )
    row.mark = _mark(_told(row))
    ErasureLedger.objects.bulk_create([row], ignore_conflicts=True)
    row = ErasureLedger.objects.get(erased=subject)
    _append(row)
    return row


def read_ledger_file() -> Iterator[dict[str, Any]]:
    """The lines of the file. Raises LedgerError for one that was cut, changed or made up."""
    path = Path(settings.ERASURE_LEDGER_FILE)
    if not path.exists():
        return
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        try:
            told = json.loads(line)
            mark = told.pop("mark")
        except (ValueError, KeyError) as error:
            raise LedgerError(f"Line {number} of the ledger is broken.") from error
        if mark != _mark(told):
            raise LedgerError(f"Line {number} of the ledger was not written by this house.")
        yield told


def missing_from_database() -> list[dict[str, Any]]:
    """What the file tells and the database does not know: a restore brought it back."""
    known = set(ErasureLedger.objects.values_list("erased", flat=True))
    return [told for told in read_ledger_file() if UUID(told["erased"]) not in known]


def take_from_file() -> int:
    """Add to the database what only the file tells; returns how many rows."""
    told = missing_from_database()
    ErasureLedger.objects.bulk_create(
        [
            ErasureLedger(
                erased=UUID(row["erased"]),
                kind=row["kind"],
                at=datetime.fromisoformat(row["at"]),
                by=row["by"] and UUID(row["by"]),
                why=row["why"],
                request=row["request"] and UUID(row["request"]),
                mark=_mark(row),
            )
            for row in told
        ],
        ignore_conflicts=True,
    )
    return len(told)


def check_ledger() -> None:
    """Raises ValidationError when the database is older than its ledger."""
    if missing := missing_from_database():
        raise ValidationError(
            _("%(count)d erased records are back. Run apply_erasure_ledger before the start."),
            params={"count": len(missing)},
        )


def _told(row: ErasureLedger) -> dict[str, Any]:
    return {
        "erased": str(row.erased),
        "kind": str(row.kind),
        "at": row.at.isoformat(),
        "by": str(row.by) if row.by else None,
        "why": str(row.why),
        "request": str(row.request) if row.request else None,
    }


def _mark(told: dict[str, Any]) -> str:
    return key_provider().blind("ledger", json.dumps(told, sort_keys=True)).hex()


def _append(row: ErasureLedger) -> None:
    """Add the line, on disk before the transaction ends; a line too many does no harm."""
    line = json.dumps({**_told(row), "mark": row.mark}, sort_keys=True) + "\n"
    path = Path(settings.ERASURE_LEDGER_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, line.encode())
        os.fsync(handle)
    finally:
        os.close(handle)
