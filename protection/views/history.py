"""The log of one case or person, for those who may see it: who looked, and what changed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from accounts.audit import record
from accounts.http import AuthedRequest
from accounts.levels import Level
from accounts.models import AuditEvent
from casework.actions.people import may_see_people
from casework.models import Person
from casework.models.access import AccessKind
from casework.views.shell import open_case_file
from protection.changes import (
    acts_of_case,
    acts_of_person,
    changes_of_case,
    changes_of_person,
    fields_told,
)
from protection.words import said

SIZE = 50
BEHALF = dict(AccessKind.choices)


@require_safe
def case_log(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Who looked at a case; with `?part=changes` what changed, as far as the reader's level."""
    user = request.user
    file = open_case_file(pk, user)
    level = file.level_for(user)
    record(user, "view_log", file, case_id=file.pk)
    context: dict[str, Any] = {"case": file, "code": file.person.code, "back": file}
    before = request.GET.get("before", "")
    if request.GET.get("part") == "changes":
        context["changes"], context["following"] = changes_of_case(file, level, _moment(before))
    else:
        rows = acts_of_case(file, user)
        context["lines"], context["following"] = _readings(rows, before, level)
    return render(request, "protection/log.html", context)


@require_safe
def person_log(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The same of what is operational of a person."""
    user = request.user
    person = get_object_or_404(Person.objects.visible_to(user), pk=pk)
    if not may_see_people(user):
        raise PermissionDenied
    record(user, "view_log", person)
    context: dict[str, Any] = {"code": person.code, "back": person}
    before = request.GET.get("before", "")
    if request.GET.get("part") == "changes":
        found = changes_of_person(person.pk, Level.OPERATIONAL, _moment(before))
        context["changes"], context["following"] = found
    else:
        rows = acts_of_person(person)
        context["lines"], context["following"] = _readings(rows, before, Level.OPERATIONAL)
    return render(request, "protection/log.html", context)


def _readings(
    rows: QuerySet[AuditEvent], before: str, level: Level
) -> tuple[list[dict[str, Any]], str]:
    if before.isascii() and before.isdecimal() and len(before) < 19:
        rows = rows.filter(id__lt=int(before))
    found = list(rows.select_related("actor").order_by("-id")[: SIZE + 1])
    following = str(found[SIZE - 1].pk) if len(found) > SIZE else ""
    return _lines(found[:SIZE], level), following


def _lines(events: Iterable[AuditEvent], level: Level) -> list[dict[str, Any]]:
    return [
        {
            "event": each,
            "what": said(each.verb),
            "fields": fields_told(each, level),
            "behalf": BEHALF.get(each.on_behalf, ""),
        }
        for each in events
    ]


def _moment(text: str) -> datetime | None:
    """The cursor's moment; a broken one begins anew."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None
