"""Put the instruments of the repository into use; run at each start, changes nothing twice."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from screening.actions import publish_version
from screening.instrument_files import InstrumentFileError, instrument_paths, read_instrument


class Command(BaseCommand):
    help = "Loads every file of screening/instruments that is not in use as it stands."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, help="Other files instead.")

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = []
        for path in options["files"] or instrument_paths():
            try:
                if publish_version(read_instrument(path)):
                    loaded.append(path.stem)
            except InstrumentFileError as error:
                raise CommandError(str(error)) from error
            except ValidationError as error:
                raise CommandError(f"{path}: {' '.join(error.messages)}") from error
        self.stdout.write(f"{len(loaded)} instruments loaded.")
