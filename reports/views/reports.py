"""Reports at the door."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import record
from accounts.http import AuthedRequest
from files.answers import as_attachment
from files.kinds import Media
from reports import actions
from reports.actions.reports import (
    is_given_up,
    may_release_report,
    may_request_report,
    may_see_exact,
)
from reports.charts import age_chart
from reports.exports import WRITERS, measured, name_of
from reports.forms import NothingForm, RequestForm, periods
from reports.models import Report
from reports.tables import Figure, by_measure, figures_of, title_of

PAGE = 25
FILES = {"xlsx": Media.XLSX, "csv": Media.CSV}


@require_safe
def reports(request: AuthedRequest) -> HttpResponse:
    request.user.require("reports.view_reports")
    rows = Report.objects.visible_to(request.user).select_related(
        "template", "grant", "organization"
    )
    page = Paginator(rows.defer("figures", "released_figures"), PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "may_request": may_request_report(request.user),
        "may_see_studies": request.user.has_perm("reports.view_studies"),
    }
    return render(request, "reports/reports.html", context)


def new(request: AuthedRequest) -> HttpResponse:
    request.user.require("reports.request_report")
    choices = periods(timezone.localdate())
    chosen = next((one for one in choices if one.name == request.GET.get("period")), choices[0])
    initial = {"starts_on": chosen.first, "ends_on": chosen.last}
    form = RequestForm(request.POST or None, initial=initial, actor=request.user)
    if form.perform(actions.request_report, actor=request.user):
        return redirect(form.result)
    context = {"form": form, "periods": choices, "chosen": chosen}
    return render(request, "reports/new.html", context)


@require_safe
def report(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The state of a report, or its figures: exact ones for the house, protected for donors."""
    return _page(request, _visible(request, pk), NothingForm())


def _page(request: AuthedRequest, row: Report, form: NothingForm) -> HttpResponse:
    context = _context(request, row) | {"form": form}
    if row.is_done:
        in_house = may_see_exact(request.user, row)
        figures = figures_of(row, in_house=in_house)
        wanted = request.GET.get("figure")
        chosen = next((one for one in figures if one.anchor == wanted), figures[0])
        context |= _shown(figures) | {
            "in_house": in_house,
            "chosen": chosen,
            "chart": age_chart(chosen),
            "versions": Report.objects.visible_to(request.user).versions_of(row),
        }
        record(request.user, "view_report", row)
    return render(request, "reports/report.html", context)


def _shown(figures: list[Figure]) -> dict[str, object]:
    return {"figures": figures, "groups": by_measure(figures)}


@require_safe
def progress(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The fragment that asks again until the report is finished."""
    context = _context(request, _visible(request, pk))
    response = render(request, "reports/_progress.html", context)
    if not context["is_waiting"]:
        response.headers["HX-Refresh"] = "true"
    return response


@require_POST
def retry(request: AuthedRequest, pk: UUID) -> HttpResponse:
    row = _visible(request, pk)
    form = NothingForm(request.POST)
    if form.perform(actions.retry_report, row, actor=request.user):
        return redirect(row)
    return _page(request, row, form)


def release(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """What the donor will see, and the button that lets her see it."""
    row = _visible(request, pk)
    request.user.require("reports.release_report")
    if request.method == "POST":
        form = NothingForm(request.POST)
        if form.perform(actions.release_report, row, actor=request.user):
            messages.success(request, _("Released. The donor can open it now."))
            return redirect(row)
        return _page(request, row, form)
    context = _context(request, row)
    if not context["may_release"]:
        return redirect(row)
    context |= _shown(figures_of(row, in_house=False))
    return render(request, "reports/release.html", context)


@require_safe
def download(request: AuthedRequest, pk: UUID, ending: str) -> HttpResponse:
    """A file with the protected figures, under a neutral name; each is a line of the register."""
    row = _visible(request, pk)
    if ending not in FILES or not row.is_done:
        raise Http404
    columns, rows = measured(row, ending)
    write = partial(WRITERS[ending], row)
    content = actions.hand_out_report(
        row, write, format=ending, columns=columns, rows=rows, actor=request.user
    )
    return as_attachment(request, content, media=FILES[ending], name=name_of(row, ending))


def _visible(request: AuthedRequest, pk: UUID) -> Report:
    request.user.require("reports.view_reports")
    rows = Report.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("template__donor", "grant", "organization", "requested_by"), pk=pk
    )


def _context(request: AuthedRequest, row: Report) -> dict[str, object]:
    user, given_up = request.user, is_given_up(row)
    may_release = row.is_done and row.template.donor is not None and row.released_at is None
    return {
        "report": row,
        "of": len(row.template.indicators),
        "now": title_of(row.template, row.counting),
        "form": NothingForm(),
        "is_waiting": row.is_waiting and not given_up,
        "may_release": may_release and may_release_report(user),
        "may_retry": given_up and may_request_report(user),
    }
