"""Load what each role may do from accounts/reference/roles.json."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actions.roles import load_roles


class Command(BaseCommand):
    help = (
        "Give each role the permissions that roles.json lists; what was changed on the page of"
        " roles since is kept."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--json", action="store_true", help="answer with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_roles()
        except LookupError as error:
            raise CommandError(str(error)) from error
        line = json.dumps({"roles": loaded}) if options["json"] else f"{loaded} roles loaded."
        self.stdout.write(line)
