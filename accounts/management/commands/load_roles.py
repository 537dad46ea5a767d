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
        for code, names in wanted.items():
            if unknown := [name for name in names if name not in known]:
                raise CommandError(f"{code}: no such permission: {', '.join(unknown)}")
            role, _ = Role.objects.get_or_create(code=code)
            role.permissions.set(known[name] for name in names)
        line = {"roles": len(wanted)}
        self.stdout.write(json.dumps(line) if options["json"] else f"{len(wanted)} roles loaded.")
