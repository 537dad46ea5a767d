"""Incidents at the door: reported by anybody, followed up by whoever keeps the registers."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import record, record_list
from accounts.http import AuthedRequest
from protection import actions, forms
from protection.actions.registers import may_edit_registers, may_report_breach
from protection.models import Breach
from protection.pages import (
    Cell,
    Line,
    Row,
    Step,
    Table,
    either,
    form_page,
    hours_said,
    known,
    on,
    plain,
    told,
)

LETTERS = {"commissioner", "person"}
LANGUAGES = {"en": "en", "sr": "sr-latn"}


@require_safe
def breaches(request: AuthedRequest) -> HttpResponse:
    user = request.user
    user.require("protection.view_registers")
    rows = list(Breach.objects.visible_to(user)[:200])
    record_list(user, "list_breaches", Breach, [row.pk for row in rows])
    context = {
        "title": _("Incidents"),
        "lede": _("Lost, seen, sent to the wrong place. The commissioner hears within 72 hours."),
        "tables": [_table(rows)],
        "new": reverse("protection:report_breach"),
        "new_label": _("Report an incident"),
        "may_add": may_report_breach(user),
    }
    return render(request, "protection/list.html", context)


def _clock(row: Breach) -> Cell:
    if not row.is_open:
        return Cell(_("Closed"), "")
    if row.clock_runs:
        return hours_said(row.hours_left)
    return Cell(_("Commissioner told"), "ok", "check")


def _table(rows: list[Breach]) -> Table:
    return Table(
        [_("Number"), _("What happened"), _("How bad"), _("Known since"), _("Clock")],
        [
            Row(
                row.get_absolute_url(),
                [
                    *plain(str(row), row.get_kind_display(), row.get_severity_display()),
                    on(row.known_at),
                    _clock(row),
                ],
            )
            for row in rows
        ],
        empty=_("No incident was reported."),
    )


def report_breach(request: AuthedRequest) -> HttpResponse:
    """For everybody who works here: better too early than too late."""
    if not may_report_breach(request.user):
        raise PermissionDenied
    form = forms.BreachForm(request.POST or None)
    if form.perform(actions.report_breach, actor=request.user):
        messages.success(request, _("Reported. Data protection was told."))
        reads = request.user.has_perm("protection.view_registers")
        return redirect(form.result) if reads else redirect("protection:desk")
    return form_page(
        request,
        form,
        title=_("Report an incident"),
        lede=_("A phone is gone, a paper was lost, somebody saw too much: say it now."),
        label=_("Report incident"),
        back=reverse("protection:desk"),
    )


def _breach_of(request: AuthedRequest, pk: UUID) -> Breach:
    request.user.require("protection.view_registers")
    rows = Breach.objects.visible_to(request.user).select_related("data_key", "closed_by")
    return get_object_or_404(rows, pk=pk)


def breach(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """One incident; sent, it takes in what came out since."""
    row = _breach_of(request, pk)
    names = [name for name in forms.ChangeBreachForm.base_fields if name != "operation"]
    form = forms.ChangeBreachForm(
        request.POST or None, initial={name: getattr(row, name) for name in names}
    )
    if form.perform(actions.change_breach, row, actor=request.user):
        messages.success(request, _("Saved."))
        return redirect(row)
    record(request.user, "view_breach", row)
    writes = row.is_open and may_edit_registers(request.user)
    context = {"line": _line(row, _steps(row, form) if writes else []), "form": form}
    return render(request, "protection/line.html", context)


def _steps(row: Breach, form: forms.ChangeBreachForm) -> list[Step]:
    close = forms.CloseForm(initial={"version": row.version})
    url = reverse("protection:close_breach", args=[row.pk])
    says = _("When everybody was told, or it is written why not.")
    return [
        Step(_("What came out since"), row.get_absolute_url(), _("Save"), form, is_main=True),
        Step(_("Close"), url, _("Close incident"), close, says=says),
    ]


def _line(row: Breach, steps: list[Step]) -> Line:
    return Line(
        title=str(row),
        tag=_clock(row),
        facts=known(
            (_("What happened"), row.get_kind_display()),
            (_("How bad"), row.get_severity_display()),
            (_("Happened at"), row.happened_at),
            (_("Known since"), row.known_at),
            (_("Commissioner is told by"), row.tell_authority_by),
            (_("Commissioner told at"), row.authority_told_at),
            (_("People must be told"), either(row.people_must_know)),
            (_("People told at"), row.people_told_at),
            (_("People affected"), row.people_affected),
            (_("Data were locked"), either(row.was_unreadable)),
            (_("Closed at"), row.closed_at),
        ),
        texts=told(
            (_("What happened, step by step"), row.account),
            (_("What was done"), row.measures),
            (_("Why somebody was not told"), row.not_told_reason),
        ),
        steps=steps,
        links=_letters(row),
    )


def _letters(row: Breach) -> list[tuple[Any, str]]:
    words = {
        ("commissioner", "sr"): _("Letter to the commissioner, in Serbian"),
        ("commissioner", "en"): _("Letter to the commissioner, in English"),
        ("person", "sr"): _("Letter to the people, in Serbian"),
        ("person", "en"): _("Letter to the people, in English"),
    }
    return [
        (label, reverse("protection:breach_letter", args=[row.pk, *which]))
        for which, label in words.items()
    ]


@require_POST
def close_breach(request: AuthedRequest, pk: UUID) -> HttpResponse:
    row = _breach_of(request, pk)
    form = forms.CloseForm(request.POST)
    if form.perform(actions.close_breach, row, actor=request.user):
        messages.success(request, _("Incident closed."))
        return redirect(row)
    context = {"line": _line(row, []), "form": form}
    return render(request, "protection/line.html", context)


@require_safe
def breach_letter(request: AuthedRequest, pk: UUID, to: str, language: str) -> HttpResponse:
    """A draft to print: to the commissioner, or to the people themselves."""
    row = _breach_of(request, pk)
    if to not in LETTERS or language not in LANGUAGES:
        raise Http404
    record(request.user, "print_breach_letter", row, note=to)
    context = {
        "row": row,
        "to": to,
        "contact": settings.DATA_PROTECTION_CONTACT,
        "organization": request.user.organization,
    }
    with translation.override(LANGUAGES[language]):
        return render(request, "protection/breach_letter.html", context)
