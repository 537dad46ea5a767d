"""Sessions: one's own, those of colleagues, and the way out."""

from uuid import UUID

from allauth.account.views import logout as allauth_logout
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import actions, devices
from accounts.audit import record, record_entry
from accounts.http import AuthedRequest
from accounts.models import Session, User
from accounts.user_forms import ConfirmForm


@login_not_required
def logout(request: HttpRequest) -> HttpResponse:
    """Sign out; the browser forgets the pages it keeps, not what a phone has still to send."""
    user = request.user
    response: HttpResponse = allauth_logout(request)
    if request.method == "POST":
        if isinstance(user, User):
            record_entry("sign_out", user=user)
        response.headers["Clear-Site-Data"] = '"cache"'
    return response


@require_safe
def sessions(request: AuthedRequest) -> HttpResponse:
    """Where she is signed in: device and times. No address is kept, so none is shown."""
    own = request.session.row
    rows = [
        {"row": row, "device": devices.spoken(row.device), "is_this": row.pk == own.pk}
        for row in _live(request.user).order_by("-last_used_at")
    ]
    return render(request, "accounts/sessions.html", {"sessions": rows})


@require_POST
def end_session(request: AuthedRequest, pk: UUID) -> HttpResponse:
    row = get_object_or_404(_live(request.user), pk=pk)
    ConfirmForm(request.POST).perform(actions.end_session, row, actor=request.user)
    messages.success(request, _("That session is over."))
    return redirect("accounts:sessions")


@require_POST
def end_other_sessions(request: AuthedRequest) -> HttpResponse:
    row = request.session.row
    ConfirmForm(request.POST).perform(
        actions.end_other_sessions, request.user, row, actor=request.user
    )
    messages.success(request, _("You are signed in only here."))
    return redirect("accounts:sessions")


@require_safe
def colleagues(request: AuthedRequest) -> HttpResponse:
    """Who of the house is signed in, and since when; nothing of what they do."""
    request.user.require("accounts.end_sessions")
    live = Q(sessions__ends_at__gt=timezone.now())
    people = User.objects.in_house_of(request.user).exclude(pk=request.user.pk)
    rows = (
        people.annotate(
            live=Count("sessions", filter=live), used=Max("sessions__last_used_at", filter=live)
        )
        .filter(live__gt=0)
        .order_by("name")
    )
    record(request.user, "list_sessions", request.user.organization)
    return render(request, "accounts/colleagues.html", {"people": rows})


def _live(user: User) -> QuerySet[Session]:
    return Session.objects.filter(user=user, ends_at__gt=timezone.now())
