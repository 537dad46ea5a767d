"""How the scheduler comes in to the ground floor."""

from celery import shared_task

from accounts import actions


@shared_task  # type: ignore[untyped-decorator]  # celery's own
def sweep_outbox() -> None:
    actions.sweep_outbox()
