"""The register of interpreters: coordinators keep it, whoever talks with clients reads it."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.audit import record, record_list
from accounts.http import AuthedRequest
from casework import actions
from casework.actions.interpreters import may_edit_interpreters, may_view_interpreters
from casework.forms.interpreters import InterpreterForm
from casework.models import Interpreter


@require_safe
def interpreters(request: AuthedRequest) -> HttpResponse:
    """Everybody who interprets for the house, and whether she can be asked today."""
    user = request.user
    if not may_view_interpreters(user):
        raise PermissionDenied
    rows = list(
        Interpreter.objects.visible_to(user)
        .working()
        .filter(organization=user.organization_id)
        .select_related("data_key")
        .prefetch_related("languages", "dialects")
    )
    record_list(user, "list_interpreters", Interpreter, [row.pk for row in rows])
    today = timezone.localdate()
    context = {
        "rows": [(row, row.is_bound_on(today), row.is_vetted_on(today)) for row in rows],
        "may_edit": may_edit_interpreters(user),
    }
    return render(request, "casework/interpreters.html", context)


def new_interpreter(request: AuthedRequest) -> HttpResponse:
    user = request.user
    if not may_edit_interpreters(user):
        raise PermissionDenied
    form = InterpreterForm(request.POST or None, editor=user)
    if form.perform(actions.edit_interpreter, actor=user):
        messages.success(request, _("Interpreter saved."))
        return redirect("casework:interpreters")
    return render(request, "casework/interpreter.html", {"form": form})


def change_interpreter(request: AuthedRequest, pk: UUID) -> HttpResponse:
    user = request.user
    rows = Interpreter.objects.visible_to(user).select_related("data_key")
    row = get_object_or_404(rows.prefetch_related("languages", "dialects"), pk=pk)
    if not may_edit_interpreters(user):
        raise PermissionDenied
    form = InterpreterForm(request.POST or None, editor=user, interpreter=row)
    if form.perform(actions.edit_interpreter, row, actor=user):
        messages.success(request, _("Interpreter saved."))
        return redirect("casework:interpreters")
    record(user, "view_interpreter", row)
    return render(request, "casework/interpreter.html", {"form": form, "interpreter": row})
