"""Agreements on sharing at the door."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.audit import record, record_list
from accounts.http import AuthedRequest
from protection import actions, forms
from protection.actions.registers import may_edit_registers
from protection.models import SharingAgreement
from protection.pages import Cell, Line, Row, Step, Table, form_page, known, on, plain


@require_safe
def agreements(request: AuthedRequest) -> HttpResponse:
    user = request.user
    user.require("protection.view_registers")
    rows = list(SharingAgreement.objects.visible_to(user).select_related("partner"))
    record_list(user, "list_agreements", SharingAgreement, [row.pk for row in rows])
    context = {
        "title": _("Sharing agreements"),
        "lede": _("With whom we share, how much, how often, for what, and what keeps it safe."),
        "tables": [_table(rows)],
        "new": reverse("protection:new_agreement"),
        "new_label": _("New agreement"),
        "may_add": may_edit_registers(user),
    }
    return render(request, "protection/list.html", context)


def _state(row: SharingAgreement) -> Cell:
    if row.is_in_force:
        return Cell(_("In force"), "ok", "check")
    return Cell(_("Not in force"), "")


def _table(rows: list[SharingAgreement]) -> Table:
    return Table(
        [_("Paper"), _("With whom"), _("For what"), _("How much"), _("Until"), _("State")],
        [
            Row(
                row.get_absolute_url(),
                [
                    *plain(row.reference, row.partner, row.get_kind_display()),
                    *plain(row.get_detail_display()),
                    on(row.ends_on),
                    _state(row),
                ],
            )
            for row in rows
        ],
        empty=_("No agreement is written down."),
    )


def new_agreement(request: AuthedRequest) -> HttpResponse:
    if not may_edit_registers(request.user):
        raise PermissionDenied
    form = forms.AgreementForm(request.POST or None)
    if form.perform(actions.record_agreement, actor=request.user):
        messages.success(request, _("Agreement saved."))
        return redirect(form.result)
    return form_page(
        request,
        form,
        title=_("New agreement"),
        lede=_("The signed paper stays in the cupboard; here stands what it says."),
        label=_("Save agreement"),
        back=reverse("protection:agreements"),
    )


def agreement(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """One agreement; sent, it says until when it holds."""
    user = request.user
    user.require("protection.view_registers")
    rows = SharingAgreement.objects.visible_to(user).select_related("partner")
    row = get_object_or_404(rows, pk=pk)
    form = forms.EndAgreementForm(request.POST or None, initial={"version": row.version})
    if form.perform(actions.end_agreement, row, actor=user):
        messages.success(request, _("Saved."))
        return redirect(row)
    record(user, "view_agreement", row)
    step = Step(_("End it"), row.get_absolute_url(), _("Save last day"), form, is_main=True)
    steps = [step] if may_edit_registers(user) else []
    return render(request, "protection/line.html", {"line": _line(row, steps), "form": form})


def _line(row: SharingAgreement, steps: list[Step]) -> Line:
    return Line(
        title=row.reference,
        tag=_state(row),
        facts=known(
            (_("With whom"), row.partner),
            (_("For what"), row.get_kind_display()),
            (_("How much"), row.get_detail_display()),
            (_("How often"), row.get_frequency_display()),
            (_("Legal basis"), row.get_basis_display()),
            (_("Country"), row.country.name),
            (_("What keeps it safe there"), row.get_safeguard_display()),
            (_("Approved on"), row.approved_on),
            (_("From"), row.starts_on),
            (_("Until"), row.ends_on),
        ),
        steps=steps,
    )
