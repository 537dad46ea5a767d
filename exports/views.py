"""Exports at the door: one's own, those that wait for a second person, the register."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import record, record_list
from accounts.http import AuthedRequest
from accounts.models import User
from accounts.spreadsheets import csv_file, file_name, xlsx
from accounts.stepup import step_up_required
from exports import actions
from exports.actions import NotThereError
from exports.actions.deciding import may_decide
from exports.footers import code_of, foot, last_sheet
from exports.forms import NothingForm, RegisterFilterForm
from exports.models import Export
from exports.register import filters_of, lines_of, sheet_of
from files.answers import as_attachment
from files.kinds import ENDING_OF, Media

PAGE = 25
LONGEST_REGISTER = 5_000
WRITERS: dict[str, tuple[Media, Callable[[Any, Export], bytes]]] = {
    "xlsx": (Media.XLSX, lambda rows, export: xlsx([sheet_of(rows), last_sheet(export)])),
    "csv": (Media.CSV, lambda rows, export: csv_file([*sheet_of(rows).lines, *foot(export)])),
}


@require_safe
def exports(request: AuthedRequest) -> HttpResponse:
    """What I asked for, and what waits for me."""
    user = request.user
    mine = Export.objects.visible_to(user).filter(requested_by=user)
    page = Paginator(mine.select_related("recipient"), PAGE).get_page(request.GET.get("page"))
    waiting = Export.objects.none()
    if user.has_perm("exports.approve_export"):
        waiting = Export.objects.visible_to(user).waiting_for(user).select_related("requested_by")
    context = {
        "page": page,
        "waiting": waiting,
        "may_read_register": user.has_perm("exports.view_export_register"),
    }
    return render(request, "exports/exports.html", context)


@require_safe
def export(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """One line: what, for whom, why, and what can be done now."""
    return _page(request, _visible(request.user, pk), NothingForm())


def _page(request: AuthedRequest, row: Export, form: NothingForm, **more: object) -> HttpResponse:
    user = request.user
    may_fetch = Export.objects.visible_to(user).to_fetch(user).filter(pk=row.pk).exists()
    record(user, "view_export", row, case_id=row.case_id, note=row.kind)
    context = {
        "export": row,
        "form": form,
        "made_for": code_of(row.requested_by),
        "filters": filters_of(row),
        "may_decide": row.is_waiting and may_decide(user, row),
        "may_fetch": may_fetch,
        "is_mine": row.requested_by_id == user.pk,
        "is_locked": row.locked_file_id is not None,
        **more,
    }
    return render(request, "exports/export.html", context)


@require_POST
@step_up_required
def approve(request: AuthedRequest, pk: UUID) -> HttpResponse:
    return _decide(request, pk, actions.approve_export, _("Agreed. The file is being made."))


@require_POST
def refuse(request: AuthedRequest, pk: UUID) -> HttpResponse:
    return _decide(request, pk, actions.refuse_export, _("Not agreed to. No file is made."))


def _decide(
    request: AuthedRequest, pk: UUID, action: Callable[..., Export], said: str
) -> HttpResponse:
    row, form = _visible(request.user, pk), NothingForm(request.POST)
    if form.perform(action, row, actor=request.user):
        messages.success(request, said)
        return redirect("exports:exports")
    return _page(request, row, form)


@require_POST
@step_up_required
def lock(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Lock the file; its password stands on this page and nowhere else, this once."""
    row = _own(request.user, pk)
    try:
        password = actions.lock_export(row, actor=request.user)
    except NotThereError as error:
        raise Http404 from error
    return _page(request, _visible(request.user, pk), NothingForm(), password=password)


@require_POST
@step_up_required
def download(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The file, once, under a neutral name."""
    row = _own(request.user, pk)
    try:
        content, done = actions.hand_out(row, actor=request.user)
    except NotThereError as error:
        raise Http404 from error
    media = _media_of(done)
    name = file_name(f"export-{done.number}", ENDING_OF[media])
    return as_attachment(request, content, media=media, name=name)


def _media_of(row: Export) -> Media:
    file = row.locked_file if row.needs_password else row.file
    return Media(file.media) if file else Media.AGE


@require_safe
def register(request: AuthedRequest) -> HttpResponse:
    """Every line of the organization, for those who answer for it."""
    rows, form = _lines(request)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    record_list(request.user, "list_exports", Export, [row.pk for row in page.object_list])
    context = {
        "page": page,
        "lines": lines_of(page.object_list),
        "filter": form,
        "query": request.GET.urlencode(),
    }
    return render(request, "exports/register.html", context)


@require_safe
@step_up_required
def register_file(request: AuthedRequest, ending: str) -> HttpResponse:
    """The register itself as a file: that too is a line of it."""
    if ending not in WRITERS:
        raise Http404
    rows, form = _lines(request)
    found, (media, write) = list(rows[:LONGEST_REGISTER]), WRITERS[ending]
    content = actions.register(
        Export.Kind.REGISTER,
        lambda line: write(found, line),
        purpose=Export.Purpose.ACCOUNTABILITY,
        format=ending,
        actor=request.user,
        columns=[str(word) for word in sheet_of([]).lines[0]],
        rows=len(found),
        filters=form.narrowed(),
    )
    return as_attachment(request, content, media=media, name=file_name("register", ending))


def _lines(request: AuthedRequest) -> tuple[Any, RegisterFilterForm]:
    request.user.require("exports.view_export_register")
    form = RegisterFilterForm(request.GET)
    rows = Export.objects.visible_to(request.user).filter(
        organization=request.user.organization_id, **form.narrowed()
    )
    return rows.select_related("requested_by", "decided_by", "recipient"), form


def _own(user: User, pk: UUID) -> Export:
    """A line whose file this user asked for. Raises Http404, PermissionDenied."""
    row = _visible(user, pk)
    if row.requested_by_id != user.pk:
        raise PermissionDenied
    return row


def _visible(user: User, pk: UUID) -> Export:
    rows = Export.objects.visible_to(user)
    return get_object_or_404(
        rows.select_related("requested_by", "decided_by", "recipient", "organization"), pk=pk
    )
