"""How exports come to an end by themselves."""

from celery import shared_task

from accounts.scope import system
from exports import actions


@shared_task
def expire_exports() -> None:
    with system("expire_exports"):
        actions.expire_exports()
