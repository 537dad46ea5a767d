"""Load what each role may do from accounts/reference/roles.json."""

import json
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Permission
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import Role

FILE = Path(__file__).resolve().parents[2] / "reference" / "roles.json"


class Command(BaseCommand):
    help = "Give each role the permissions that roles.json lists, and no others."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--json", action="store_true", help="answer with one line of JSON")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        wanted: dict[str, list[str]] = json.loads(FILE.read_text())
        known = {
            f"{permission.content_type.app_label}.{permission.codename}": permission
            for permission in Permission.objects.select_related("content_type")
        }
        if strangers := wanted.keys() - set(Role.Code.values):
            raise CommandError(f"No such role: {', '.join(sorted(strangers))}")
        for code in Role.Code.values:
            names = wanted.get(code, [])
            if unknown := [name for name in names if name not in known]:
                raise CommandError(f"{code}: no such permission: {', '.join(unknown)}")
            role, _ = Role.objects.get_or_create(code=code)
            role.permissions.set(known[name] for name in names)
        line = {"roles": len(Role.Code)}
        self.stdout.write(
            json.dumps(line) if options["json"] else f"{len(Role.Code)} roles loaded."
        )
