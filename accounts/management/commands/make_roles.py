"""Make the unprivileged database roles; run as the owner, after every migration."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from accounts.database_roles import BACKUP_ROLE, NO_BACKUP_ROLE, make_roles


class Command(BaseCommand):
    help = "Make the database roles that web, worker and relay log in with, and set their rights."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--json", action="store_true", help="answer with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        roles = make_roles()
        if BACKUP_ROLE not in roles:
            self.stderr.write(NO_BACKUP_ROLE)
        self.stdout.write(
            json.dumps({"roles": roles}) if options["json"] else f"Roles ready: {', '.join(roles)}."
        )
