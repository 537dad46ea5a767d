"""What talks add up to, at the door."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import record
from accounts.http import AuthedRequest, asks_and_saves
from reports import actions
from reports.actions.studies import may_request_study
from reports.findings import titles, told
from reports.forms import ProposalForm, StudyForm
from reports.models import Study
from screening.actions import may_propose_change
from screening.models import ChangeProposal

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
    return _study_page(request, _opened(request, pk), ProposalForm(auto_id=False))


@require_POST
def propose_change(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Propose a change for what was found; whoever writes instruments lands in the draft."""
    row = _opened(request, pk)
    form = ProposalForm(request.POST, auto_id=False)
    if form.perform(actions.propose_from_study, row, actor=request.user):
        if form.result.draft is not None:
            return redirect(form.result.draft)
        messages.success(request, _("Proposed. Whoever writes the questions sees it there."))
        return redirect(row)
    return _study_page(request, row, form)


def _opened(request: AuthedRequest, pk: UUID) -> Study:
    """Raises PermissionDenied, Http404."""
    request.user.require("reports.view_studies")
    rows = Study.objects.visible_to(request.user).select_related("instrument", "requested_by")
    return get_object_or_404(rows, pk=pk)


def _study_page(request: AuthedRequest, row: Study, form: ProposalForm) -> HttpResponse:
    user = request.user
    record(user, "view_study", row)
    names = titles(row.organization_id)
    context: dict[str, Any] = {"study": row, "title": names[row.instrument_id], "form": form}
    if row.is_done:
        rows = ChangeProposal.objects.visible_to(user).filter(instrument=row.instrument_id)
        made = rows.filter(starts_on=row.starts_on, ends_before=row.ends_before)
        proposed = {each.indicator: each for each in made.select_related("draft")}
        context["told"] = found = told(row)
        context["findings"] = [
            {**each, "proposal": proposed.get(each["id"])} for each in found.indicators
        ]
        context["otherwise_proposed"] = proposed.get("")
        context["may_propose"] = may_propose_change(user)
    return render(request, "reports/study.html", context)
