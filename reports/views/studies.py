"""What talks add up to, at the door."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.audit import record
from accounts.http import AuthedRequest, asks_and_saves
from reports import actions
from reports.actions.studies import may_request_study
from reports.findings import titles, told
from reports.forms import StudyForm
from reports.models import Study

PAGE = 25


@asks_and_saves
def studies(request: AuthedRequest) -> HttpResponse:
    """What was counted so far; have another quarter counted."""
    request.user.require("reports.view_studies")
    names = titles(request.user.organization_id)
    form = StudyForm(request.POST or None, actor=request.user, titles=names)
    if form.perform(actions.request_study, actor=request.user):
        messages.success(request, _("The talks are being counted."))
        return redirect("reports:studies")
    rows = Study.objects.visible_to(request.user).select_related("instrument", "requested_by")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "shown": [(row, names[row.instrument_id]) for row in page],
        "page": page,
        "form": form,
        "may_request": may_request_study(request.user),
    }
    return render(request, "reports/studies.html", context)


@require_safe
def study(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The figures of one study; each look is written down."""
    request.user.require("reports.view_studies")
    rows = Study.objects.visible_to(request.user).select_related("instrument", "requested_by")
    row = get_object_or_404(rows, pk=pk)
    record(request.user, "view_study", row)
    names = titles(row.organization_id)
    context: dict[str, Any] = {"study": row, "title": names[row.instrument_id]}
    if row.is_done:
        context["told"] = told(row)
    return render(request, "reports/study.html", context)
