"""Run the clocks of the referrals; the scheduler does it every few minutes."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from accounts.scope import system
from referrals.actions import mark_overdue_referrals, remind_of_referrals


class Command(BaseCommand):
    help = "Marks what is overdue and reminds of what is silent. A second run does nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        with system("mark_overdue_referrals"):
            done = {"marked": mark_overdue_referrals(), "reminded": remind_of_referrals()}
        words = f"{done['marked']} newly overdue, {done['reminded']} reminded of"
        said = json.dumps(done) if options["json"] else words
        self.stdout.write(said)
