"""How exports come to an end by themselves."""

from celery import shared_task

from exports import actions


@shared_task
def expire_exports() -> None:
    actions.expire_exports()
