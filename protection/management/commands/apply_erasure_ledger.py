"""After a restore: erase again what was erased since the backup was made."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts import scope
from protection.actions import apply_ledger, check_ledger
from protection.actions.ledger import LedgerError


class Command(BaseCommand):
    help = "Erase again whatever a restored backup brought back; run before the start."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="erase nothing; fail when there is something to do"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with scope.system("erasure"):
                if options["check"]:
                    check_ledger()
                    self.stdout.write("The database knows all of the ledger.")
                    return
                count = apply_ledger()
        except (LedgerError, ValidationError) as error:
            raise CommandError(str(getattr(error, "message", error))) from error
        self.stdout.write(f"Erased again: {count}.")
