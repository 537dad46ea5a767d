"""Deliver the outbox until told to stop."""

import logging
import select
import signal
from typing import Any

from celery import current_app
from django.core.management.base import BaseCommand
from django.db import OperationalError, connection

from accounts.outbox import CHANNEL, deliver_due

log = logging.getLogger(__name__)

POLL_SECONDS = 2.0


class Command(BaseCommand):
    help = "Deliver the outbox: wakes up when work is promised, and every two seconds."

    def handle(self, *args: Any, **options: Any) -> None:
        # Tasks are known once their modules are imported, as a worker does at its start.
        current_app.loader.import_default_modules()
        self.running = True
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, self.stop)
        while self.running:
            try:
                self.listen()
                while self.running:
                    while deliver_due():
                        pass
                    self.wait()
            except OperationalError:
                log.warning("the database is away")
                connection.close()
                select.select([], [], [], POLL_SECONDS)

    def stop(self, *args: object) -> None:
        self.running = False

    def listen(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f'LISTEN "{CHANNEL}"')

    def wait(self) -> None:
        wire = connection.connection
        if wire is None:
            raise OperationalError
        select.select([wire], [], [], POLL_SECONDS)
        wire.poll()
        wire.notifies.clear()
