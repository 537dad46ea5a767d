"""What waits today: the desk's part of the first page."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.audit import record_list
from accounts.models import Role, User
from accounts.origin import origin
from casework.actions.visits import may_record_visit
from casework.daylog import day_log
from casework.models import BestInterestsStep, Case, FormDraft, Person, Task
from casework.models.best_interests import BestInterestsStepQuerySet
from casework.models.case import CaseQuerySet
from casework.models.task import TaskQuerySet
from casework.views.drafting import label_of

SHOWN = 10


def today_context(user: User) -> dict[str, Any]:
    """For `casework/_today.html`: contacts due, high risks, today's log; and their audit row.

    A coordinator has no cases of her own: hers are all of the house.
    """
    mine = Case.objects.visible_to(user).open()
    if not user.has_role(Role.Code.COORDINATOR):
        mine = mine.filter(owner=user)
    due = _longest_ago(mine.contact_due(), SHOWN + 1)
    high = _longest_ago(mine.filter(risk=Case.Risk.HIGH), SHOWN)
    steps = list(_steps_due(user)[: SHOWN + 1])
    tasks = list(_tasks_of(user)[: SHOWN + 1])
    record_list(user, "view_today", Task, [task.pk for task in tasks])
    record_list(user, "view_today", BestInterestsStep, [step.pk for step in steps])
    record_list(user, "view_today", Case, {case.pk for case in [*due, *high]})
    return {
        "today": timezone.localdate(),
        "due": sorted(due[:SHOWN], key=lambda case: case.contact_due_on),
        "more_due": len(due) > SHOWN,
        "steps": steps[:SHOWN],
        "more_steps": len(steps) > SHOWN,
        "tasks": tasks[:SHOWN],
        "more_tasks": len(tasks) > SHOWN,
        "high": high,
        "my_open": mine.count(),
        "log": day_log(user, timezone.localdate()),
        "unfinished": unfinished_forms(user),
        "may_record_visit": may_record_visit(user),
        "may_view_cases": user.has_perm("casework.view_cases"),
    }


def unfinished_forms(user: User) -> list[tuple[FormDraft, str, bool]]:
    """Her own forms that were begun and not saved: (draft, what it is, whether it is here)."""
    seen = Person.objects.visible_to(user)
    rows = FormDraft.objects.visible_to(user).filter(Q(person=None) | Q(person__in=seen))
    drafts = rows.select_related("person").order_by("-saved_at", "pk")[:SHOWN]
    device = origin.get().device
    told = [(draft, label_of(draft), draft.device == device) for draft in drafts]
    return [each for each in told if each[1]]


def _longest_ago(cases: CaseQuerySet, number: int) -> list[Case]:
    """The first by their last contact: first which, then what the page shows of these few."""
    ordered = cases.order_by("last_contact_on", "pk")
    first = list(ordered.values_list("pk", flat=True)[:number])
    return list(cases.filter(pk__in=first).with_person().order_by("last_contact_on", "pk"))


def _steps_due(user: User) -> BestInterestsStepQuerySet:
    """Steps for children that wait for this user, what is due first first."""
    waiting = BestInterestsStep.objects.visible_to(user).of_worker(user).waiting()
    return waiting.select_related("person__language").order_by("due_at", "pk")


def _tasks_of(user: User) -> TaskQuerySet:
    """What she set out to do herself and is due by tomorrow, or late."""
    soon = timezone.now() + timedelta(days=1)
    mine = Task.objects.visible_to(user).filter(assigned_to=user, case__closed_on=None)
    return mine.overdue(soon).select_related("case__person").by_due_time()
