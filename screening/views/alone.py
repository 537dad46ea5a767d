"""The pages that a client holds in her hands, and the two at which a worker gives and takes.

While the screen is handed over, the session opens nothing else. Without that, these pages do not
exist. No name, no code, no frame; what they show is in the language that was chosen.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.actions.hand_over import Outcome
from accounts.hand_over import handed_over
from accounts.http import AuthedRequest, asks_and_saves
from directory.models import Language
from screening import actions
from screening.actions.alerts import CRISIS
from screening.alone import (
    ANSWERS,
    SOURCE,
    Question,
    languages,
    picture,
    questions,
    unchecked,
    words,
)
from screening.hand_over_forms import HandOverForm, TakeBackForm
from screening.models import InstrumentVersion, Recording, Screening
from screening.models.recording import RecordingQuerySet
from screening.scoring import Definition
from screening.views.frame import draft, shown
from screening.views.recordings import heard


@asks_and_saves
def hand_over(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Before the client gets the screen: her language, and a code to come back with."""
    screening = draft(pk, request.user)
    if screening.state != Screening.State.DRAFT:
        return redirect(screening)
    form = HandOverForm(request.POST or None, screening=screening)
    if form.hand_over(request.session.row, request.user):
        _new_key(request)
        return redirect("questions:first")
    shown(screening, request.user)
    definition = screening.instrument_version.definition
    context = {
        "screening": screening,
        "person": screening.case.person,
        "form": form,
        "is_offered": actions.may_hand_over_screen(screening, request.user),
        "unchecked": Language.objects.filter(code__in=unchecked(definition)),
    }
    return render(request, "screening/hand_over.html", context)


def _new_key(request: AuthedRequest) -> None:
    """Whoever kept a page, a form or a cookie from before holds nothing."""
    request.session.cycle_key()
    rotate_token(request)


def _told(request: AuthedRequest) -> dict[str, str]:
    """What the worker chose. Raises Http404 while the screen is in nobody else's hands."""
    row = handed_over(request)
    if row is None or row.handed_over is None:
        raise Http404
    told: dict[str, str] = row.handed_over["told"]
    return told


def _named(request: AuthedRequest, name: str) -> list[str]:
    """The number that was kept under this name; none once it was taken out. Raises Http404."""
    told = _told(request)
    return [told[name]] if name in told else []


def _held(request: AuthedRequest) -> Screening | None:
    """The talk whose screen was handed over; none once it is erased, or closed to its worker.

    Raises Http404.
    """
    rows = Screening.objects.visible_to(request.user).select_related(
        "case__person", "data_key", "instrument_version", "language"
    )
    return rows.filter(pk__in=_named(request, "screening")).first()


def _asked(screening: Screening | None) -> list[Question]:
    """What is still to be asked of her; nothing once the talk does not go on."""
    if screening is None or screening.state != Screening.State.DRAFT:
        return []
    return questions(
        screening.instrument_version.definition,
        screening.sheet,
        profile=screening.profile,
        unaccompanied_or_separated=screening.unaccompanied_or_separated,
    )


@require_safe
def first(request: AuthedRequest) -> HttpResponse:
    """On to the first question without an answer, else to the end."""
    screening = _held(request)
    given = screening.sheet.indicators if screening else {}
    return _on(q for q in _asked(screening) if q.indicator["id"] not in given)


def _on(left: Iterable[Question]) -> HttpResponse:
    number = next((q.number for q in left), None)
    return redirect("questions:end") if number is None else redirect("questions:question", number)


@asks_and_saves
def question(request: AuthedRequest, number: int) -> HttpResponse:
    """One question; each answer is a button that keeps it and goes on."""
    screening = _held(request)
    asked = _asked(screening)
    found = next((q for q in asked if q.number == number), None)
    if screening is None or found is None:
        return redirect("questions:first")
    if request.method == "POST":
        return _answer(request, screening, found)
    shown(screening, request.user)
    context = _shown(screening, asked, found, _told(request)["language"])
    context["is_read_aloud"] = _recordings(request, screening, found).exists()
    definition = screening.instrument_version.definition
    return _page(request, definition, "questions/question.html", context)


