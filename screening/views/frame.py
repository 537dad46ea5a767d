"""What the pages of a talk share: who may open it, its parts, and where it goes on."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from screening import actions
from screening.answers import AnswerSheet, sections_asked
from screening.explain import Explainer, is_draft_language
from screening.models import Screening


def opened(pk: UUID, user: User) -> Screening:
    """The screening with what its pages show. Raises Http404 for whoever may not read it."""
    rows = Screening.objects.visible_to(user).select_related(
        "case__person__language", "data_key", "instrument_version", "language",
        "started_by", "completed_by", "decided_by", "reviewed_by", "pressure_by",
        "limits_said_by", "interpreter__data_key", "route",
    )  # fmt: skip
    return get_object_or_404(rows, pk=pk)


def shown(screening: Screening, user: User) -> None:
    record(user, "view_screening", screening, case_id=screening.case_id)


def explainer_of(screening: Screening, sheet: AnswerSheet | None = None) -> Explainer:
    sheet = screening.sheet if sheet is None else sheet
    definition = screening.instrument_version.definition
    return Explainer(
        definition,
        screening.profile,
        sheet,
        screening.assess(sheet),
        is_alone=screening.unaccompanied_or_separated,
    )


def frame(screening: Screening, current: int | None = None) -> dict[str, Any]:
    """What every page of a talk shows: the parts with their states, and whose talk it is.

    `current` is a part's number, 0 for what comes before, None for the result.
    """
    explainer = explainer_of(screening)
    return {
        "screening": screening,
        "person": screening.case.person,
        "parts": _parts(screening, explainer, current),
        "explainer": explainer,
        "is_draft_language": is_draft_language(explainer.definition),
    }


def _parts(screening: Screening, explainer: Explainer, current: int | None) -> list[dict[str, Any]]:
    pk, kept = screening.pk, screening.sheet.parts
    places = [(0, "", _("Before you start"), reverse("screening:before", args=[pk]))]
    for number, code, title in explainer.section_titles():
        places.append((number, code, title, reverse("screening:part", args=[pk, number])))
    parts = [
        {
            "label": title,
            "url": url,
            "state": "done" if number == 0 or code in kept else "open",
            "current": number == current,
        }
        for number, code, title, url in places
    ]
    url = reverse("screening:finish", args=[pk])
    label = _("Result and next steps")
    return [*parts, {"label": label, "url": url, "state": "open", "current": current is None}]


def asked(screening: Screening) -> list[Mapping[str, Any]]:
    """The parts that this person is asked, after what was answered before."""
    return sections_asked(
        screening.instrument_version.definition,
        screening.sheet,
        profile=screening.profile,
        unaccompanied_or_separated=screening.unaccompanied_or_separated,
    )


def draft(pk: UUID, user: User) -> Screening:
    """A talk to work in. Raises Http404 for a stranger, PermissionDenied."""
    screening = opened(pk, user)
    if not actions.may_save_section(user):
        raise PermissionDenied
    return screening


def next_part(screening: Screening) -> str:
    """The first part that nothing was saved in, else the result."""
    kept = screening.sheet.parts
    for section in asked(screening):
        if section["code"] not in kept:
            return reverse("screening:part", args=[screening.pk, section["number"]])
    return reverse("screening:finish", args=[screening.pk])
