"""The result of a talk, and what a person decides on it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import AuthedRequest, asks_and_saves
from casework.actions.access import is_read_only, require_may_write
from screening import actions
from screening.forms import DecideForm, PressureForm
from screening.models import Screening
from screening.views.frame import explainer_of, frame, next_part, opened, shown


@require_safe
def screening(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Where this talk stands: the next part of an open one, the result of a finished one."""
    found = opened(pk, request.user)
    if found.state == Screening.State.DRAFT:
        return redirect(next_part(found))
    if found.state == Screening.State.STOPPED:
        return redirect("screening:resume", pk=pk)
    return _result_page(request, found, DecideForm(screening=found))


def _result_page(request: AuthedRequest, screening: Screening, form: DecideForm) -> HttpResponse:
    shown(screening, request.user)
    context = {
        **frame(screening),
        **_outcome(screening),
        "form": form,
        "may_decide": actions.may_decide_screening(request.user),
        "may_start": actions.may_start_screening(request.user),
        "may_mark": not is_read_only(screening.case, request.user),
    }
    return render(request, "screening/screening.html", context)


def _outcome(screening: Screening) -> dict[str, Any]:
    """The result of a finished talk in words; nothing for a declined one."""
    if screening.state != Screening.State.COMPLETED:
        return {}
    explainer = explainer_of(screening)
    return {
        "result": explainer.band(screening.band),
        "decided": explainer.band(screening.decision) if screening.decision else None,
        "is_urgent": screening.band == Screening.Band.A,
        "elements": explainer.parts(everything=True),
        "answered": explainer.answered(),
        "asked": explainer.asked(),
    }


@asks_and_saves
def decide(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The worker's own judgement, kept beside the result."""
    screening = opened(pk, request.user)
    form = DecideForm(request.POST or None, screening=screening)
    if form.perform(actions.decide_screening, screening, actor=request.user):
        messages.success(request, _("Decision kept."))
        return redirect(screening)
    return _result_page(request, screening, form)


@asks_and_saves
def mark_pressure(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Answers may have been given under pressure: said later, by whoever may read them."""
    screening = opened(pk, request.user)
    require_may_write(screening.case, request.user)
    form = PressureForm(request.POST or None, initial={"version": screening.version})
    if form.perform(actions.mark_pressure, screening, actor=request.user):
        messages.success(request, _("Marked. The answers and the result stay as they are."))
        return redirect(screening)
    shown(screening, request.user)
    return render(request, "screening/pressure.html", {**frame(screening, -1), "form": form})
