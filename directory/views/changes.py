"""Changes of the directory that wait for a second person."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.forms import ActionForm
from accounts.http import AuthedRequest
from accounts.models import User
from directory import actions, forms
from directory.models import Change

PAGE = 25


@require_safe
def changes(request: AuthedRequest) -> HttpResponse:
    """What waits for an editor or a second person."""
    request.user.require("directory.view_services")
    return _page(request)


def _page(request: AuthedRequest, refused: ActionForm | None = None) -> HttpResponse:
    user = request.user
    rows = Change.objects.shown_to(user).waiting().with_target()
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "form": refused,
        "rows": [(change, _may(user, change)) for change in page],
        "confirm_form": forms.ConfirmChangeForm(auto_id=False),
    }
    return render(request, "directory/changes.html", context)


def _may(user: User, change: Change) -> dict[str, bool]:
    """What this user can say to a change."""
    confirms = user.has_perm("directory.confirm_change")
    is_second = user.pk not in {change.proposed_by_id, change.decided_by_id}
    return {"confirm": confirms and change.waits_for_second and is_second, "refuse": confirms}


@require_POST
def confirm_change(request: AuthedRequest, pk: UUID) -> HttpResponse:
    change = _change(request.user, pk)
    form = forms.ConfirmChangeForm(request.POST)
    if form.perform(actions.confirm_change, change, actor=request.user):
        messages.success(request, _("Confirmed. It holds from now on."))
        return redirect("directory:changes")
    return _page(request, form)


@require_POST
def refuse_change(request: AuthedRequest, pk: UUID) -> HttpResponse:
    change = _change(request.user, pk)
    form = forms.RefuseChangeForm(request.POST)
    if form.perform(actions.refuse_change, change, actor=request.user):
        messages.success(request, _("Refused. The entry stays as it is."))
        return redirect("directory:changes")
    return _page(request, form)


def _change(user: User, pk: UUID) -> Change:
    """Raises PermissionDenied, Http404."""
    user.require("directory.view_services")
    return get_object_or_404(Change.objects.shown_to(user).with_target(), pk=pk)
