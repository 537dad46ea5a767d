"""Make a backup: two dumps of one moment, sealed to the people who may open it, and the files.

Set A is everything but the data keys, set B the data keys alone: without B, which is thrown away
after 30 days, A is noise for whoever was erased. Nothing is written in the clear, not even for a
moment: what PostgreSQL dumps runs through a pipe into the encryption.
"""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import environ
import pyrage
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from psycopg2 import sql

from accounts.audit import record
from accounts.audit_seals import latest_anchor
from accounts.models import AuditEvent
from accounts.scope import nobody
from protection.manifest import BackupError, Manifest, sum_of
from protection.programs import environment, program
from vault.keys import key_provider

KEYS_TABLE = "public.vault_datakey"
SET_A, SET_B, MANIFEST, SUMS = "a.dump.age", "b.dump.age", "manifest.age", "SHA256SUMS"
LEDGER, ANCHORS, FILES = "ledger.age", "anchors.age", "files"
DUMP = ("--format=custom", "--compress=6", "--no-owner", "--no-privileges")
FEWEST_RECIPIENTS = 2
# How long the data keys are kept, and everything else.
KEYS_DAYS, ALL_DAYS = 30, 365


def make_backup(out: Path) -> tuple[Path, Manifest]:
    """Write a backup below `out`; returns its folder. Raises BackupError; then none is left."""
    recipients = _recipients()
    moment = timezone.now()
    folder = out / moment.strftime("%Y%m%dT%H%M%SZ")
    folder.mkdir(parents=True, mode=0o700)
    try:
        with _one_moment() as (cursor, snapshot, database):
            manifest = _told(cursor, moment)
            without_keys = f"--exclude-table-data={KEYS_TABLE}"
            only_keys = ("--data-only", f"--table={KEYS_TABLE}")
            _dump(folder / SET_A, recipients, database, snapshot, without_keys)
            _dump(folder / SET_B, recipients, database, snapshot, *only_keys)
        _seal_file(Path(settings.ERASURE_LEDGER_FILE), folder / LEDGER, recipients)
        _seal_file(Path(settings.AUDIT_ANCHORS_FILE or "-"), folder / ANCHORS, recipients)
        manifest.parts = {path.name: sum_of(path) for path in sorted(folder.iterdir())}
        manifest.files = _copy_files(out / FILES)
        (folder / MANIFEST).write_bytes(pyrage.encrypt(manifest.dump(), recipients))
        _write_sums(folder, manifest)
    except (BackupError, OSError):
        shutil.rmtree(folder)
        raise
    with transaction.atomic():
        record(None, "backup", AuditEvent(), note=folder.name, meta={"anchor": manifest.anchor})
    return folder, manifest


def _recipients() -> list[Any]:
    told = settings.BACKUP_RECIPIENTS
    fewest = 1 if settings.LOCAL else FEWEST_RECIPIENTS
    if len(told) < fewest:
        raise BackupError(f"BACKUP_RECIPIENTS names {len(told)} public age keys: give {fewest}.")
    try:
        return [pyrage.x25519.Recipient.from_str(key) for key in told]
    except pyrage.RecipientError as error:
        raise BackupError("BACKUP_RECIPIENTS holds something that is no age key.") from error


@contextmanager
def _one_moment() -> Iterator[tuple[Any, str, dict[str, Any]]]:
    """A transaction that holds one moment still for both dumps and the counts."""
    backup = connection.copy()
    if url := settings.BACKUP_DATABASE_URL:
        backup.settings_dict |= environ.Env.db_url_config(url)
    try:
        with nobody():
            backup.ensure_connection()
        with closing(backup), backup.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            # Whoever does not see every row is told so, and no half is taken for the whole.
            cursor.execute("SET LOCAL row_security = off")
            cursor.execute("SELECT pg_export_snapshot()")
            yield cursor, cursor.fetchone()[0], backup.settings_dict
    except DatabaseError as error:
        raise BackupError(f"The database does not give all of it: {error}") from error


def _told(cursor: Any, moment: datetime) -> Manifest:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    rows = {}
    for (table,) in cursor.fetchall():
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
        rows[table] = cursor.fetchone()[0]
    cursor.execute("SELECT app, max(name) FROM django_migrations GROUP BY app")
    migrations = dict(cursor.fetchall())
    anchor = latest_anchor()
    return Manifest(
        made_at=moment.isoformat(),
        rows=rows,
        migrations=migrations,
        anchor=str(anchor) if anchor else "",
        key_versions=key_provider().versions,
    )


def _dump(
    path: Path, recipients: list[Any], database: dict[str, Any], snapshot: str, *options: str
) -> None:
    command = [program("pg_dump"), *DUMP, f"--snapshot={snapshot}", *options]
    try:
        dump = subprocess.Popen(  # noqa: S603 - PostgreSQL's own program, our words
            command,
            env=environment(database),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    except OSError as error:
        raise BackupError("pg_dump was not found: say in PG_BIN where it is.") from error
    with dump, path.open("wb") as out:
        pyrage.encrypt_io(dump.stdout, out, recipients)
        complaint = dump.stderr.read().decode() if dump.stderr else ""
    if dump.returncode:
        raise BackupError(f"pg_dump failed: {complaint.strip()}")


def _seal_file(source: Path, path: Path, recipients: list[Any]) -> None:
    """A file of a few lines that no restore may lose; an empty one where there is none."""
    plain = source.read_bytes() if source.is_file() else b""
    path.write_bytes(pyrage.encrypt(plain, recipients))


def _copy_files(store: Path) -> dict[str, str]:
    """Copy what lies sealed on disk; names are random and contents never change, so once."""
    root = Path(settings.FILES_DIR)
    sums = {}
    for source in sorted(root.glob("??/*")):
        place = str(source.relative_to(root))
        copy = store / place
        try:
            if not copy.exists():
                copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                part = copy.with_name(f"{copy.name}.part")
                shutil.copyfile(source, part)
                part.replace(copy)
            sums[place] = sum_of(copy)
        except FileNotFoundError:  # removed meanwhile
            continue
    return sums


def _write_sums(folder: Path, manifest: Manifest) -> None:
    """For whoever keeps the copy and cannot open it: `sha256sum -c SHA256SUMS`."""
    told = {**manifest.parts, MANIFEST: sum_of(folder / MANIFEST)}
    told |= {f"../{FILES}/{place}": total for place, total in manifest.files.items()}
    lines = [f"{total}  {name}\n" for name, total in told.items()]
    (folder / SUMS).write_text("".join(lines))


def prune_backups(out: Path, now: datetime) -> list[str]:
    """Throw away what is too old: data keys after 30 days, the rest after a year."""
    gone = []
    for folder in sorted(path for path in out.iterdir() if (path / SUMS).is_file()):
        made = datetime.strptime(folder.name, "%Y%m%dT%H%M%SZ").replace(tzinfo=now.tzinfo)
        if now - made > timedelta(days=ALL_DAYS):
            shutil.rmtree(folder)
            gone.append(folder.name)
        elif now - made > timedelta(days=KEYS_DAYS) and (folder / SET_B).exists():
            (folder / SET_B).unlink()
            gone.append(f"{folder.name}/{SET_B}")
    _drop_unneeded(out)
    return gone


def _drop_unneeded(out: Path) -> None:
    """Sealed files that no backup names any more."""
    needed = {
        line.split("  ", 1)[1]
        for sums in out.glob(f"*/{SUMS}")
        for line in sums.read_text().splitlines()
    }
    for path in (out / FILES).glob("??/*"):
        if f"../{FILES}/{path.relative_to(out / FILES)}" not in needed:
            path.unlink()
