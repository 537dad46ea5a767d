"""Erasures at the door: what is due, what is on its way, what is held."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import scope
from accounts.audit import record, record_list
from accounts.http import AuthedRequest
from accounts.stepup import step_up_required
from protection import actions, forms
from protection.actions.holds import may_place_hold
from protection.actions.requests import may_confirm_erasure
from protection.actions.retention import may_decide_due
from protection.models import DueRow, ErasureRequest, LegalHold, Telling
from protection.pages import Cell, Line, Row, Step, Table, either, known, on, plain

P = ParamSpec("P")
View = Callable[Concatenate[AuthedRequest, P], HttpResponse]


def at_desk(view: View[P]) -> View[P]:
    """At this desk the database shows what waits to be erased, which nobody else meets any more."""

    @wraps(view)
    def guarded(request: AuthedRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        with scope.desk("protection"):
            return view(request, *args, **kwargs)

    return guarded


@require_safe
@at_desk
def due(request: AuthedRequest) -> HttpResponse:
    """Records whose time is over, the longest overdue first."""
    user = request.user
    user.require("protection.view_erasures")
    rows = list(DueRow.objects.visible_to(user).open().select_related("person", "case")[:200])
    record_list(user, "list_due", DueRow, [row.pk for row in rows])
    context = {
        "title": _("Due records"),
        "lede": _("Their time is over. Nothing goes before you confirm it, and then 30 days more."),
        "rows": rows,
        "may_decide": may_decide_due(user),
    }
    return render(request, "protection/due.html", context)


def _due_row(request: AuthedRequest, pk: UUID) -> DueRow:
    rows = DueRow.objects.visible_to(request.user).select_related("person", "case")
    return get_object_or_404(rows, pk=pk)


@at_desk
def decide_due(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Keep one record longer, with a reason; the other button confirms that it goes."""
    user, row = request.user, _due_row(request, pk)
    if not may_decide_due(user):
        raise PermissionDenied
    form = forms.KeepForm(request.POST or None)
    if form.perform(actions.keep_due, row, actor=user):
        messages.success(request, _("Kept. You are asked again on that day."))
        return redirect("protection:due")
    record(user, "view_due", row)
    return render(request, "protection/line.html", {"line": _due_line(row, form), "form": form})


def _due_line(row: DueRow, form: forms.KeepForm) -> Line:
    url = reverse("protection:confirm_due", args=[row.pk])
    says = _("It is hidden at once and erased after 30 days. Until then it can be taken back.")
    steps = [
        Step(_("Let it go"), url, _("Confirm and hide"), forms.ConfirmForm(), True, says),
        Step(_("Keep it longer"), reverse("protection:decide_due", args=[row.pk]), _("Keep"), form),
    ]
    return Line(
        title=row.person.code,
        facts=known(
            (_("What is erased"), row.get_kind_display()),
            (_("Rule"), row.get_rule_display()),
            (_("Due since"), row.due_on),
            (_("Age"), row.person.ages),
            (_("Last visit"), row.person.last_visit_on),
            (_("Closed on"), row.case.closed_on if row.case else None),
        ),
        steps=steps if row.state == DueRow.State.OPEN else [],
    )


@require_POST
@step_up_required
@at_desk
def confirm_due(request: AuthedRequest, pk: UUID) -> HttpResponse:
    row, form = _due_row(request, pk), forms.ConfirmForm(request.POST)
    if form.perform(actions.confirm_due, row, actor=request.user):
        messages.success(request, _("Hidden. It is erased after 30 days."))
        return redirect(form.result)
    context = {"line": _due_line(row, forms.KeepForm()), "form": form}
    return render(request, "protection/line.html", context)


@require_safe
@at_desk
def erasures(request: AuthedRequest) -> HttpResponse:
    """What is on its way, what is held, and what went."""
    user = request.user
    user.require("protection.view_erasures")
    rows = ErasureRequest.objects.visible_to(user)
    open_ones, ended = list(rows.open().asked_first()), list(rows.exclude(pk__in=rows.open())[:100])
    holds = list(LegalHold.objects.visible_to(user).in_force().select_related("person"))
    listed = [row.pk for row in [*open_ones, *ended]]
    record_list(user, "list_erasures", ErasureRequest, listed)
    context = {
        "title": _("Erasures"),
        "lede": _("Begun by one person, confirmed by another, hidden for 30 days, then gone."),
        "tables": [
            _tickets(_("On their way"), open_ones),
            _holds(holds),
            _tickets(_("Ended"), ended),
        ],
        "new": reverse("protection:find"),
        "new_label": _("Find by code"),
        "may_add": user.has_perm("protection.begin_erasure"),
    }
    return render(request, "protection/list.html", context)


def _state(row: ErasureRequest) -> Cell:
    kinds = {
        ErasureRequest.State.WAITING: ("warn", "clock"),
        ErasureRequest.State.ARCHIVED: ("info", "eye-off"),
        ErasureRequest.State.ERASED: ("ok", "check"),
        ErasureRequest.State.STOPPED: ("", "ban"),
    }
    return Cell(row.get_state_display(), *kinds[ErasureRequest.State(row.state)])