def _recordings(request: AuthedRequest, screening: Screening, found: Question) -> RecordingQuerySet:
    """The reviewed recording of a question in the language that was chosen, if there is one."""
    return (
        Recording.objects.visible_to(request.user)
        .reviewed()
        .filter(
            instrument_version=screening.instrument_version_id,
            indicator=found.indicator["id"],
            language=_told(request)["language"],
        )
    )


@require_safe
def sound(request: AuthedRequest, number: int) -> HttpResponse:
    """One question read aloud."""
    screening = _held(request)
    found = next((q for q in _asked(screening) if q.number == number), None)
    if screening is None or found is None:
        raise Http404
    return heard(request, get_object_or_404(_recordings(request, screening, found)))


def _answer(request: AuthedRequest, screening: Screening, found: Question) -> HttpResponse:
    """Keep what was pressed; what is none of the answers keeps nothing."""
    answer = request.POST.get("answer", "")
    if answer not in {code for code, _word, _icon in ANSWERS}:
        return redirect("questions:question", found.number)
    kept = actions.answer_alone(
        screening,
        section=found.section,
        indicator=found.indicator["id"],
        answer=answer,
        actor=request.user,
    )
    left = [q for q in _asked(kept) if q.number > found.number]
    if not left:
        _forget_pages(request)
    return _on(left)


def _forget_pages(request: AuthedRequest) -> None:
    """A new cookie: a browser then drops the pages that it kept for its back button."""
    request.session.cycle_key()


def _shown(
    screening: Screening, asked: list[Question], found: Question, language: str
) -> dict[str, Any]:
    definition = screening.instrument_version.definition
    if language not in languages(definition):
        raise PermissionDenied
    said, place = words(definition, language), asked.index(found)
    given = screening.sheet.indicators.get(found.indicator["id"], "")
    return {
        "number": found.number,
        "place": place + 1,
        "total": len(asked),
        "previous": asked[place - 1].number if place else None,
        "prompt": found.prompt[language],
        "text": found.indicator["text"][language],
        "picture": picture(definition, found.indicator["id"]),
        "answers": [(code, said[word], icon, code == given) for code, word, icon in ANSWERS],
    }


@require_POST
def stop(request: AuthedRequest) -> HttpResponse:
    """She does not want to go on."""
    screening = _held(request)
    if screening is not None:
        actions.stop_alone(screening, actor=request.user)
    _forget_pages(request)
    return redirect("questions:end")


@require_safe
def end(request: AuthedRequest) -> HttpResponse:
    """Thanks, and nothing of what was answered; also when the talk is nowhere any more."""
    versions = InstrumentVersion.objects.visible_to(request.user)
    version = versions.filter(pk__in=_named(request, "version")).first()
    return _page(request, version.definition if version else {}, "questions/end.html", {})


@asks_and_saves
def give_back(request: AuthedRequest) -> HttpResponse:
    """The worker's code; it leads to the talk, or home when she may not read that any more."""
    screening, form = _held(request), TakeBackForm(request.POST or None)
    outcome = form.take_back(screening, request.session.row, request.user)
    if outcome is Outcome.BACK:
        _new_key(request)
        return _back_to(screening)
    if outcome is Outcome.ENDED:
        request.session.flush()
        return redirect("account_login")
    return render(request, "questions/give_back.html", {"form": form})


def _back_to(screening: Screening | None) -> HttpResponse:
    """First of all to what an answer of hers asks for at once; nobody told the client of it."""
    if screening is None:
        return redirect("home")
    is_crisis = screening.sheet.by_client and CRISIS in screening.assessment.alerts
    return redirect("screening:crisis", screening.pk) if is_crisis else redirect(screening)


def _page(
    request: AuthedRequest, definition: Definition, template: str, context: dict[str, Any]
) -> HttpResponse:
    """A page in the client's language, with its words and its direction."""
    code = _told(request)["language"]
    code = code if definition and code in languages(definition) else SOURCE
    language = get_object_or_404(Language, code=code)
    hers = {"said": words(definition, code), "lang": code, "direction": language.direction}
    response = render(request, template, {**context, **hers})
    response.headers["Content-Language"] = code
    return response
