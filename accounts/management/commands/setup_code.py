"""Show the code that an empty installation asks for."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.actions import setup_code


class Command(BaseCommand):
    help = "Show the code with which the first administrator begins an empty installation."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(setup_code())