def _tickets(title: str, rows: list[ErasureRequest]) -> Table:
    return Table(
        [_("Number"), _("Code"), _("What is erased"), _("Reason"), _("Erased on"), _("State")],
        [
            Row(
                row.get_absolute_url(),
                [
                    *plain(str(row), row.code or "–", row.get_kind_display()),
                    *plain(row.get_origin_display()),
                    on(row.erased_at or row.erase_on),
                    _state(row),
                ],
            )
            for row in rows
        ],
        empty=_("None."),
        title=title,
    )


def _holds(rows: list[LegalHold]) -> Table:
    return Table(
        [_("Code"), _("Reason"), _("Since"), _("Until")],
        [
            Row(
                reverse("protection:hold", args=[row.pk]),
                [
                    *plain(row.person.code, row.get_reason_display()),
                    on(row.starts_on),
                    on(row.until),
                ],
            )
            for row in rows
        ],
        empty=_("Nothing is held."),
        title=_("Held for proceedings"),
    )


def _ticket(request: AuthedRequest, pk: UUID) -> ErasureRequest:
    rows = ErasureRequest.objects.visible_to(request.user).select_related(
        "begun_by", "confirmed_by", "asked"
    )
    return get_object_or_404(rows, pk=pk)


@at_desk
def erasure(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """One erasure; sent, it is stopped."""
    user, row = request.user, _ticket(request, pk)
    form = forms.StopForm(request.POST or None)
    if form.perform(actions.stop_erasure, row, actor=user):
        messages.success(request, _("Stopped. The record is there again."))
        return redirect(row)
    record(user, "view_erasure", row)
    tellings = list(Telling.objects.visible_to(user).filter(erasure=row))
    may = may_confirm_erasure(user)
    context = {
        "line": _line(row, _steps(row, form) if may else []),
        "form": form,
        "ticket": row,
        "tellings": tellings,
        "may_tell": may,
    }
    return render(request, "protection/erasure.html", context)


def _steps(row: ErasureRequest, form: forms.StopForm) -> list[Step]:
    steps = []
    if row.is_waiting:
        url = reverse("protection:confirm_erasure", args=[row.pk])
        says = _("The record is hidden at once and erased after 30 days.")
        confirm = forms.ConfirmForm()
        steps.append(Step(_("Second person"), url, _("Confirm erasure"), confirm, True, says))
    if row.is_open:
        steps.append(Step(_("Stop it"), row.get_absolute_url(), _("Stop erasure"), form))
    return steps


def _line(row: ErasureRequest, steps: list[Step]) -> Line:
    return Line(
        title=str(row),
        tag=_state(row),
        facts=known(
            (_("What is erased"), row.get_kind_display()),
            (_("Code"), row.code or _("emptied")),
            (_("Reason"), row.get_origin_display()),
            (_("Begun by"), row.begun_by),
            (_("Begun at"), row.begun_at),
            (_("Confirmed by"), row.confirmed_by),
            (_("Confirmed at"), row.confirmed_at),
            (_("Erased from"), row.erase_on),
            (_("Erased at"), row.erased_at),
            (_("Complete on, backups too"), row.complete_on),
            (_("Stopped because"), row.get_stop_reason_display()),
        ),
        links=[(_("Request of the person"), row.asked.get_absolute_url())] if row.asked else [],
        steps=steps,
    )


@require_POST
@step_up_required
@at_desk
def confirm_erasure(request: AuthedRequest, pk: UUID) -> HttpResponse:
    row, form = _ticket(request, pk), forms.ConfirmForm(request.POST)
    if form.perform(actions.confirm_erasure, row, actor=request.user):
        messages.success(request, _("Confirmed. The record is hidden from now on."))
        return redirect(row)
    context = {"line": _line(row, _steps(row, forms.StopForm())), "form": form, "ticket": row}
    return render(request, "protection/erasure.html", context)


@require_POST
@at_desk
def tell(request: AuthedRequest, pk: UUID) -> HttpResponse:
    telling = get_object_or_404(Telling.objects.visible_to(request.user), pk=pk)
    form = forms.ConfirmForm(request.POST)
    if form.perform(actions.tell, telling, actor=request.user):
        messages.success(request, _("Written down."))
    return redirect("protection:erasure", telling.erasure_id)


@at_desk
def hold(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """One hold; sent, it is lifted."""
    user = request.user
    rows = LegalHold.objects.visible_to(user).select_related("person", "placed_by", "lifted_by")
    row = get_object_or_404(rows, pk=pk)
    form = forms.LiftForm(request.POST if request.method == "POST" else None)
    if form.perform(actions.lift_hold, row, actor=user):
        messages.success(request, _("Lifted."))
        return redirect("protection:erasures")
    record(user, "view_hold", row)
    url = reverse("protection:hold", args=[row.pk])
    step = Step(_("Lift it"), url, _("Lift hold"), form, is_main=True)
    line = Line(
        title=row.person.code,
        facts=known(
            (_("Reason"), row.get_reason_display()),
            (_("Only one case"), either(row.case_id is not None)),
            (_("Since"), row.starts_on),
            (_("Until"), row.until),
            (_("Placed by"), row.placed_by),
            (_("Lifted by"), row.lifted_by),
        ),
        steps=[step] if row.is_in_force and may_place_hold(user) else [],
    )
    return render(request, "protection/line.html", {"line": line, "form": form})
