"""Fill a test installation so that it can be attacked: callers, relations, canaries."""

import json
import secrets
from argparse import ArgumentParser
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from config.demo.house import keep_password
from config.demo.trial import prepare

CASES = 60


class Command(BaseCommand):
    help = "Invented people with a canary in every text, and everybody who may try to read them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="answer with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.APP_ENV not in {"test", "demo"}:
            raise CommandError("Only an installation for tests is filled so. Set APP_ENV=test.")
        password = settings.DEMO_PASSWORD or secrets.token_urlsafe(24)
        with transaction.atomic():
            call_command("seed_demo", cases=CASES, stdout=StringIO())
            keep_password(password)
            told = prepare(password)
        if options["json"]:
            self.stdout.write(json.dumps(told))
        else:
            self.stdout.write(f"{len(told['canaries'])} canaries. Password: {password}")
