"""Make the index of names anew: after a restore, a new key ring or a change of how names sound."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.scope import system
from casework.actions.search import rebuild_search


class Command(BaseCommand):
    help = "Make the index of names anew, a batch at a time; it prints no name."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="answer with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        with system("rebuild_search"):
            count = rebuild_search()
        line = {"people": count}
        self.stdout.write(json.dumps(line) if options["json"] else f"{count} people can be found.")
