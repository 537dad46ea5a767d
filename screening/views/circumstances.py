"""Where and when: a page of the talk beside its parts, and lines of the result."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.http import AuthedRequest, asks_and_saves
from screening import actions
from screening.circumstance_forms import PHASE_WORDS, CircumstancesForm
from screening.circumstances import CRITERION, PHASE, PLACE, circumstances_of, subjects
from screening.explain import say
from screening.models import Screening
from screening.places import names_of
from screening.views.frame import draft, frame, shown


@asks_and_saves
def circumstances(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Where on the way, and in which month, of what was recorded so far."""
    screening = draft(pk, request.user)
    form = CircumstancesForm(request.POST or None, screening=screening)
    if form.perform(actions.save_circumstances, screening, actor=request.user):
        messages.success(request, _("Saved."))
        return redirect("screening:finish", pk=pk)
    if screening.state != Screening.State.DRAFT and not form.errors:
        return redirect(screening)
    shown(screening, request.user)
    return render(request, "screening/circumstances.html", {**frame(screening, -1), "form": form})


def lines_of(screening: Screening) -> list[dict[str, Any]]:
    """What was told of where and when, in words."""
    definition, sheet = screening.instrument_version.definition, screening.sheet
    told = circumstances_of(definition, sheet)
    names = names_of({facts[PLACE] for facts in told.values() if PLACE in facts})
    return [
        {
            "label": say(entry["question"] if kind == CRITERION else entry["label"]),
            "place": names.get(facts.get(PLACE, ""), ""),
            "month": facts.get("month", ""),
            "phase": PHASE_WORDS.get(facts.get(PHASE, ""), ""),
        }
        for kind, code, entry in subjects(definition, sheet)
        if (facts := told.get(f"{kind}:{code}"))
    ]
