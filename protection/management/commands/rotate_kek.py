"""Wrap every data key with a new master key; take the old one out when none needs it."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.actions.factors import renew_factor_seals
from accounts.actions.sealed_rows import wrap_sealed_rows_again
from accounts.audit import record
from accounts.models import Draft
from accounts.scope import system
from vault.actions import keys_on_old_versions, rewrap_keys
from vault.keys import KeyRingError, key_provider
from vault.models import DataKey
from vault.ring import add_version, is_settled, retire_versions


class Command(BaseCommand):
    help = (
        "Wrap every data key with the ring's current master key, a batch at a time. What was "
        "done stays done when it is stopped: run it again. Readers notice nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--new", action="store_true", help="add a master key to the ring first")
        parser.add_argument("--batch", type=int, default=1_000, help="keys in one transaction")
        parser.add_argument(
            "--retire", action="store_true", help="take the old master keys out of the ring"
        )
        parser.add_argument(
            "--stopped",
            action="store_true",
            help="web and worker are stopped: do not wait 15 minutes before --retire",
        )
        parser.add_argument("--json", action="store_true", help="answer with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        with system("rotate_kek"):
            self.rotate(Path(settings.KEY_RING_FILE), options)

    def rotate(self, ring: Path, options: dict[str, Any]) -> None:
        try:
            if options["new"]:
                add_version(ring)
            done, unopened = _rewrap(options["batch"])
            factors = renew_factor_seals()
            messages = wrap_sealed_rows_again()
            retired = _retire(ring, options["stopped"]) if options["retire"] else []
            answer = {
                "current": key_provider().current_version,
                "rewrapped": done,
                "factors": factors,
                "messages": messages,
                "left": keys_on_old_versions(),
                "unopened": unopened,
                "retired": retired,
            }
        except KeyRingError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(answer))
        else:
            self.stdout.write("\n".join(f"{name}: {told}" for name, told in answer.items()))
        if unopened:
            raise CommandError(f"{len(unopened)} data keys do not open with this ring.")


def _rewrap(most: int) -> tuple[int, list[str]]:
    done, unopened = 0, []
    for batch in rewrap_keys(most):
        done += batch.done
        unopened += [str(key_id) for key_id in batch.unopened]
    with transaction.atomic():
        record(None, "rotate_kek", DataKey(), note=f"{done} to {key_provider().current_version}")
    return done, unopened


def _retire(ring: Path, is_stopped: bool) -> list[int]:
    if left := keys_on_old_versions():
        raise CommandError(f"{left} data keys still need an old master key: none was taken out.")
    if not (is_stopped or is_settled(ring)):
        raise CommandError(
            "The new master key is too young: a key that was made just before may not be stored "
            "yet. Run this again in 15 minutes, or stop web and worker and say --stopped."
        )
    renew_factor_seals()
    wrap_sealed_rows_again()
    # Forms that were kept for some minutes: those of before are over.
    Draft.objects.exclude(key_version=key_provider().current_version).delete()
    retired = retire_versions(ring)
    with transaction.atomic():
        record(None, "retire_kek", DataKey(), note=",".join(map(str, retired)))
    return retired
