"""What happened in a case: its events as lines, cut to what the reader may see."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import AuthedRequest
from accounts.levels import Level
from casework.models import Case, CaseEvent
from casework.pages import page_by
from casework.views.shell import open_case_file, shell_context

SHOWN = 50

# The icon and colour of an event, by the first word of its code.
LOOKS = {
    "access": ("key", "private"),
    "activity": ("briefcase", "brand"),
    "age": ("calendar", ""),
    "case": ("archive", ""),
    "consent": ("signature", "private"),
    "contact": ("phone", "private"),
    "file": ("files", ""),
    "guardian": ("mood-kid", "brand"),
    "identity": ("eye", "private"),
    "incident": ("alert-triangle", "warn"),
    "note": ("notes", ""),
    "records": ("copy", ""),
    "referral": ("send", "info"),
    "screening": ("clipboard-list", "warn"),
    "service": ("heart-handshake", "brand"),
    "status": ("gavel", ""),
    "step": ("mood-kid", "brand"),
    "task": ("list-check", "brand"),
    "visit": ("door-enter", "brand"),
}
OTHER = ("point", "")


@require_safe
def timeline(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The whole timeline, page by page."""
    file = open_case_file(pk, request.user)
    context = shell_context(file, request.user, "timeline")
    rows = events_of(file, context["level"])
    page = page_by(rows, "at", request.GET.get("cursor", ""), read=_moment, size=SHOWN)
    context |= {
        "events": lines(page.rows),
        "following": page.following,
        "is_hidden": file.events.filter(level__gt=context["level"]).exists(),
    }
    return render(request, "casework/timeline.html", context)


def events_of(case: Case, level: Level) -> "QuerySet[CaseEvent]":
    return case.events.up_to(level).select_related("actor")


def lines(events: Iterable[CaseEvent]) -> list[dict[str, Any]]:
    """Events with how they look."""
    shown = []
    for event in events:
        icon, kind = LOOKS.get(event.code.partition("_")[0], OTHER)
        shown.append({"event": event, "icon": icon, "kind": kind})
    return shown


def _moment(text: str) -> datetime:
    """Raises ValueError, also for a moment that is not told in UTC, as ours are."""
    moment = datetime.fromisoformat(text)
    if moment.utcoffset() != timedelta(0):
        raise ValueError
    return moment
