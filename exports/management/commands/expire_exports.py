"""Let go what nobody fetched or agreed to; the scheduler does it every few minutes."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from accounts.scope import system
from exports.actions import expire_exports


class Command(BaseCommand):
    help = "Destroys the files of exports that ran out; their lines in the register stay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        with system("expire_exports"):
            ended = expire_exports()
        said = json.dumps({"ended": ended}) if options["json"] else f"{ended} exports ended"
        self.stdout.write(said)
