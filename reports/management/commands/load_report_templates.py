"""Load the templates of donors that ship with the product."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from reports.actions import load_template
from reports.actions.templates import FOLDER


class Command(BaseCommand):
    help = "Load every template of reports/definitions; a known version is left as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="answer with one line of JSON")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        loaded = 0
        for path in sorted(FOLDER.glob("*.json")):
            if path.name == "schema.json":
                continue
            try:
                loaded += load_template(json.loads(path.read_text()))
            except (ValidationError, json.JSONDecodeError) as error:
                reason = error.messages[0] if isinstance(error, ValidationError) else str(error)
                raise CommandError(f"{path.name}: {reason}") from error
        line = {"loaded": loaded}
        self.stdout.write(json.dumps(line) if options["json"] else f"{loaded} templates loaded.")
