"""The parts of a talk: one page each, what they show so far, and stopping in them."""

import re
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.http import AuthedRequest, asks_and_saves
from accounts.models import User
from casework.models import Person
from casework.models.talk import told_already
from casework.views.drafting import long_form, restore
from screening import actions
from screening.actions.alerts import CRISIS
from screening.forms import PartForm
from screening.models import Screening
from screening.views.frame import asked, draft, explainer_of, frame, opened, shown

INDENT = re.compile(rb"\n\s+")


def _person(user: User, pk: UUID) -> Person:
    """Whom a talk is about. Raises Http404."""
    rows = Screening.objects.visible_to(user).select_related("case__person__data_key")
    return get_object_or_404(rows, pk=pk).case.person


@asks_and_saves
@long_form(gettext_lazy("Screening"), _person)
def part(request: AuthedRequest, pk: UUID, number: int) -> HttpResponse:
    """One part of the talk."""
    screening = draft(pk, request.user)
    form = _part_form(request, screening, number)
    known = screening.assessment.alerts
    if form.perform(actions.save_section, screening, actor=request.user):
        if CRISIS in _alerts(form) and CRISIS not in known:
            return redirect("screening:crisis", pk=pk)
        if request.POST.get("then") == "leave":
            messages.success(request, _("Saved. You can go on another day."))
            return redirect("screening:of_case", pk=screening.case_id)
        return redirect(_following(screening, number))
    if screening.state != Screening.State.DRAFT and not form.errors:
        return redirect(screening)
    # Each part that was saved moves the version of all: what is restored is of this part alone.
    restore(request, form, apart={"version"})
    shown(screening, request.user)
    context = {
        **frame(screening, number),
        **_so_far(screening, form),
        **_place(screening, number),
        "form": form,
        "marks": told_already(screening.case.person_id, request.user),
    }
    return _without_indents(render(request, "screening/part.html", context))


def _without_indents(response: HttpResponse) -> HttpResponse:
    """A page for weak lines: a sixth of it was indentation. It has no field for a text."""
    response.content = INDENT.sub(b"\n", response.content)
    return response


def _alerts(form: PartForm) -> tuple[str, ...]:
    return cast(Screening, form.result).assessment.alerts


def _part_form(request: AuthedRequest, screening: Screening, number: int) -> PartForm:
    if not _is_asked(screening, number):
        raise Http404
    return PartForm(request.POST or None, screening=screening, number=number)


def _is_asked(screening: Screening, number: int) -> bool:
    return number in {section["number"] for section in asked(screening)}


def _so_far(screening: Screening, form: PartForm) -> dict[str, Any]:
    """What the saved answers show, with those of the open page in place of its own."""
    sheet = screening.sheet
    if form.is_bound and form.is_valid():
        sheet = sheet.with_part(form.code, form.cleaned_data["part"])
    explainer = explainer_of(screening, sheet)
    return {"explainer": explainer, "elements": explainer.parts(form.code)}


def _place(screening: Screening, number: int) -> dict[str, Any]:
    """Which part this is, of how many, and the one before it."""
    parts = explainer_of(screening).section_titles()
    numbers, titles = [row[0] for row in parts], [row[2] for row in parts]
    place = numbers.index(number)
    return {
        "place": place + 1,
        "total": len(numbers),
        "previous": numbers[place - 1] if place else None,
        "section_title": titles[place],
    }


def _following(screening: Screening, number: int) -> str:
    behind = [section["number"] for section in asked(screening) if section["number"] > number]
    if behind:
        return reverse("screening:part", args=[screening.pk, behind[0]])
    return reverse("screening:finish", args=[screening.pk])


@require_POST
def panel(request: AuthedRequest, pk: UUID, number: int) -> HttpResponse:
    """What the answers show so far, with those of the open page; nothing is kept."""
    screening = draft(pk, request.user)
    form = _part_form(request, screening, number)
    shown(screening, request.user)
    return render(request, "screening/_so_far.html", _so_far(screening, form))


@require_POST
def stop(request: AuthedRequest, pk: UUID, number: int = 0) -> HttpResponse:
    """Stop at once, keep the open page's answers, show something neutral.

    Nothing may stand in the way: a part that is no longer asked is left out.
    """
    screening = opened(pk, request.user)
    kept: dict[str, Any] = {}
    if _is_asked(screening, number):
        form = _part_form(request, screening, number)
        kept = form.cleaned_data if form.is_valid() else {}
        kept.pop("operation", None)
    actions.stop_screening(screening, **kept, actor=request.user)
    return redirect("screening:paused")
