"""Erase one person or case from the server; also finishes an erasure that was cut off."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts import scope
from protection.actions import erase
from protection.models import ErasureLedger, Subject


class Command(BaseCommand):
    help = "Erase everything of a person, or one case, by its random number."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=Subject.values)
        parser.add_argument("id", type=UUID)

    def handle(self, *args: Any, **options: Any) -> None:
        with scope.system("erasure"):
            try:
                row = erase(options["kind"], options["id"], why=ErasureLedger.Why.COMMAND)
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Erased. Row {row.pk} of the ledger.")
