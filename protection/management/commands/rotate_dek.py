"""Give one person, with her cases, or whoever owns a key a new data key."""

import json
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, transaction

from accounts.audit import record
from accounts.scope import system
from casework.codes import read_code
from casework.models import Case, Person
from vault.actions import renew_data_key
from vault.keys import KeyRingError, SealError
from vault.models import DataKey

TRIES = 10
LOCK_NOT_AVAILABLE = "55P03"


class Command(BaseCommand):
    help = (
        "Give an owner a new data key and seal all that is hers with it, in one transaction. A "
        "person's code means the person and her cases; an id means the one key with this id."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("owner", help="a person's code, or the id of a person or a case")
        parser.add_argument("--json", action="store_true", help="answer with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with system("rotate_dek"):
                told = {str(key): _renew(key) for key in _keys_of(options["owner"])}
        except (KeyRingError, SealError) as error:
            raise CommandError(f"Nothing was changed for the last key. {error}") from error
        if options["json"]:
            self.stdout.write(json.dumps(told))
            return
        for key, rows in told.items():
            self.stdout.write(f"{key}: {sum(rows.values())} rows sealed anew")


def _keys_of(owner: str) -> list[UUID]:
    if code := read_code(owner):
        person = Person.objects.filter(code=code).values_list("pk", flat=True)
        case = Case.objects.filter(person__code=code).values_list("pk", flat=True)
        wanted = [*person, *case]
    else:
        try:
            wanted = [UUID(owner)]
        except ValueError as error:
            raise CommandError("This is neither a code nor an id.") from error
    keys = list(DataKey.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    if not keys:
        raise CommandError("Nobody with this code or id has a data key.")
    return keys


def _renew(key_id: UUID) -> dict[str, int]:
    """Wait for those who are reading, a little at a time: others must not queue behind us."""
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                renewed = renew_data_key(key_id)
                record(None, "rotate_dek", DataKey(pk=key_id), fields=renewed.rows)
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", "") != LOCK_NOT_AVAILABLE:
                raise
            continue
        return renewed.rows
    raise CommandError("Somebody was reading all the time: try again when less is going on.")
