"""Clocks of the steps for children: by when they are due, and what a change of risk does."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from casework.clocks import Term, due_after
from casework.models import BestInterestsStep, Case


def term_of(risk: str) -> Term:
    """How long a step may take; a risk that nobody assessed counts as a medium one."""
    if risk == Case.Risk.HIGH:
        return Term(hours=settings.BEST_INTERESTS_HIGH_HOURS)
    if risk == Case.Risk.LOW:
        return Term(days=settings.BEST_INTERESTS_LOW_DAYS)
    return Term(hours=settings.BEST_INTERESTS_MEDIUM_HOURS)


def due_at(began_at: datetime, risk: str) -> datetime:
    return due_after(began_at, term_of(risk), ZoneInfo(settings.TIME_ZONE))


def move_clocks(person_id: UUID, risk: str) -> int:
    """Set the clocks of what is not done yet to this risk, from the day it began.

    For the verbs that change a risk, in their transaction. Returns how many steps were moved.
    """
    steps = list(
        BestInterestsStep.objects.waiting()
        .filter(person=person_id)
        .exclude(risk=risk)
        .select_for_update(of=("self",))
    )
    for step in steps:
        step.risk, step.due_at, step.told_at = risk, due_at(step.began_at, risk), None
        step.save(update_fields=["risk", "due_at", "told_at"])
    return len(steps)
