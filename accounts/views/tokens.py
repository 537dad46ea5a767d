"""Keys of machines: which there are, what they open, and their end."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import actions
from accounts.audit import record_list
from accounts.http import AuthedRequest
from accounts.models import ApiToken
from accounts.stepup import step_up_required
from accounts.user_forms import ConfirmForm

MANAGE = "accounts.manage_tokens"


@require_safe
@step_up_required
def tokens(request: AuthedRequest) -> HttpResponse:
    """Those in her care, ended ones last. They are made on the server, and shown there once."""
    request.user.require(MANAGE)
    rows = ApiToken.objects.visible_to(request.user).select_related("user", "made_by")
    found = sorted(rows.order_by("-expiry"), key=lambda row: not row.is_in_force)
    record_list(request.user, "list_tokens", ApiToken, [row.pk for row in found])
    return render(request, "accounts/tokens.html", {"tokens": found})


@require_POST
@step_up_required
def revoke_token(request: AuthedRequest, pk: UUID) -> HttpResponse:
    request.user.require(MANAGE)
    token = get_object_or_404(ApiToken.objects.visible_to(request.user), pk=pk)
    ConfirmForm(request.POST).perform(actions.revoke_api_token, token, actor=request.user)
    messages.success(request, _("This token opens nothing any more."))
    return redirect("accounts:tokens")
