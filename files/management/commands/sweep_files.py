"""Compare disk and table, and look again at files that wait; the scheduler does it every hour."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.scope import system
from files.actions import check_again, sweep
from files.actions.sweeping import BlindError


class Command(BaseCommand):
    help = "Takes bytes off the disk that no row points at, and tells rows without bytes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with system("sweep_files"):
                swept, waiting = sweep(), check_again()
        except BlindError as error:
            raise CommandError("No file's row can be seen: nothing is swept.") from error
        told = {"dropped": swept.dropped, "missing": swept.missing, "waiting": waiting}
        said = ", ".join(f"{number} {name}" for name, number in told.items())
        self.stdout.write(json.dumps(told) if options["json"] else said)
