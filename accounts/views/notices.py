"""What somebody should look at."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.actions.notices import read_notices
from accounts.http import AuthedRequest
from accounts.models import Notice
from accounts.notices import lines

SHOWN = 100


@require_safe
def notices(request: AuthedRequest) -> HttpResponse:
    """The newest notices of whoever asks, new ones marked."""
    found = Notice.objects.visible_to(request.user).order_by("-at", "pk")[:SHOWN]
    shown = lines(found)
    context = {"notices": shown, "is_new": any(not line.is_read for line in shown)}
    return render(request, "accounts/notices.html", context)


@require_POST
def read(request: AuthedRequest) -> HttpResponse:
    """Mark all as read."""
    if read_notices(actor=request.user):
        messages.success(request, _("All notices are marked as read."))
    return redirect("notices")
