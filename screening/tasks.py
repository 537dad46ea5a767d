"""How jobs come in: what instruments would change, and what the clock asks for."""

from uuid import UUID

from celery import shared_task

from accounts.outbox import answers
from accounts.scope import system
from screening import actions


@answers("instrument_trial_asked")
def count_trial(trial_id: str) -> None:
    """Try a draft or a version on the finished screenings of its house."""
    actions.finish_trial(UUID(trial_id))


@shared_task
def remind_of_clocks() -> None:
    """Hours of care that end soon."""
    with system("remind_of_clocks"):
        actions.remind_of_clocks()
