"""Ask institutions whether their entries are still right, as the scheduler does each day."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.scope import system
from directory.actions import ask_due_checks


class Command(BaseCommand):
    help = "Send the monthly question to one contact of each institution that has an entry due."

    def handle(self, *args: Any, **options: Any) -> None:
        with system("ask_due_checks"):
            self.stdout.write(f"{ask_due_checks()} asked")
