"""Tasks of a case at the door: the list, a new one, one with its end."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.audit import record, record_list
from accounts.http import AuthedRequest, asks_and_saves
from accounts.models import User
from casework import actions
from casework.actions.tasks import may_work_on_tasks
from casework.forms.tasks import ChangeTaskForm, SettleTaskForm, TaskForm
from casework.models import Task
from casework.views.shell import open_case_file, shell_context

SHOWN = 100


@require_safe
def tasks(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """What is to be done in a case, and what was."""
    user = request.user
    file = open_case_file(pk, user)
    context = shell_context(file, user, "tasks")
    rows = Task.objects.visible_to(user).filter(case=file)
    told = rows.select_related("assigned_to", "data_key")
    waiting = list(told.open().by_due_time()[:SHOWN])
    settled = list(told.exclude(pk__in=rows.open().values("pk")).order_by("-settled_at")[:SHOWN])
    record_list(user, "list_tasks", Task, [row.pk for row in [*waiting, *settled]])
    context |= {
        "waiting": waiting,
        "settled": settled,
        "may_work": may_work_on_tasks(user) and file.is_open and not context["is_read_only"],
    }
    return render(request, "casework/tasks.html", context)


@asks_and_saves
def new_task(request: AuthedRequest, pk: UUID) -> HttpResponse:
    user = request.user
    file = open_case_file(pk, user, writing=True)
    if not may_work_on_tasks(user):
        raise PermissionDenied
    form = TaskForm(request.POST or None, case=file, user=user)
    if form.perform(actions.add_task, file, actor=user):
        messages.success(request, _("Task added."))
        return redirect("casework:tasks", pk)
    context = {**shell_context(file, user, "tasks"), "form": form}
    return render(request, "casework/new_task.html", context)


@require_safe
def task(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """One task: what, until when, who; and how it ended."""
    found = _task(request.user, pk)
    return _page(request, found, *_forms(request.user, found))


@asks_and_saves
def change_task(request: AuthedRequest, pk: UUID) -> HttpResponse:
    user = request.user
    found = _writable(user, pk)
    form = ChangeTaskForm(request.POST or None, task=found, user=user)
    if form.perform(actions.change_task, found, actor=user):
        messages.success(request, _("Task changed."))
        return redirect(found)
    return _page(request, found, form, _forms(user, found)[1])


@asks_and_saves
def settle_task(request: AuthedRequest, pk: UUID) -> HttpResponse:
    user = request.user
    found = _writable(user, pk)
    form = SettleTaskForm(request.POST or None, initial={"version": found.version})
    if form.perform(actions.settle_task, found, actor=user):
        messages.success(request, _("Task settled."))
        return redirect("casework:tasks", found.case_id)
    return _page(request, found, _forms(user, found)[0], form)


def _task(user: User, pk: UUID) -> Task:
    rows = Task.objects.visible_to(user)
    found = rows.select_related("case", "data_key", "assigned_to", "added_by", "settled_by")
    return get_object_or_404(found, pk=pk)


def _writable(user: User, pk: UUID) -> Task:
    """A task to work on. Raises Http404 for a stranger, PermissionDenied."""
    found = _task(user, pk)
    open_case_file(found.case_id, user, writing=True)
    if not may_work_on_tasks(user):
        raise PermissionDenied
    return found


def _forms(user: User, found: Task) -> tuple[ChangeTaskForm, SettleTaskForm]:
    settle = SettleTaskForm(initial={"version": found.version})
    return ChangeTaskForm(task=found, user=user), settle


def _page(
    request: AuthedRequest, found: Task, change: ChangeTaskForm, settle: SettleTaskForm
) -> HttpResponse:
    user = request.user
    file = open_case_file(found.case_id, user)
    record(user, "view_task", found, case_id=found.case_id)
    context = shell_context(file, user, "tasks")
    may_work = may_work_on_tasks(user) and not context["is_read_only"]
    context |= {
        "task": found,
        "change": change,
        "settle": settle,
        "may_work": may_work and found.is_open,
    }
    return render(request, "casework/task.html", context)
