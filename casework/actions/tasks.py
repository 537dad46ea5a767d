"""Add, change and settle tasks of a case; remind of those that are due."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import stale
from accounts.audit import record, record_list
from accounts.levels import Level
from accounts.models import User
from accounts.notices import notify
from casework.actions.access import lock_open_case, require_may_write
from casework.actions.events import record_case_event
from casework.models import Case, CaseEvent, Task

SETTLED = (Task.State.DONE, Task.State.CANCELLED)


def may_work_on_tasks(user: User) -> bool:
    return user.has_perm("casework.work_on_tasks")


@transaction.atomic
def add_task(
    case: Case,
    *,
    kind: str,
    due_at: datetime,
    actor: User,
    assigned_to: User | None = None,
    wording: Mapping[str, str] | None = None,
    origin: UUID | None = None,
) -> Task:
    """Set out to do something in an open case; whoever adds it does it, unless another is named.

    `wording` are the words of the list of questions that proposed it, by language, and `origin`
    the talk. Raises PermissionDenied, ValidationError.
    """
    if not may_work_on_tasks(actor):
        raise PermissionDenied
    if case.level_for(actor) < (Level.NARRATIVE if wording else Level.OPERATIONAL):
        raise PermissionDenied
    require_may_write(case, actor)
    case = lock_open_case(case)
    task = Task(
        case=case,
        data_key=case.data_key,
        kind=kind,
        wording=dict(wording or {}),
        due_at=due_at,
        assigned_to=assigned_to or actor,
        origin=origin,
        added_by=actor,
    )
    _check_worker(task)
    task.full_clean()
    task.save()
    record(actor, "add_task", task, case_id=case.pk, note=kind)
    _tell(task, CaseEvent.Code.TASK_ADDED, actor)
    _tell_worker(task, actor)
    return task


@transaction.atomic
def set_task(
    case: Case, *, kind: str, due_at: datetime, assigned_to: User, origin: UUID
) -> Task | None:
    """The house sets a task that something else demands; once for each `origin` and kind.

    None when it is set already, or when the case is closed.
    """
    held = Case.objects.select_for_update(of=("self",)).select_related("data_key").get(pk=case.pk)
    if not held.is_open or Task.objects.filter(case=held, kind=kind, origin=origin).exists():
        return None
    task = Task(
        case=held,
        data_key=held.data_key,
        kind=kind,
        due_at=due_at,
        assigned_to=assigned_to,
        origin=origin,
    )
    task.full_clean()
    task.save()
    record(None, "add_task", task, case_id=held.pk, note=kind)
    _tell(task, CaseEvent.Code.TASK_ADDED, None)
    notify([assigned_to], "task_given", url_name="home")
    return task


@transaction.atomic
def change_task(
    task: Task,
    *,
    version: int,
    actor: User,
    due_at: datetime | None = None,
    assigned_to: User | None = None,
) -> Task:
    """Agree on another day, or on somebody else. Raises PermissionDenied, ValidationError."""
    task = _locked(task, actor)
    stale(version, task.version)
    if not task.is_open:
        raise ValidationError(_("This task is settled already."), code="answered")
    before = task.assigned_to_id
    if due_at is not None:
        task.due_at, task.told_at = due_at, None
    if assigned_to is not None:
        task.assigned_to, task.told_at = assigned_to, None
        _check_worker(task)
    task.version += 1
    task.full_clean()
    task.save()
    changed = {"due_at": due_at, "assigned_to": assigned_to}
    fields = [name for name, value in changed.items() if value is not None]
    record(actor, "change_task", task, case_id=task.case_id, fields=fields)
    if task.assigned_to_id != before:
        _tell_worker(task, actor)
    return task


@transaction.atomic
def settle_task(task: Task, *, state: str, version: int, actor: User, reason: str = "") -> Task:
    """Say that it is done, or why it will not be. Raises PermissionDenied, ValidationError."""
    task = _locked(task, actor)
    if not task.is_open:
        raise ValidationError(_("Somebody settled this task already."), code="answered")
    stale(version, task.version)
    if state not in SETTLED:
        raise ValidationError({"state": _("Say whether it is done.")})
    is_done = state == Task.State.DONE
    if not is_done and not reason:
        raise ValidationError({"reason": _("Choose why it is not done.")})
    task.state, task.reason = state, "" if is_done else reason
    task.settled_by, task.settled_at = actor, timezone.now()
    task.version += 1
    task.full_clean()
    task.save()
    record(actor, "settle_task", task, case_id=task.case_id, note=task.reason or task.state)
    _tell(task, CaseEvent.Code.TASK_SETTLED, actor)
    return task


@transaction.atomic
def remind_of_tasks() -> int:
    """Tell whoever is to do it, once, that something is due; returns how many tasks.

    The notice says neither what nor for whom: it leads to the page of today.
    """
    due = Task.objects.overdue().filter(told_at=None, case__archived_on=None)
    rows = list(due.select_for_update(of=("self",), skip_locked=True))
    workers = User.objects.filter(pk__in={row.assigned_to_id for row in rows}, is_active=True)
    notify(workers, "task_due", url_name="home")
    ids = [row.pk for row in rows]
    Task.objects.filter(pk__in=ids).update(told_at=timezone.now())
    if ids:
        record_list(None, "remind_of_tasks", Task, ids, note=str(len(ids)))
    return len(ids)


def _locked(task: Task, actor: User) -> Task:
    """The row, held. Raises PermissionDenied."""
    if not may_work_on_tasks(actor):
        raise PermissionDenied
    rows = Task.objects.visible_to(actor).select_for_update(of=("self",))
    row = rows.select_related("case", "data_key").get(pk=task.pk)
    require_may_write(row.case, actor)
    return row


def _check_worker(task: Task) -> None:
    """Raises ValidationError for somebody who could not do it, without saying what she sees."""
    worker = task.assigned_to
    is_there = worker.is_active and may_work_on_tasks(worker)
    if not is_there or task.case.level_for(worker) < Level.OPERATIONAL:
        raise ValidationError({"assigned_to": _("Choose somebody who works on this case.")})


def _tell(task: Task, code: CaseEvent.Code, actor: User | None) -> None:
    record_case_event(task.case, code, actor=actor, url_name="casework:task", object_id=task.pk)


def _tell_worker(task: Task, actor: User) -> None:
    if task.assigned_to_id != actor.pk:
        notify([task.assigned_to], "task_given", url_name="home")
