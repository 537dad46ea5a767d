"""How the scheduler comes in to the directory."""

from celery import shared_task

from accounts.scope import system
from directory import actions


@shared_task
def ask_due_checks() -> None:
    with system("ask_due_checks"):
        actions.ask_due_checks()
