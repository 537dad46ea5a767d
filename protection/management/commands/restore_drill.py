"""Prove that a backup can be restored: into a scratch database that is dropped afterwards."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from accounts.audit import record
from accounts.models import AuditEvent
from accounts.scope import system
from protection.actions.backup import SUMS


class Command(BaseCommand):
    help = "Restore the newest backup into a scratch database, check it, and drop it again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, required=True, help="the folder of all backups")
        parser.add_argument("--identity", type=Path, required=True, help="file with the age key")
        parser.add_argument("--json", action="store_true", help="answer with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        folders = sorted(path.parent for path in options["out"].glob(f"*/{SUMS}"))
        if not folders:
            raise CommandError("There is no backup to try.")
        began = time.monotonic()
        with scratch_database() as url, TemporaryDirectory() as place:
            done = _restore(folders[-1], options["identity"], url, Path(place))
        seconds = round(time.monotonic() - began, 1)
        with system("restore_drill"), transaction.atomic():
            result = AuditEvent.Result.FAILED if done.returncode else AuditEvent.Result.OK
            record(None, "restore_drill", AuditEvent(), note=folders[-1].name, result=result)
        if done.returncode:
            raise CommandError(f"The drill failed: {done.stderr.strip()}")
        told = json.loads(done.stdout.splitlines()[-1])
        told |= {"folder": str(folders[-1]), "seconds": seconds}
        self.stdout.write(
            json.dumps(told)
            if options["json"]
            else f"{folders[-1].name} can be restored: {told['rows']} rows, {told['files']} files, "
            f"{told['opened']} values opened, in {seconds} s."
        )


@contextmanager
def scratch_database() -> Iterator[str]:
    """The address of an empty database of the same owner; gone afterwards."""
    name = f"casework_drill_{uuid4().hex[:12]}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    try:
        yield _url(name)
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _url(name: str) -> str:
    told = connection.settings_dict
    account = quote(told["USER"], safe="")
    if told["PASSWORD"]:
        account += f":{quote(told['PASSWORD'], safe='')}"
    server = {"host": told["HOST"]} | ({"port": told["PORT"]} if told["PORT"] else {})
    return f"postgres://{account}@/{name}?{urlencode(server | told.get('OPTIONS', {}))}"


def _restore(
    folder: Path, identity: Path, url: str, place: Path
) -> subprocess.CompletedProcess[str]:
    """As somebody would do it, in a process of its own, beside the files of the house."""
    told = {
        "DATABASE_URL": url,
        "FILES_DIR": str(place / "files"),
        "ERASURE_LEDGER_FILE": str(place / "ledger"),
        "AUDIT_ANCHORS_FILE": str(place / "anchors"),
        "KEY_RING_FILE": settings.KEY_RING_FILE,
    }
    for name, source in [
        ("ledger", settings.ERASURE_LEDGER_FILE),
        ("anchors", settings.AUDIT_ANCHORS_FILE),
    ]:
        if source and Path(source).is_file():
            (place / name).write_bytes(Path(source).read_bytes())
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "restore", str(folder)]
    return subprocess.run(  # noqa: S603 - our own command
        [*command, "--identity", str(identity), "--json"],
        env=os.environ | told,
        capture_output=True,
        text=True,
        check=False,
    )
