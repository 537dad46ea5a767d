"""Reports at the door."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.audit import record
from accounts.http import AuthedRequest
from reports import actions
from reports.actions.reports import may_release_report, may_request_report, may_see_exact
from reports.exports import as_csv, as_xlsx, name_of
from reports.forms import NothingForm, RequestForm, periods
from reports.models import Report
from reports.tables import figures_of

PAGE = 25
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILES = {"xlsx": (as_xlsx, XLSX), "csv": (as_csv, "text/csv; charset=utf-8")}


def reports(request: AuthedRequest) -> HttpResponse:
    request.user.require("reports.view_reports")
    rows = Report.objects.visible_to(request.user).select_related(
        "template", "grant", "organization"
    )
    page = Paginator(rows.defer("figures", "released_figures"), PAGE).get_page(
        request.GET.get("page")
    )
    context = {"page": page, "may_request": may_request_report(request.user)}
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


def report(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The state of a report, or its figures: exact ones for the house, protected for donors."""
    row = _visible(request, pk)
    context = _context(request, row)
    if row.is_done:
        in_house = may_see_exact(request.user, row)
        context |= {"figures": figures_of(row, in_house=in_house), "in_house": in_house}
        record(request.user, "view_report", row)
    return render(request, "reports/report.html", context)


def progress(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The fragment that asks again until the report is finished."""
    row = _visible(request, pk)
    response = render(request, "reports/_progress.html", _context(request, row))
    if not row.is_waiting:
        response.headers["HX-Refresh"] = "true"
    return response


@require_POST
def retry(request: AuthedRequest, pk: UUID) -> HttpResponse:
    row = _visible(request, pk)
    form = NothingForm(request.POST)
    if form.perform(actions.retry_report, row, actor=request.user):
        return redirect(row)
    return render(request, "reports/report.html", {**_context(request, row), "form": form})


@require_POST
def release(request: AuthedRequest, pk: UUID) -> HttpResponse:
    row = _visible(request, pk)
    form = NothingForm(request.POST)
    if form.perform(actions.release_report, row, actor=request.user):
        messages.success(request, _("Released. The donor can open it now."))
        return redirect(row)
    return render(request, "reports/report.html", {**_context(request, row), "form": form})


def download(request: AuthedRequest, pk: UUID, ending: str) -> HttpResponse:
    """A file with the protected figures, under a neutral name."""
    row = _visible(request, pk)
    if ending not in FILES or not row.is_done:
        raise Http404
    write, kind = FILES[ending]
    record(request.user, "download_report", row, note=ending)
    response = HttpResponse(write(row), content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name_of(row, ending)}"'
    response.headers["Content-Security-Policy"] = "sandbox"
    return response


def _visible(request: AuthedRequest, pk: UUID) -> Report:
    request.user.require("reports.view_reports")
    rows = Report.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("template__donor", "grant", "organization", "requested_by"), pk=pk
    )


def _context(request: AuthedRequest, row: Report) -> dict[str, object]:
    return {
        "report": row,
        "of": len(row.template.indicators),
        "form": NothingForm(),
        "may_release": may_release_report(request.user) and row.is_done and not row.released_at,
        "may_retry": may_request_report(request.user) and row.has_failed,
    }
