"""Who can see a case and why; give and end access."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthedRequest
from accounts.models import User
from casework import actions
from casework.actions.access import may_give_access
from casework.forms.cases import EndAccessForm, GiveAccessForm
from casework.models import Case
from casework.views.shell import open_case_file, shell_context


@require_safe
def access(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Everybody who can see the case now."""
    file = open_case_file(pk, request.user)
    return render(request, "casework/access.html", _context(file, request.user))


def _context(case: Case, user: User) -> dict[str, Any]:
    context = shell_context(case, user, "access")
    context |= {
        "organization": case.organization,
        "may_give_access": may_give_access(user),
        "form": GiveAccessForm(case=case),
    }
    return context


@require_POST
def give_access(request: AuthedRequest, pk: UUID) -> HttpResponse:
    file = open_case_file(pk, request.user)
    if not may_give_access(request.user):
        raise PermissionDenied
    form = GiveAccessForm(request.POST, case=file)
    if form.perform(actions.give_access, file, actor=request.user):
        messages.success(request, _("Access given."))
        return redirect("casework:access", pk)
    return render(request, "casework/access.html", {**_context(file, request.user), "form": form})


@require_POST
def end_access(request: AuthedRequest, pk: UUID) -> HttpResponse:
    file = open_case_file(pk, request.user)
    if not may_give_access(request.user):
        raise PermissionDenied
    form = EndAccessForm(request.POST)
    if form.perform(actions.end_access, file, actor=request.user):
        messages.success(request, _("Access ended. It holds from the next request."))
        return redirect("casework:access", pk)
    context = {**_context(file, request.user), "end_form": form}
    return render(request, "casework/access.html", context)
