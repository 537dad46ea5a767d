"""Write records to a file: `export_records counts --format csv --out FILE --actor LOGIN`.

What names a person is encrypted to the receiver's key (age), needs two people of one team, and
stands in the register: `export_records transfer --case UUID --to CODE --recipient KEY
--approved-by LOGIN LOGIN --format age --out FILE`.
"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import Organization, User
from accounts.scope import system
from casework.models import Case
from reports.actions.records import WRITERS, hand_out_counts, hand_out_transfer

COUNTS, TRANSFER = "counts", "transfer"
AGE = "age"


class Command(BaseCommand):
    help = "Write counts without names, or one person's file with two names under it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=[COUNTS, TRANSFER])
        parser.add_argument("--format", choices=[*WRITERS, AGE], required=True)
        parser.add_argument("--out", type=Path, required=True)
        parser.add_argument("--actor", help="login for whom counts are written")
        parser.add_argument("--case", type=UUID, help="id of the case of one person")
        parser.add_argument("--to", help="code of the organization that gets it")
        parser.add_argument("--recipient", default="", help="public key of the receiver (age1…)")
        parser.add_argument(
            "--approved-by",
            nargs=2,
            metavar="LOGIN",
            help="who has the case and asks for it, and who agrees",
        )
        parser.add_argument("--json", action="store_true", help="answer with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["out"]
        if out.exists() or not out.parent.is_dir():
            raise CommandError(f"{out} exists already, or its folder does not.")
        try:
            with system("export_records"), transaction.atomic():
                content = self._content(options)
        except PermissionDenied as error:
            raise CommandError("Somebody named here may not do this.") from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        try:
            out.write_bytes(content)
        except OSError as error:
            raise CommandError(f"{out} could not be written: {error.strerror}.") from error
        line = {"kind": options["kind"], "bytes": len(content), "out": str(out)}
        self.stdout.write(json.dumps(line) if options["json"] else f"Written: {out}")

    def _content(self, options: dict[str, Any]) -> bytes:
        if options["kind"] == COUNTS:
            if options["format"] == AGE:
                raise CommandError("Counts are written as csv or xlsx.")
            return hand_out_counts(format=options["format"], actor=_user(options["actor"]))
        if options["format"] != AGE or not options["recipient"] or not options["approved_by"]:
            raise CommandError(
                "What names a person leaves as age, with --recipient KEY and --approved-by A B."
            )
        first, second = (_user(login) for login in options["approved_by"])
        receiver = Organization.objects.filter(code=options["to"]).first()
        case = Case.objects.filter(pk=options["case"]).first()
        if receiver is None or case is None:
            raise CommandError("Give --case and --to: one of them is not known.")
        return hand_out_transfer(
            case,
            recipient=receiver,
            recipient_key=options["recipient"],
            first=first,
            second=second,
        )


def _user(login: str | None) -> User:
    user = User.objects.filter(username=login or "", is_active=True).first()
    if user is None:
        raise CommandError(f"Nobody signs in as {login}.")
    return user
