"""Write the directory as HSDS 3 JSON, or take such a file in."""

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.scope import system
from directory.actions import import_document, preview_document
from directory.exports import hsds_document
from directory.hsds import ExchangeError, read_document
from directory.models import CIRCLES, Place


class Command(BaseCommand):
    help = "hsds export [--for public] > file; hsds import FILE --by LOGIN [--preview]"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("what", choices=["export", "import"])
        parser.add_argument("file", nargs="?", type=Path)
        parser.add_argument(
            "--for", dest="circle", choices=sorted(CIRCLES), default=Place.Visibility.PUBLIC.value
        )
        parser.add_argument("--by", help="login of the editor in whose name it is taken in")
        parser.add_argument("--preview", action="store_true", help="say what it would do")

    def handle(self, *args: Any, **options: Any) -> None:
        with system("hsds"):
            if options["what"] == "export":
                document = hsds_document(options["circle"])
                self.stdout.write(json.dumps(document, ensure_ascii=False, indent=1))
                return
            self._take(options)

    def _take(self, options: dict[str, Any]) -> None:
        actor = User.objects.filter(username=options["by"] or "").first()
        if actor is None or options["file"] is None:
            raise CommandError("Name a file, and with --by the login of an editor.")
        act = preview_document if options["preview"] else import_document
        try:
            counts = act(read_document(options["file"].read_bytes()), actor=actor)
        except (ExchangeError, OSError) as error:
            raise CommandError(str(error)) from error
        except PermissionDenied as error:
            raise CommandError("This login may not change the directory.") from error
        for table, states in counts.items():
            told = ", ".join(f"{number} {state}" for state, number in states.items())
            self.stdout.write(f"{table}: {told or 'nothing'}")
