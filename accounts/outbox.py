"""The outbox: work promised in a transaction, delivered by the relay, done once.

An action calls `enqueue`. A task says which event it answers with `@answers`. The relay
fans each event out to the tasks that answer it and sends those to the worker. A job counts as
done in the transaction of its effect, so a job that was lost is sent again and one that comes
twice does nothing the second time.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from celery import current_app, shared_task
from django.db import connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts import lock
from accounts.models import OutboxJob
from accounts.scope import system

log = logging.getLogger(__name__)

CHANNEL = "outbox"
RESEND_AFTER = timedelta(minutes=10)
WAIT_FOR_BROKER = timedelta(seconds=5)
MAX_ATTEMPTS = 8
BATCH = 100

Settle = Callable[[], bool]


def enqueue(event: str, *, key: str, at: datetime | None = None, **ids: str | UUID | int) -> None:
    """Promise an event, in the caller's transaction. The same event and key twice is one.

    With `at` it waits till then.
    """
    args = {name: value if isinstance(value, int) else str(value) for name, value in ids.items()}
    job = OutboxJob(event=event, args=args, dedupe_key=f"{event}:{key}")
    job.available_at = at or job.available_at
    OutboxJob.objects.bulk_create([job], ignore_conflicts=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


def enqueue_each(event: str, promised: Mapping[str, Mapping[str, str | int]]) -> None:
    """Promise one event many times, each under its key with its ids; otherwise as `enqueue`."""
    jobs = [
        OutboxJob(event=event, args=dict(ids), dedupe_key=f"{event}:{key}")
        for key, ids in promised.items()
    ]
    if not jobs:
        return
    OutboxJob.objects.bulk_create(jobs, ignore_conflicts=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


Task = Callable[..., None]


def answers(event: str, *, atomic: bool = True) -> Callable[[Task], Task]:
    """Make a function the task that answers an event; it gets the event's ids as keywords.

    With `atomic=False` it manages its own transactions and gets `settle` as well, which it calls
    inside the transaction of its effect; a false answer means that somebody else was first.
    """

    def decorate(function: Task) -> Task:
        name = f"{function.__module__}.{function.__name__}"

        def run(job_id: str) -> None:
            job = OutboxJob.objects.filter(pk=job_id).exclude(state=OutboxJob.State.DONE).first()
            # What was with the worker already when everything was locked is sent again later.
            if job is None or lock.is_on():
                return
            try:
                with system(event):
                    _answer(job)
            except Exception as error:
                _note_failure(job, error)
                raise

        def _answer(job: OutboxJob) -> None:
            if not atomic:
                function(settle=lambda: settle(job), **job.args)
                return
            with transaction.atomic():
                if settle(job):
                    function(**job.args)

        # `answers` is a mark of ours, which the relay reads.
        task: Task = shared_task(name=name, answers=event)(run)  # type: ignore[call-overload]  # the mark
        return task

    return decorate


def settle(job: OutboxJob) -> bool:
    """Mark a job done inside the transaction of its effect; false when it was done already."""
    return bool(
        OutboxJob.objects.filter(pk=job.pk)
        .exclude(state=OutboxJob.State.DONE)
        .update(state=OutboxJob.State.DONE, last_error="")
    )


def _note_failure(job: OutboxJob, error: Exception) -> None:
    """Keep the kind of error, never its text, which could hold a client's data."""
    log.error("job failed: %s, %s", job.event, type(error).__name__)
    OutboxJob.objects.filter(pk=job.pk).update(last_error=type(error).__name__)


@transaction.atomic
def deliver_due() -> int:
    """Fan out new events and send due jobs; returns how many rows were handled.

    Safe to run in several relays at once. While everything is locked all of it waits.
    """
    if lock.is_on():
        return 0
    jobs = list(
        OutboxJob.objects.due().select_for_update(skip_locked=True).order_by("available_at")[:BATCH]
    )
    for job in jobs:
        if job.task:
            _send(job)
        else:
            _fan_out(job)
    return len(jobs)


def _fan_out(event: OutboxJob) -> None:
    names = [name for name, task in current_app.tasks.items() if _answers(task, event.event)]
    OutboxJob.objects.bulk_create(
        [
            OutboxJob(
                event=event.event,
                task=name,
                args=event.args,
                dedupe_key=f"{event.dedupe_key}>{name}",
            )
            for name in names
        ],
        ignore_conflicts=True,
    )
    event.state = OutboxJob.State.DONE
    event.save(update_fields=["state"])


def _answers(task: object, event: str) -> bool:
    return vars(type(task)).get("answers") == event


def _send(job: OutboxJob) -> None:
    if job.attempts >= MAX_ATTEMPTS:
        job.state = OutboxJob.State.DEAD
        log.error("job given up: %s", job.event)
        job.save(update_fields=["state"])
        return
    try:
        current_app.send_task(job.task, args=[str(job.pk)], retry=False)
    except OperationalError:
        log.warning("the broker is away")
        job.available_at = timezone.now() + WAIT_FOR_BROKER
        job.save(update_fields=["available_at"])
        return
    job.state, job.attempts = OutboxJob.State.SENT, job.attempts + 1
    job.available_at = timezone.now() + RESEND_AFTER
    job.save(update_fields=["state", "attempts", "available_at"])
