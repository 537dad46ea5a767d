"""The hub's door: who came, what was done; and the log of the day."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.audit import record, record_list
from accounts.http import AuthedRequest
from accounts.models import User
from casework import actions
from casework.actions.days import EARLIEST
from casework.actions.people import may_register_person
from casework.actions.visits import may_record_visit
from casework.daylog import SERVICES, LogLine, day_log
from casework.forms.newcomers import keep_typed
from casework.forms.visits import ChangeVisitForm, VisitForm
from casework.models import Case, CheckIn, Headcount, Person, Visit
from casework.talking import talk_of
from casework.views.drafting import long_form, of_person, restore

COUNTED = gettext_lazy("Counted, and nothing is kept of the person. Every service stays open.")
LOG_LINES = 8


@require_safe
def visits(request: AuthedRequest) -> HttpResponse:
    """The log of one day."""
    user = request.user
    if not (may_record_visit(user) or user.has_perm("casework.view_cases")):
        raise PermissionDenied
    today = timezone.localdate()
    day = min(_day(request.GET.get("day", "")) or today, today)
    log = day_log(user, day)
    _log_shown(user, log)
    context = {
        "day": day,
        "today": today,
        "yesterday": day - timedelta(days=1),
        "tomorrow": day + timedelta(days=1) if day < today else None,
        "log": log,
        "may_record_visit": may_record_visit(user),
        "is_malformed": bool(request.GET.get("day")) and _day(request.GET["day"]) is None,
    }
    return render(request, "casework/visits.html", context)


def _day(typed: str) -> date | None:
    """The day that was typed, if anything can be logged on it."""
    try:
        day = parse_date(typed)
    except ValueError:
        return None
    return day if day and day >= EARLIEST else None


def _log_shown(user: User, log: list[LogLine]) -> None:
    shown = [line.visit.pk for line in log if line.visit]
    record_list(user, "list_visits", Visit, shown)


@require_safe
def new_visit(request: AuthedRequest) -> HttpResponse:
    """Search first: who came?"""
    at_a_desk(request.user, allowed=may_record_visit(request.user))
    context = desk_context(request.user)
    context["may_register"] = may_register_person(request.user)
    return render(request, "casework/new_visit.html", context)


@long_form(gettext_lazy("Hub visit"), of_person)
def record_visit(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The visit of somebody who has a code."""
    user = request.user
    people = Person.objects.visible_to(user).select_related("language", "data_key")
    person = get_object_or_404(people, pk=pk)
    at_a_desk(user, allowed=may_record_visit(user))
    here = CheckIn.objects.visible_to(user).here().filter(person=person).first()
    form = _visit_form(request, person, is_here=here is not None)
    if form.perform(actions.record_visit, person, actor=user):
        return saved_visit(request, form)
    record(user, "view_person", person)
    context = {
        "form": form,
        "person": person,
        "talk": talk_of(person, user),
        "here": here,
        "case": Case.objects.visible_to(user).open().filter(person=person).first(),
        **desk_context(user),
    }
    return render(request, "casework/record_visit.html", context)


def _visit_form(request: AuthedRequest, person: Person, *, is_here: bool) -> VisitForm:
    """Where somebody who was being registered is known, what was typed goes on in her form."""
    is_kept = request.POST.get("typed") == "kept"
    typed = None if is_kept else request.POST or None
    form = VisitForm(typed, user=request.user, person=person, is_here=is_here)
    if is_kept:
        keep_typed(form, request.POST)
    else:
        restore(request, form)
    return form


def at_a_desk(user: User, *, allowed: bool) -> None:
    """Raises PermissionDenied for whoever may not log visits, or has no desk to log them at."""
    if not allowed or not user.team_ids:
        raise PermissionDenied


def desk_context(user: User) -> dict[str, Any]:
    log = day_log(user, timezone.localdate())
    _log_shown(user, log[:LOG_LINES])
    return {"log": log[:LOG_LINES], "logged": len(log), "now": timezone.localtime()}


def _next(request: HttpRequest) -> bool:
    return request.POST.get("then") == "next"


def saved_visit(request: AuthedRequest, form: VisitForm) -> HttpResponse:
    visit: Visit | Headcount = form.result
    if isinstance(visit, Headcount):
        taken = form.cleaned_data["visit"].get("leaflets")
        left = _("Leaflets were not counted: there is no visit they belong to.") if taken else ""
        messages.success(request, f"{COUNTED} {left}".strip())
        return redirect("casework:new_visit" if _next(request) else "casework:visits")
    messages.success(request, _("Visit of %(code)s saved.") % {"code": visit.person.code})
    if form.wants_screening:
        return redirect("screening:start", visit.person_id)
    if request.GET.get("from") == "desk":
        return redirect("casework:desk")
    return redirect("casework:new_visit" if _next(request) else "casework:visits")


@require_safe
def visit(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """One visit as it was recorded."""
    found = _visit(request.user, pk)
    record(request.user, "view_visit", found)
    context = {
        "visit": found,
        "person": found.person,
        "may_read_note": found.note_is_open_to(request.user),
        "may_change": _may_change(request.user, found),
    }
    return render(request, "casework/visit.html", context)


def _visit(user: User, pk: UUID) -> Visit:
    rows = (
        Visit.objects.visible_to(user)
        .select_related(
            "person__language",
            "data_key",
            "language",
            "interpreter__data_key",
            "recorded_by",
            "team",
            "grant",
        )
        .prefetch_related(SERVICES, "leaflets__edition__leaflet", "explained")
    )
    return get_object_or_404(rows, pk=pk)


def _may_change(user: User, visit: Visit) -> bool:
    return may_record_visit(user) and visit.team_id in user.team_ids


def change_visit(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Correct a visit."""
    found = _visit(request.user, pk)
    if not _may_change(request.user, found):
        raise PermissionDenied
    form = ChangeVisitForm(request.POST or None, user=request.user, visit=found)
    if form.perform(actions.change_visit, found, actor=request.user):
        messages.success(request, _("Visit changed."))
        return redirect("casework:visit", pk)
    record(request.user, "view_visit", found)
    context = {"form": form, "visit": found, "person": found.person}
    return render(request, "casework/change_visit.html", context)
