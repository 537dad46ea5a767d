"""How the scheduler comes in to the ground floor."""

from celery import shared_task

from accounts import actions


@shared_task
def sweep_outbox() -> None:
    actions.sweep_outbox()
