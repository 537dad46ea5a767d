"""Requests at the door: of people about their own data, and of authorities about somebody's."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import record, record_list
from accounts.http import AuthedRequest
from protection import actions, forms
from protection.actions.registers import may_edit_registers, may_record_person_request
from protection.models import AuthorityRequest, PersonRequest
from protection.pages import (
    Cell,
    Line,
    Row,
    Step,
    Table,
    days_said,
    either,
    form_page,
    known,
    on,
    plain,
    told,
)


@require_safe
def person_requests(request: AuthedRequest) -> HttpResponse:
    """Open ones first, those that are due soonest on top."""
    user = request.user
    if not (may_record_person_request(user) or user.has_perm("protection.view_registers")):
        raise PermissionDenied
    rows = PersonRequest.objects.visible_to(user)
    open_ones, ended = list(rows.open()), list(rows.exclude(pk__in=rows.open())[:100])
    record_list(user, "list_person_requests", PersonRequest, [r.pk for r in [*open_ones, *ended]])
    context = {
        "title": _("Requests of people"),
        "lede": _("What people ask about their own data. Each is answered within 30 days."),
        "tables": [_people(_("Open"), open_ones), _people(_("Ended"), ended)],
        "new": reverse("protection:new_person_request"),
        "new_label": _("New request"),
        "may_add": may_record_person_request(user),
    }
    return render(request, "protection/list.html", context)


def _people(title: str, rows: list[PersonRequest]) -> Table:
    return Table(
        [_("Number"), _("What is asked"), _("Who asks"), _("Received"), _("State")],
        [
            Row(
                row.get_absolute_url(),
                [
                    *plain(str(row), row.get_kind_display(), row.get_asker_display()),
                    on(row.received_on),
                    days_said(row.days_left) if row.is_open else Cell(row.get_state_display(), ""),
                ],
            )
            for row in rows
        ],
        empty=_("None."),
        title=title,
    )


def new_person_request(request: AuthedRequest) -> HttpResponse:
    if not may_record_person_request(request.user):
        raise PermissionDenied
    form = forms.PersonRequestForm(request.POST or None)
    if form.perform(actions.record_person_request, actor=request.user):
        messages.success(request, _("Request written down. The clock runs."))
        return redirect(form.result)
    return form_page(
        request,
        form,
        title=_("New request"),
        lede=_("No names here: who asks is known to you, the code is enough."),
        label=_("Save request"),
        back=reverse("protection:person_requests"),
    )


def _person_request_of(request: AuthedRequest, pk: UUID) -> PersonRequest:
    rows = PersonRequest.objects.visible_to(request.user).select_related("data_key", "answered_by")
    return get_object_or_404(rows, pk=pk)


def person_request(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """One request; sent, it says what became of it."""
    user, row = request.user, _person_request_of(request, pk)
    start = {
        "version": row.version,
        "state": row.state,
        "identity_checked": row.identity_checked,
        "is_safe": row.is_safe,
    }
    form = forms.AnswerPersonRequestForm(request.POST or None, initial=start)
    if form.perform(actions.answer_person_request, row, actor=user):
        messages.success(request, _("Saved."))
        return redirect(row)
    record(user, "view_person_request", row)
    steps = [Step(_("Answer"), row.get_absolute_url(), _("Save answer"), form, is_main=True)]
    if may_edit_registers(user) and row.extended_on is None:
        longer = forms.ExtendForm(initial={"version": row.version})
        url = reverse("protection:extend_person_request", args=[row.pk])
        says = _("Once, and the person is told why.")
        steps.append(Step(_("More time"), url, _("Take 60 days more"), longer, says=says))
    line = _request_line(row, steps if row.is_open else [])
    return render(request, "protection/line.html", {"line": line, "form": form})


def _request_line(row: PersonRequest, steps: list[Step]) -> Line:
    return Line(
        title=str(row),
        tag=days_said(row.days_left) if row.is_open else Cell(row.get_state_display(), ""),
        facts=known(
            (_("What is asked"), row.get_kind_display()),
            (_("Who asks"), row.get_asker_display()),
            (_("How"), row.get_channel_display()),
            (_("Code"), row.code),
            (_("Received on"), row.received_on),
            (_("Answer by"), row.due_on),
            (_("We know who is asking"), either(row.identity_checked)),
            (_("It is safe to answer"), either(row.is_safe)),
            (_("Answered on"), row.answered_on),
            (_("Reason"), row.get_refusal_reason_display()),
        ),
        texts=told((_("What exactly"), row.details)),
        steps=steps,
        links=_ways_on(row),
    )


def _ways_on(row: PersonRequest) -> list[tuple[str, str]]:
    """Where a request is carried out."""
    if row.is_open and (row.wants_file or row.wants_erasure):
        return [(_("Find the person by code"), reverse("protection:find"))]
    return []


@require_POST
def extend_person_request(request: AuthedRequest, pk: UUID) -> HttpResponse:
    row = _person_request_of(request, pk)
    form = forms.ExtendForm(request.POST)
    if form.perform(actions.extend_person_request, row, actor=request.user):
        messages.success(request, _("60 days more."))
        return redirect(row)
    return render(request, "protection/line.html", {"line": _request_line(row, []), "form": form})


@require_safe
def authority_requests(request: AuthedRequest) -> HttpResponse:
    user = request.user
    user.require("protection.view_registers")
    rows = list(AuthorityRequest.objects.visible_to(user)[:200])
    record_list(user, "list_authority_requests", AuthorityRequest, [row.pk for row in rows])
    context = {
        "title": _("Requests of authorities"),
        "lede": _("Police, courts and others. Each record is decided on its own; no lists."),
        "tables": [_authorities(rows)],
        "new": reverse("protection:new_authority_request"),
        "new_label": _("New request"),
        "may_add": may_edit_registers(user),
    }
    return render(request, "protection/list.html", context)


def _authorities(rows: list[AuthorityRequest]) -> Table:
    return Table(
        [_("Number"), _("Authority"), _("Legal basis"), _("Received"), _("Decision")],
        [
            Row(
                row.get_absolute_url(),
                [
                    *plain(str(row), row.get_authority_display(), row.get_basis_display()),
                    on(row.received_on),
                    Cell(_("Open"), "warn", "clock")
                    if row.is_open
                    else Cell(row.get_decision_display(), ""),
                ],
            )
            for row in rows
        ],
        empty=_("No authority has asked."),
    )


def new_authority_request(request: AuthedRequest) -> HttpResponse:
    if not may_edit_registers(request.user):
        raise PermissionDenied
    form = forms.AuthorityRequestForm(request.POST or None)
    if form.perform(actions.record_authority_request, actor=request.user):
        messages.success(request, _("Request written down."))
        return redirect(form.result)
    return form_page(
        request,
        form,
        title=_("New request"),
        lede=_("Write down what the paper says before anybody answers."),
        label=_("Save request"),
        back=reverse("protection:authority_requests"),
    )


def authority_request(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """One request of an authority; sent, it is decided."""
    user = request.user
    user.require("protection.view_registers")
    rows = AuthorityRequest.objects.visible_to(user).select_related("data_key", "decided_by")
    row = get_object_or_404(rows, pk=pk)
    form = forms.DecideForm(request.POST or None, initial={"version": row.version})
    if form.perform(actions.decide_authority_request, row, actor=user):
        messages.success(request, _("Decision saved."))
        return redirect(row)
    record(user, "view_authority_request", row)
    step = Step(_("Decide"), row.get_absolute_url(), _("Save decision"), form, is_main=True)
    steps = [step] if row.is_open and may_edit_registers(user) else []
    context = {"line": _authority_line(row, steps), "form": form}
    return render(request, "protection/line.html", context)


def _authority_line(row: AuthorityRequest, steps: list[Step]) -> Line:
    state = Cell(_("Open"), "warn") if row.is_open else Cell(row.get_decision_display(), "")
    return Line(
        title=str(row),
        tag=state,
        facts=known(
            (_("Authority"), row.get_authority_display()),
            (_("Their number"), row.reference),
            (_("Legal basis"), row.get_basis_display()),
            (_("About whom"), row.get_scope_display()),
            (_("Received on"), row.received_on),
            (_("They want an answer by"), row.answer_by),
            (_("Decided on"), row.decided_on),
            (_("Decided by"), row.decided_by),
            (_("The person was told"), either(row.person_told)),
        ),
        texts=told(
            (_("What they ask"), row.asked),
            (_("Why"), row.reasons),
            (_("What was given"), row.given),
        ),
        steps=steps,
    )
