"""Seal the trail every ten seconds until told to stop."""

import logging
import signal
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

from accounts.actions.seals import anchor_outside, note_restore, seal_trail
from accounts.audit_seals import SigningKey, SigningKeyError

log = logging.getLogger(__name__)

EVERY_SECONDS = 10.0


class Command(BaseCommand):
    help = "Seal the trail every ten seconds; with --once, seal what is decided and end."
    # The sealer may open neither the key ring nor any table but those of the trail.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--once", action="store_true")
        parser.add_argument(
            "--restored",
            action="store_true",
            help="after a restore: say in the anchors file that the trail continues from here",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        anchors = Path(settings.AUDIT_ANCHORS_FILE)
        try:
            self.key = SigningKey.read(Path(settings.AUDIT_SIGNING_KEY_FILE))
        except SigningKeyError as error:
            raise CommandError(str(error)) from error
        if options["restored"]:
            note_restore(anchors)
            return
        self.anchored: datetime | None = None
        self.stopped = threading.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: self.stopped.set())
        while not self.stopped.is_set():
            self.seal(anchors)
            if options["once"] or self.stopped.wait(EVERY_SECONDS):
                return

    def seal(self, anchors: Path) -> None:
        try:
            while seal_trail(self.key):
                pass
            self.anchored = anchor_outside(anchors, self.key, self.anchored)
        except OperationalError:
            log.warning("the database is away")
            connection.close()
