"""Load the agreements from accounts/reference/agreements.json."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.actions.agreements import load_agreements


class Command(BaseCommand):
    help = "Add the versions of code of conduct and confidentiality agreement that are new."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--json", action="store_true", help="answer with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_agreements()
        except ValidationError as error:
            raise CommandError(error.messages[0]) from error
        line = json.dumps({"agreements": loaded})
        self.stdout.write(line if options["json"] else f"{loaded} agreements loaded.")
