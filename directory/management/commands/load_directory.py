"""Load languages, areas, kinds of service, institutions and the other lists of the directory."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from directory.actions import load_directory
from directory.lists import REFERENCE, ListError


class Command(BaseCommand):
    help = "Bring the directory in step with its reference files; may be run again at any time."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--json", action="store_true", help="answer with one line of JSON")
        parser.add_argument(
            "--from", dest="folder", type=Path, default=REFERENCE, help="folder of the files"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            counts = load_directory(options["folder"])
        except ListError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(counts))
            return
        for name, states in counts.items():
            told = ", ".join(f"{number} {state}" for state, number in states.items() if number)
            self.stdout.write(f"{name}: {told or 'nothing'}")
