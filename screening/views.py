"""Screening at the door: the list, the talk part by part, its end, the result, the decision."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import record, record_list
from accounts.http import AuthedRequest, asks_and_saves
from accounts.models import User
from casework.models import Person
from casework.models.talk import told_already
from casework.views.drafting import long_form, restore
from casework.views.shell import open_case_file, shell_context
from directory.models import ServiceType
from screening import actions
from screening.answers import AnswerSheet, sections_for
from screening.explain import Explainer, is_draft_language
from screening.forms import (
    DecideForm,
    DeclineForm,
    FinishForm,
    PartForm,
    ProfileForm,
    SafetyForm,
    StartForm,
)
from screening.models import InstrumentVersion, Screening

PAGE_SIZE = 25


def _opened(pk: UUID, user: User) -> Screening:
    """The screening with what its pages show. Raises Http404 for whoever may not read it."""
    rows = Screening.objects.visible_to(user).select_related(
        "case__person__language", "data_key", "instrument_version", "language",
        "started_by", "completed_by", "decided_by",
    )  # fmt: skip
    return get_object_or_404(rows, pk=pk)


def _person(user: User, pk: UUID) -> Person:
    """Whom a talk is about. Raises Http404."""
    rows = Screening.objects.visible_to(user).select_related("case__person__data_key")
    return get_object_or_404(rows, pk=pk).case.person


def _shown(screening: Screening, user: User) -> None:
    record(user, "view_screening", screening, case_id=screening.case_id)


def _explainer(screening: Screening, sheet: AnswerSheet | None = None) -> Explainer:
    sheet = screening.sheet if sheet is None else sheet
    definition = screening.instrument_version.definition
    return Explainer(definition, screening.profile, sheet, screening.assess(sheet))


def _frame(screening: Screening, current: int | None = None) -> dict[str, Any]:
    """What every page of a talk shows: the parts with their states, and whose talk it is.

    `current` is a part's number, 0 for what comes before, None for the result.
    """
    explainer = _explainer(screening)
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


@require_safe
def screenings(request: AuthedRequest) -> HttpResponse:
    """Talks that are not finished, or wait for a decision; or all of them."""
    rows = Screening.objects.visible_to(request.user)
    views = {"open": rows.open(), "undecided": rows.undecided(), "all": rows}
    view = request.GET.get("view", "")
    view = view if view in views else "open"
    shown = views[view].select_related("case__person", "instrument_version", "started_by")
    page = Paginator(shown.order_by("-started_at", "-pk"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    record_list(request.user, "list_screenings", Screening, [row.pk for row in page])
    counts = {name: found.count() for name, found in views.items() if name != "all"}
    context = {"page": page, "view": view, "counts": counts}
    return render(request, "screening/list.html", context)


@require_safe
def of_case(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The screenings of one case, in the case's frame."""
    case = open_case_file(pk, request.user)
    rows = (
        Screening.objects.visible_to(request.user)
        .filter(case=case)
        .select_related("instrument_version", "started_by")
    )
    shown = list(rows)
    ids = [row.pk for row in shown]
    record_list(request.user, "list_screenings", Screening, ids, case_id=case.pk)
    context = {
        **shell_context(case, request.user, "screening"),
        "screenings": shown,
        "may_start": actions.may_start_screening(request.user) and case.is_open,
    }
    return render(request, "screening/of_case.html", context)


