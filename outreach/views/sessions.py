"""Sessions at the door: list, start, count, finish, correct."""

from typing import NamedTuple
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.http import AuthedRequest
from directory.models import AgeBand
from outreach import actions
from outreach.actions.sessions import may_record_session
from outreach.forms import CorrectionForm, SessionForm, StartSessionForm
from outreach.models import OutreachSession, OutreachTally

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
    page = Paginator(rows.finished(), PAGE).get_page(request.GET.get("page"))
    context = {
        "open_sessions": rows.open(),
        "page": page,
        "may_record": may_record_session(request.user),
    }
    return render(request, "outreach/sessions.html", context)


def start(request: AuthedRequest) -> HttpResponse:
    request.user.require("outreach.record_session")
    last = OutreachSession.objects.visible_to(request.user).latest_first().first()
    initial = {
        "team": request.user.teams.first(),
        "members": [request.user],
        "mode": OutreachSession.Mode.WALKING,
        "started_at": timezone.localtime(),
        "grant": last and last.grant_id,
    }
    form = StartSessionForm(request.POST or None, initial=initial, actor=request.user)
    if form.perform(actions.start_session, actor=request.user):
        return redirect(form.result)
    return render(request, "outreach/start.html", {"form": form})


def session(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Count while the session is open; read it afterwards.

    What is sent to a session that a colleague finished meanwhile stays in the form.
    """
    row = _visible(request, pk)
    counting = row.is_open and may_record_session(request.user)
    if not counting and request.method != "POST":
        return _read(request, row)
    finish = "finish" in request.POST
    form = SessionForm(request.POST or None, session=row, finishing=finish)
    action = actions.finish_session if finish else actions.save_session
    if form.perform(action, row, actor=request.user):
        messages.success(request, _("Session finished.") if finish else _("Saved."))
        return redirect(row)
    if form.has_error(NON_FIELD_ERRORS, "stale"):
        now = _visible(request, pk)
        people = sum(tally.quantity for tally in now.tallies.all())
        form.look_again(version=now.version, people=people)
    return render(request, "outreach/count.html", {"session": row, "form": form})


def _read(request: AuthedRequest, row: OutreachSession) -> HttpResponse:
    record(request.user, "view_session", row)
    context = {
        "session": row,
        "lines": _lines(row),
        "leaflets": row.leaflets.select_related("edition__leaflet", "edition__language"),
        "members": row.members.all(),
        "may_correct": not row.is_open and may_record_session(request.user),
    }
    return render(request, "outreach/session.html", context)


def correct(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """A finished session is corrected by a new record that takes its place."""
    row = _visible(request, pk)
    request.user.require("outreach.record_session")
    if row.is_open:
        return redirect(row)
    form = CorrectionForm(request.POST or None, session=row)
    if form.perform(actions.correct_session, row, actor=request.user):
        messages.success(request, _("The corrected record counts from now on."))
        return redirect(form.result)
    return render(request, "outreach/correct.html", {"session": row, "form": form})


def _visible(request: AuthedRequest, pk: UUID) -> OutreachSession:
    rows = OutreachSession.objects.visible_to(request.user).with_people_met()
    return get_object_or_404(rows.select_related("area", "team", "grant", "supersedes"), pk=pk)


class Line(NamedTuple):
    """People met of one age band, by sex."""

    band: AgeBand
    female: int
    male: int


def _lines(row: OutreachSession) -> list[Line]:
    """One line per age band of the session's programme, nobody met included."""
    met = {(tally.age_band_id, tally.sex): tally.quantity for tally in row.tallies.all()}
    bands = AgeBand.objects.filter(age_band_set=row.age_band_set_id)
    sexes = (OutreachTally.Sex.FEMALE, OutreachTally.Sex.MALE)
    return [Line(band, *(met.get((band.pk, sex), 0) for sex in sexes)) for band in bands]
