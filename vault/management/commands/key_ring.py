"""Make the key ring, add a version to it, or say whether it opens."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from vault.keys import FileKeyProvider, KeyRingError
from vault.ring import add_version, make_ring

DEEDS = {"make": make_ring, "add": add_version, "check": FileKeyProvider.read}


class Command(BaseCommand):
    help = "Make the key ring, add a master key to it, or check it; prints no key."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("deed", choices=DEEDS)
        parser.add_argument("--file", type=Path, help="another file than KEY_RING_FILE")
        parser.add_argument("--json", action="store_true", help="answer with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"] or Path(settings.KEY_RING_FILE)
        try:
            ring = DEEDS[options["deed"]](path)
        except KeyRingError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            answer = {"current": ring.current_version, "versions": ring.versions}
            self.stdout.write(json.dumps(answer))
            return
        versions = ", ".join(map(str, ring.versions))
        self.stdout.write(f"Versions {versions}; {ring.current_version} wraps.")
        if options["deed"] != "check":
            self.stdout.write("Print the file and put the print into the safe: docs/operations.md.")
