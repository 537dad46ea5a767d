"""What the clock does each day about time that is over; by hand, also only to look."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts import scope
from protection import actions
from protection.actions.retention import find_due
from protection.models import ErasureRequest


class Command(BaseCommand):
    help = "List what is due, warn, and erase what nobody took back in time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would go, no more")

    def handle(self, *args: Any, **options: Any) -> None:
        with scope.system("retention"):
            told = self._look() if options["dry_run"] else actions.keep_time()
        for what, count in told.items():
            self.stdout.write(f"{what}: {count}")

    def _look(self) -> dict[str, int]:
        today = timezone.localdate()
        return {
            "due": sum(1 for _ in find_due(today)),
            "to be erased": ErasureRequest.objects.due(today).count(),
            "notices": actions.sweep_notices(dry_run=True),
        }
