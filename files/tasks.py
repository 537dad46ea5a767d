"""How files come to be checked, checked again and swept."""

from collections.abc import Callable
from uuid import UUID

from celery import shared_task

from accounts.outbox import answers
from accounts.scope import system
from files import actions


@answers("file_stored", atomic=False)
def check_file(*, settle: Callable[[], bool], file_id: str) -> None:
    actions.check_file(UUID(file_id), settle)


@shared_task
def check_again() -> None:
    with system("check_files"):
        actions.check_again()


@shared_task
def sweep() -> None:
    with system("sweep_files"):
        actions.sweep()
