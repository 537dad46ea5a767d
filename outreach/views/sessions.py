"""Sessions at the door: list, start, count, finish, correct."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.http import AuthedRequest
from outreach import actions
from outreach.actions.sessions import may_record_session
from outreach.forms import SessionForm, StartSessionForm
from outreach.models import OutreachSession

PAGE = 25


def sessions(request: AuthedRequest) -> HttpResponse:
    request.user.require("outreach.view_sessions")
    rows = (
        OutreachSession.objects.visible_to(request.user)
        .standing()
        .latest_first()
        .with_people_met()
        .select_related("area", "team")
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "may_record": may_record_session(request.user)}
    return render(request, "outreach/sessions.html", context)


def start(request: AuthedRequest) -> HttpResponse:
    request.user.require("outreach.record_session")
    team = request.user.teams.first()
    initial = {
        "team": team,
        "members": [request.user],
        "mode": OutreachSession.Mode.WALKING,
        "started_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
    }
    form = StartSessionForm(request.POST or None, initial=initial, actor=request.user)
    if form.perform(actions.start_session, actor=request.user):
        return redirect(form.result)
    return render(request, "outreach/start.html", {"form": form})


def session(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Count while the session is open; read it afterwards."""
    row = _visible(request, pk)
    if not row.is_open or not may_record_session(request.user):
        record(request.user, "view_session", row)
        context = {
            "session": row,
            "tallies": row.tallies.select_related("age_band").order_by("age_band__min_age", "sex"),
            "leaflets": row.leaflets.select_related("edition__leaflet", "edition__language"),
            "may_correct": not row.is_open and may_record_session(request.user),
        }
        return render(request, "outreach/session.html", context)
    form = SessionForm(request.POST or None, session=row)
    finish = "finish" in request.POST
    action = actions.finish_session if finish else actions.save_session
    if form.perform(action, row, actor=request.user):
        messages.success(request, _("Session finished.") if finish else _("Saved."))
        return redirect(row)
    return render(request, "outreach/count.html", {"session": row, "form": form})


def correct(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """A finished session is corrected by a new record that takes its place."""
    row = _visible(request, pk)
    request.user.require("outreach.record_session")
    form = SessionForm(request.POST or None, session=row)
    if form.perform(actions.correct_session, row, actor=request.user):
        messages.success(request, _("The corrected record counts from now on."))
        return redirect(form.result)
    return render(request, "outreach/correct.html", {"session": row, "form": form})


def _visible(request: AuthedRequest, pk: UUID) -> OutreachSession:
    rows = OutreachSession.objects.visible_to(request.user).with_people_met()
    return get_object_or_404(rows.select_related("area", "team", "grant", "supersedes"), pk=pk)
