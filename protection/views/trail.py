"""The trail at the desk of data protection: search it, and see all that was done with a record."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.audit import record
from accounts.audit_seals import latest_anchor
from accounts.http import AuthedRequest
from accounts.models import AuditEvent, AuditKey, User
from casework.models.access import AccessKind
from casework.models.gate import closed_records
from protection.filters import TrailFilterForm
from protection.lookups import ids_of
from protection.words import said

SIZE = 50
BEHALF = dict(AccessKind.choices)
# Kinds of row that have a page of their own here.
RECORDS = {"casework.person", "casework.case"}


@require_safe
def trail(request: AuthedRequest) -> HttpResponse:
    """What was done, newest first; the search itself is written down."""
    user = request.user
    user.require("accounts.search_trail")
    form = TrailFilterForm(request.GET or None, user=user)
    typed = request.GET.get("record", "")
    closed = closed_records()
    ids = [pk for pk in ids_of(typed, user) if pk not in closed] if typed else None
    rows = _trail(user, closed).filter(form.narrowed(ids))
    shown, following = _page(rows, request.GET.get("before", ""))
    record(user, "search_trail", AuditEvent(), meta={"asked": sorted(form.asked())})
    context = {"form": form, "lines": _lines(shown, closed), "following": following}
    context |= {"is_filtered": bool(form.asked())}
    return render(request, "protection/trail.html", context)


@require_safe
def record_log(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Who looked at one record, how often, and what was done with it. No values."""
    user = request.user
    user.require("accounts.search_trail")
    closed = closed_records()
    rows = _trail(user, closed)
    of_record = rows.filter(object_id=str(pk)) | rows.filter(case_id=pk)
    if not of_record.exists():
        raise Http404
    readers = of_record.order_by().values("actor__name").annotate(n=Count("id"), last=Max("at"))
    shown, following = _page(of_record, request.GET.get("before", ""))
    record(user, "view_log", AuditEvent(), meta={"record": str(pk)})
    context = {
        "pk": pk,
        "readers": readers.order_by("-n")[:SIZE],
        "lines": _lines(shown, closed),
        "following": following,
    }
    return render(request, "protection/record.html", context)


@require_safe
def seals(request: AuthedRequest) -> HttpResponse:
    """The newest seal, how the last check ended, and the public keys to check with."""
    user = request.user
    user.require("accounts.search_trail")
    checks = AuditEvent.objects.visible_to(user).filter(verb="verify_audit")
    context = {
        "anchor": latest_anchor(),
        "check": checks.order_by("-id").first(),
        "keys": AuditKey.objects.order_by("since"),
    }
    return render(request, "protection/seals.html", context)


def _trail(user: User, closed: list[UUID]) -> QuerySet[AuditEvent]:
    """The trail without what was done with records closed to the reader by a conflict of interest.

    A list of several records stays, without them: it tells of the others as well.
    """
    rows = AuditEvent.objects.visible_to(user)
    if not closed:
        return rows
    texts = [str(pk) for pk in closed]
    rows = rows.exclude(case_id__in=closed).exclude(object_id__in=texts)
    return rows.exclude(Q(listed__contained_by=closed) & ~Q(listed=[]))


def _page(rows: QuerySet[AuditEvent], before: str) -> tuple[list[AuditEvent], str]:
    """Newest first by number; where the next page begins, "" at the end."""
    if before.isascii() and before.isdecimal() and len(before) < 19:
        rows = rows.filter(id__lt=int(before))
    found = list(rows.select_related("actor").order_by("-id")[: SIZE + 1])
    following = str(found[SIZE - 1].pk) if len(found) > SIZE else ""
    return found[:SIZE], following


def _lines(events: Iterable[AuditEvent], closed: list[UUID]) -> list[dict[str, Any]]:
    return [
        {
            "event": event,
            "what": said(event.verb),
            "more": event.note or event.meta.get("route", ""),
            "shown": len(set(event.listed).difference(closed)),
            "behalf": BEHALF.get(event.on_behalf, ""),
            "record": event.object_id if event.object_type in RECORDS else event.case_id,
        }
        for event in events
    ]
