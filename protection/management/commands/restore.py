"""Restore a backup into an empty database; run as the database's owner."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from protection.actions.restore import check_backup, read_identity, restore_backup
from protection.manifest import BackupError


class Command(BaseCommand):
    help = (
        "Check a backup, restore it into an empty database, migrate, erase again what was erased "
        "since it was made, and check the trail. Needs the key ring of the time of the backup."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder of one backup")
        parser.add_argument("--identity", type=Path, required=True, help="file with the age key")
        parser.add_argument("--check", action="store_true", help="only say whether it is whole")
        parser.add_argument("--json", action="store_true", help="answer with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            identities = read_identity(options["identity"])
            if options["check"]:
                manifest = check_backup(options["folder"], identities)
                self.stdout.write(f"Whole: made {manifest.made_at}.")
                return
            restored = restore_backup(options["folder"], identities)
        except BackupError as error:
            raise CommandError(f"Refused. {error}") from error
        self.stdout.write(
            json.dumps(restored._asdict())
            if options["json"]
            else f"{restored.rows} rows and {restored.files} files are back, "
            f"{restored.opened} sealed values were opened. You may start the house."
        )
