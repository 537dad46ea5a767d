"""How the clock comes in."""

from celery import shared_task

from accounts import scope
from protection import actions


@shared_task
def keep_time() -> None:
    with scope.system("retention"):
        actions.keep_time()