@asks_and_saves
def start(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The first questions to a person: safe, willing, in which language."""
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    if not actions.may_start_screening(request.user):
        raise PermissionDenied
    versions = InstrumentVersion.objects.visible_to(request.user).in_force()
    form = StartForm(request.POST or None, person=person, versions=versions)
    if form.perform(actions.start_screening, person, actor=request.user):
        return _after_first_questions(form)
    record(request.user, "view_person", person)
    return render(request, "screening/start.html", {"person": person, "form": form})


@asks_and_saves
def resume(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Go on with a stopped talk: the first questions again."""
    screening = _opened(pk, request.user)
    if not actions.may_start_screening(request.user):
        raise PermissionDenied
    form = SafetyForm(request.POST or None)
    if form.perform(actions.resume_screening, screening, actor=request.user):
        return _after_first_questions(form)
    _shown(screening, request.user)
    context = {"screening": screening, "person": screening.case.person, "form": form}
    return render(request, "screening/resume.html", context)


def _after_first_questions(form: SafetyForm) -> HttpResponse:
    """To the first part; to a neutral page, or to help, when it is not safe to go on."""
    screening = cast(Screening, form.result)
    if screening.stop_reason == Screening.StopReason.DANGER:
        return redirect("screening:help")
    if screening.state == Screening.State.STOPPED:
        return redirect("screening:paused")
    return redirect(screening)


@require_safe
def screening(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Where this talk stands: the next part of an open one, the result of a finished one."""
    opened = _opened(pk, request.user)
    if opened.state == Screening.State.DRAFT:
        return redirect(_next_part(opened))
    if opened.state == Screening.State.STOPPED:
        return redirect("screening:resume", pk=pk)
    return _result_page(request, opened, DecideForm(screening=opened))


def _asked(screening: Screening) -> list[Mapping[str, Any]]:
    """The parts that this person is asked."""
    return sections_for(screening.instrument_version.definition, screening.profile)


def _next_part(screening: Screening) -> str:
    """The first part that nothing was saved in, else the result."""
    kept = screening.sheet.parts
    for section in _asked(screening):
        if section["code"] not in kept:
            return reverse("screening:part", args=[screening.pk, section["number"]])
    return reverse("screening:finish", args=[screening.pk])


def _result_page(request: AuthedRequest, screening: Screening, form: DecideForm) -> HttpResponse:
    _shown(screening, request.user)
    context = {
        **_frame(screening),
        **_outcome(screening),
        "form": form,
        "may_decide": actions.may_decide_screening(request.user),
        "may_start": actions.may_start_screening(request.user),
    }
    return render(request, "screening/screening.html", context)


def _outcome(screening: Screening) -> dict[str, Any]:
    """The result of a finished talk in words; nothing for a declined one."""
    if screening.state != Screening.State.COMPLETED:
        return {}
    explainer = _explainer(screening)
    return {
        "result": explainer.band(screening.band),
        "decided": explainer.band(screening.decision) if screening.decision else None,
        "is_urgent": screening.band == Screening.Band.A,
        "elements": explainer.parts(everything=True),
        "answered": explainer.answered(),
        "asked": explainer.asked(),
    }


@asks_and_saves
def before(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """What was clear before the first question; whom to ask as."""
    screening = _draft(pk, request.user)
    form = ProfileForm(request.POST or None, initial=_chosen_profile(screening))
    if form.perform(actions.set_profile, screening, actor=request.user):
        messages.success(request, _("Saved."))
        return redirect("screening:screening", pk=pk)
    _shown(screening, request.user)
    return render(request, "screening/before.html", {**_frame(screening, 0), "form": form})


def _draft(pk: UUID, user: User) -> Screening:
    """A talk to work in. Raises Http404 for a stranger, PermissionDenied."""
    screening = _opened(pk, user)
    if not actions.may_save_section(user):
        raise PermissionDenied
    return screening


def _chosen_profile(screening: Screening) -> dict[str, Any]:
    return {
        "version": screening.version,
        "profile": screening.profile,
        "profile_basis": screening.profile_basis,
    }


@asks_and_saves
@long_form(gettext_lazy("Screening"), _person)
def part(request: AuthedRequest, pk: UUID, number: int) -> HttpResponse:
    """One part of the talk."""
    screening = _draft(pk, request.user)
    form = _part_form(request, screening, number)
    if form.perform(actions.save_section, screening, actor=request.user):
        if request.POST.get("then") == "leave":
            messages.success(request, _("Saved. You can go on another day."))
            return redirect("screening:of_case", pk=screening.case_id)
        return redirect(_following(screening, number))
    if screening.state != Screening.State.DRAFT and not form.errors:
        return redirect(screening)
    # Each part that was saved moves the version of all: what is restored is of this part alone.
    restore(request, form, apart={"version"})
    _shown(screening, request.user)
    context = {
        **_frame(screening, number),
        **_so_far(screening, form),
        **_place(screening, number),
        "form": form,
        "marks": told_already(screening.case.person_id, request.user),
    }
    return render(request, "screening/part.html", context)


def _part_form(request: AuthedRequest, screening: Screening, number: int) -> PartForm:
    if not _is_asked(screening, number):
        raise Http404
    return PartForm(request.POST or None, screening=screening, number=number)


def _is_asked(screening: Screening, number: int) -> bool:
    return number in {section["number"] for section in _asked(screening)}


def _so_far(screening: Screening, form: PartForm) -> dict[str, Any]:
    """What the saved answers show, with those of the open page in place of its own."""
    sheet = screening.sheet
    if form.is_bound and form.is_valid():
        sheet = sheet.with_part(form.code, form.cleaned_data["part"])
    explainer = _explainer(screening, sheet)
    return {"explainer": explainer, "elements": explainer.parts(form.code)}


def _place(screening: Screening, number: int) -> dict[str, Any]:
    """Which part this is, of how many, and the one before it."""
    asked = _explainer(screening).section_titles()
    numbers, titles = [row[0] for row in asked], [row[2] for row in asked]
    place = numbers.index(number)
    return {
        "place": place + 1,
        "total": len(numbers),
        "previous": numbers[place - 1] if place else None,
        "section_title": titles[place],
    }


def _following(screening: Screening, number: int) -> str:
    behind = [section["number"] for section in _asked(screening) if section["number"] > number]
    if behind:
        return reverse("screening:part", args=[screening.pk, behind[0]])
    return reverse("screening:finish", args=[screening.pk])


@require_POST
def panel(request: AuthedRequest, pk: UUID, number: int) -> HttpResponse:
    """What the answers show so far, with those of the open page; nothing is kept."""
    screening = _draft(pk, request.user)
    form = _part_form(request, screening, number)
    _shown(screening, request.user)
    return render(request, "screening/_so_far.html", _so_far(screening, form))


@require_POST
def stop(request: AuthedRequest, pk: UUID, number: int = 0) -> HttpResponse:
    """Stop at once, keep the open page's answers, show something neutral.

    Nothing may stand in the way: a part that is no longer asked is left out.
    """
    screening = _opened(pk, request.user)
    kept: dict[str, Any] = {}
    if _is_asked(screening, number):
        form = _part_form(request, screening, number)
        kept = form.cleaned_data if form.is_valid() else {}
        kept.pop("operation", None)
    actions.stop_screening(screening, **kept, actor=request.user)
    return redirect("screening:paused")


@require_safe
def paused(request: AuthedRequest) -> HttpResponse:
    """Something anybody may see: what the hub offers."""
    return render(request, "screening/paused.html", {"offers": ServiceType.objects.on_hub_form()})


@require_safe
def help_now(request: AuthedRequest) -> HttpResponse:
    """What to do in danger."""
    return render(request, "screening/help.html")


@asks_and_saves
def decline(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The person does not want to go on."""
    screening = _opened(pk, request.user)
    if not actions.may_stop_screening(request.user):
        raise PermissionDenied
    form = DeclineForm(request.POST or None)
    if form.perform(actions.decline_screening, screening, actor=request.user):
        return redirect(screening)
    _shown(screening, request.user)
    return render(request, "screening/decline.html", {**_frame(screening, -1), "form": form})


@asks_and_saves
def finish(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """What the answers show, before the talk is closed."""
    screening = _draft(pk, request.user)
    form = FinishForm(request.POST or None, initial={"version": screening.version})
    if form.perform(actions.complete_screening, screening, actor=request.user):
        messages.success(request, _("Screening finished."))
        return redirect(screening)
    if screening.state != Screening.State.DRAFT and not form.errors:
        return redirect(screening)
    _shown(screening, request.user)
    context = {**_frame(screening), "form": form, "elements": _explainer(screening).parts()}
    return render(request, "screening/finish.html", context)


@asks_and_saves
def decide(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The worker's own judgement, kept beside the result."""
    screening = _opened(pk, request.user)
    form = DecideForm(request.POST or None, screening=screening)
    if form.perform(actions.decide_screening, screening, actor=request.user):
        messages.success(request, _("Decision kept."))
        return redirect(screening)
    return _result_page(request, screening, form)
