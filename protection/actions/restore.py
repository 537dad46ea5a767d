"""Bring a backup back into an empty database, and only a backup that is whole and ours."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import pyrage
from django.conf import settings
from django.core.management import call_command
from django.db import connection, models, transaction
from django.db.models import Q
from psycopg2 import sql

from accounts.actions.seals import note_restore
from accounts.audit import record
from accounts.models import AuditEvent
from accounts.scope import system
from protection.actions.backup import ANCHORS, FILES, LEDGER, MANIFEST, SET_A, SET_B
from protection.manifest import BackupError, Manifest, sum_of
from protection.programs import environment, program
from vault.actions import sealed_models
from vault.keys import KeyRingError, SealError

RESTORE = ("--no-owner", "--no-privileges", "--no-comments", "--exit-on-error")
# How many sealed values are opened to see that they do.
OPENED = 200


class Restored(NamedTuple):
    """How much came back, and how many sealed values were opened of it."""

    rows: int
    files: int
    opened: int


def read_identity(path: Path) -> list[Any]:
    """The private age keys in a file. Raises BackupError."""
    try:
        lines = [line.strip() for line in path.read_text().splitlines()]
        keys = [line for line in lines if line.startswith("AGE-SECRET-KEY-")]
        found = [pyrage.x25519.Identity.from_str(key) for key in keys]
    except (OSError, pyrage.IdentityError) as error:
        raise BackupError("The identity file cannot be read.") from error
    if not found:
        raise BackupError("The identity file holds no private age key.")
    return found


def restore_backup(folder: Path, identities: list[Any]) -> Restored:
    """Restore, migrate, erase again what was erased since, and check the trail.

    Raises BackupError; a database that was filled half is emptied again.
    """
    manifest = check_backup(folder, identities)
    _must_be_empty()
    try:
        _load(folder / SET_A, identities, "--section=pre-data", "--section=data")
        _load(folder / SET_B, identities, "--section=data")
        _load(folder / SET_A, identities, "--section=post-data")
        _compare_rows(manifest)
    except BackupError:
        _empty_again()
        raise
    files = _bring_files(folder, manifest)
    _bring_lines(folder / LEDGER, identities, Path(settings.ERASURE_LEDGER_FILE))
    for command in ("migrate", "make_roles"):
        call_command(command, verbosity=0)
    with system("restore"), transaction.atomic():
        opened = open_some(OPENED)
    call_command("apply_erasure_ledger")
    _check_trail(folder, identities, manifest)
    with system("restore"), transaction.atomic():
        record(None, "restore", AuditEvent(), note=folder.name)
    return Restored(sum(manifest.rows.values()), files, opened)


def check_backup(folder: Path, identities: list[Any]) -> Manifest:
    """The manifest of a backup that is whole. Raises BackupError with the reason."""
    try:
        manifest = Manifest.load(pyrage.decrypt((folder / MANIFEST).read_bytes(), identities))
    except pyrage.DecryptError as error:
        raise BackupError(
            "The manifest does not open: it was changed or cut, or this identity is not one of "
            "the people the backup was made for."
        ) from error
    except (OSError, KeyRingError) as error:
        raise BackupError(f"The backup cannot be read: {error}") from error
    told = {folder / name: total for name, total in manifest.parts.items()}
    told |= {folder.parent / FILES / name: total for name, total in manifest.files.items()}
    for path, total in told.items():
        if not path.is_file():
            raise BackupError(_missing(path))
        if sum_of(path) != total:
            raise BackupError(f"{path.name} was changed or cut since the backup was made.")
    return manifest


def _missing(path: Path) -> str:
    if path.name == SET_B:
        return f"{SET_B} is gone: the data keys are kept for 30 days only, and no name opens."
    return f"{path.name} is missing."


def _check_trail(folder: Path, identities: list[Any], manifest: Manifest) -> None:
    """The trail against the anchors here, and against the one the backup was made under."""
    if settings.AUDIT_ANCHORS_FILE:
        _bring_lines(folder / ANCHORS, identities, Path(settings.AUDIT_ANCHORS_FILE))
        note_restore(Path(settings.AUDIT_ANCHORS_FILE))
    try:
        anchor = {"anchor": [manifest.anchor]} if manifest.anchor else {}
        call_command("verify_audit", **anchor)
    except SystemExit as error:
        raise BackupError("The trail is not whole: verify_audit says where.") from error


def _must_be_empty() -> None:
    if connection.introspection.table_names():
        raise BackupError("This database is not empty: a backup is restored into an empty one.")


def _empty_again() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")


def _load(path: Path, identities: list[Any], *options: str) -> None:
    """Decrypt into PostgreSQL's own program; nothing touches the disk in the clear."""
    command = [program("pg_restore"), *RESTORE, *options, f"--dbname={_database()}"]
    try:
        load = subprocess.Popen(  # noqa: S603 - PostgreSQL's own program, our words
            command, env=environment(), stdin=subprocess.PIPE, stderr=subprocess.PIPE
        )
    except OSError as error:
        raise BackupError("pg_restore was not found: say in PG_BIN where it is.") from error
    # When it gives up early it says why, and the pipe breaks.
    with load, path.open("rb") as source:
        with suppress(OSError, pyrage.DecryptError):
            pyrage.decrypt_io(source, load.stdin, identities)
        with suppress(OSError):
            load.stdin.close()  # type: ignore[union-attr]  # a pipe was asked for
        complaint = load.stderr.read().decode() if load.stderr else ""
    if load.returncode:
        raise BackupError(f"pg_restore failed: {complaint.strip()}")


def _database() -> str:
    return str(connection.settings_dict["NAME"])


def _compare_rows(manifest: Manifest) -> None:
    with connection.cursor() as cursor:
        for table, count in manifest.rows.items():
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
            found = cursor.fetchone()[0]
            if found != count:
                raise BackupError(f"{table} has {found} rows and should have {count}.")


def _bring_files(folder: Path, manifest: Manifest) -> int:
    root = Path(settings.FILES_DIR)
    for place in manifest.files:
        copy = root / place
        if not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.copyfile(folder.parent / FILES / place, copy)
    return len(manifest.files)


def _bring_lines(path: Path, identities: list[Any], target: Path) -> None:
    """Add the lines that the file here lacks: what it knows beyond the backup stays."""
    kept = target.read_bytes().splitlines() if target.is_file() else []
    told = pyrage.decrypt(path.read_bytes(), identities).splitlines()
    known = set(kept)
    lines = [line for line in told if line not in known] + kept
    target.parent.mkdir(parents=True, exist_ok=True)
    target.touch(mode=0o600)
    target.write_bytes(b"".join(line + b"\n" for line in lines))


def open_some(most: int) -> int:
    """Open that many sealed values, picked by chance. Raises BackupError when one does not open."""
    opened = 0
    for row, name in _picked(most):
        try:
            getattr(row, name)
        except (KeyRingError, SealError) as error:
            raise BackupError(f"A value of {row._meta.label} does not open.") from error
        opened += 1
    return opened


def _picked(most: int) -> Iterator[tuple[models.Model, str]]:
    found = [(model, field.attname) for model, fields in sealed_models() for field in fields]
    each = max(1, most // max(1, len(found)))
    for model, name in found:
        rows: Any = model._base_manager.filter(~Q(**{name: None})).select_related("data_key")
        for row in rows.order_by("?")[:each]:
            yield row, name
