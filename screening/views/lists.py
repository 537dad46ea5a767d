"""Where talks are found: the list of all, and those of one case."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.audit import record_list
from accounts.http import AuthedRequest
from accounts.models import User
from casework.models import Case
from casework.views.shell import open_case_file, shell_context
from screening import actions
from screening.models import Incident, Screening

PAGE_SIZE = 25


@require_safe
def screenings(request: AuthedRequest) -> HttpResponse:
    """Talks that are not finished, or wait for a decision; or all of them."""
    request.user.require("casework.view_cases")
    rows = Screening.objects.visible_to(request.user)
    views = {"open": rows.open(), "undecided": rows.undecided(), "again": rows.to_ask_again()}
    if actions.may_review_screening(request.user):
        views["review"] = rows.to_review().exclude(decided_by=request.user)
    views["all"] = rows
    view = request.GET.get("view", "")
    view = view if view in views else "open"
    shown = views[view].select_related("case__person", "instrument_version", "started_by")
    page = Paginator(shown.order_by("-started_at", "-pk"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    record_list(request.user, "list_screenings", Screening, [row.pk for row in page])
    counts = {name: found.count() for name, found in views.items() if name != "all"}
    context = {"page": page, "view": view, "counts": counts}
    return render(request, "screening/list.html", context)


@require_safe
def of_case(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The screenings of one case, in the case's frame."""
    case = open_case_file(pk, request.user)
    rows = (
        Screening.objects.visible_to(request.user)
        .filter(case=case)
        .select_related("instrument_version", "started_by")
    )
    shown = list(rows)
    ids = [row.pk for row in shown]
    record_list(request.user, "list_screenings", Screening, ids, case_id=case.pk)
    context = {
        **shell_context(case, request.user, "screening"),
        "screenings": shown,
        "incidents": _incidents(case, request.user),
        "may_record": actions.may_record_incident(request.user),
        "may_start": actions.may_start_screening(request.user) and case.is_open,
    }
    return render(request, "screening/of_case.html", context)


def _incidents(case: Case, user: User) -> list[Incident]:
    """What this reader may see of what happened; a report on conduct stays out of the trail."""
    rows = Incident.objects.visible_to(user).filter(case=case)
    shown = list(rows.select_related("data_key", "recorded_by"))
    ids = [row.pk for row in shown if not row.is_conduct]
    record_list(user, "list_incidents", Incident, ids, case_id=case.pk)
    return shown
