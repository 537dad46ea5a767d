"""How the clock and the outbox come in."""

from collections.abc import Callable
from uuid import UUID

from celery import shared_task

from accounts import scope
from accounts.outbox import answers
from exports.actions import make
from protection import actions


@shared_task
def keep_time() -> None:
    with scope.system("retention"):
        actions.keep_time()


@shared_task
def find_anomalies() -> None:
    with scope.system("anomalies"):
        actions.find_anomalies()


@answers("subject_export_requested", atomic=False)
def make_package(*, settle: Callable[[], bool], export_id: str) -> None:
    make(UUID(export_id), actions.package_content, settle)
