"""Make a backup that only the recipients' private keys open."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.scope import system
from protection.actions.backup import make_backup, prune_backups
from protection.manifest import BackupError
from vault.keys import KeyRingError


class Command(BaseCommand):
    help = (
        "Dump the database into age encryption (set A all but the data keys, set B the data keys) "
        "and copy the sealed files. The key ring is not in it. docs/operations.md says how."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, required=True, help="the folder of all backups")
        parser.add_argument(
            "--prune", action="store_true", help="throw away what is too old afterwards"
        )
        parser.add_argument("--json", action="store_true", help="answer with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with system("backup"):
                folder, manifest = make_backup(options["out"])
            gone = prune_backups(options["out"], timezone.now()) if options["prune"] else []
        except (BackupError, KeyRingError, OSError) as error:
            raise CommandError(f"No backup was made. {error}") from error
        told = {
            "folder": str(folder),
            "rows": sum(manifest.rows.values()),
            "files": len(manifest.files),
            "anchor": manifest.anchor,
            "pruned": gone,
        }
        self.stdout.write(
            json.dumps(told)
            if options["json"]
            else f"{folder}: {told['rows']} rows, {told['files']} files."
        )
