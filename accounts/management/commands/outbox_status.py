"""Say how the outbox is: what waits, since when, and what was given up."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db.models import Count
from django.utils import timezone

from accounts.models import OutboxJob

# A job that is due for so long was overlooked: the relay or the worker is away.
LATE_SECONDS = 600
UNWELL = 1


class Command(BaseCommand):
    help = "Say how many jobs wait, the oldest one's age, and what was given up; 1 when unwell."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="answer with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        counts = dict.fromkeys(OutboxJob.State.values, 0)
        counts |= dict(OutboxJob.objects.order_by().values_list("state").annotate(jobs=Count("pk")))
        oldest = OutboxJob.objects.due().order_by("available_at").first()
        late = (timezone.now() - oldest.available_at).total_seconds() if oldest else 0.0
        told = {**counts, "oldest_due_seconds": round(late)}
        is_well = counts[OutboxJob.State.DEAD] == 0 and late < LATE_SECONDS
        if options["json"]:
            self.stdout.write(json.dumps(told | {"ok": is_well}))
        else:
            self.stdout.write(", ".join(f"{name}: {count}" for name, count in told.items()))
        if not is_well:
            raise SystemExit(UNWELL)
