"""Notice the referrals that were not answered in time; the scheduler does it every few minutes."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from accounts.scope import system
from referrals.actions import mark_overdue_referrals


class Command(BaseCommand):
    help = "Writes on the timelines which referrals are overdue. A second run writes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        with system("mark_overdue_referrals"):
            marked = mark_overdue_referrals()
        said = json.dumps({"marked": marked}) if options["json"] else f"{marked} newly overdue"
        self.stdout.write(said)
