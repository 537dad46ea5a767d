"""The result of a talk, and what a person decides on it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthedRequest, asks_and_saves
from accounts.models import User
from casework.actions.access import is_read_only, require_may_write
from screening import actions
from screening.explain import say
from screening.models import Screening
from screening.offers import offered_to
from screening.proposals import CONSENT, REFERRAL, SCREENING, proposals_of
from screening.result_forms import DecideForm, PressureForm, ReviewForm, StepForm
from screening.views.circumstances import lines_of
from screening.views.frame import explainer_of, frame, next_part, opened, shown


@require_safe
def screening(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Where this talk stands: the next part of an open one, the result of a finished one."""
    found = opened(pk, request.user)
    if found.state == Screening.State.DRAFT:
        return redirect(next_part(found))
    if found.state == Screening.State.STOPPED:
        return redirect("screening:resume", pk=pk)
    return _result_page(request, found, DecideForm(screening=found, user=request.user))


def _result_page(
    request: AuthedRequest,
    screening: Screening,
    form: DecideForm,
    **forms: ReviewForm | StepForm,
) -> HttpResponse:
    shown(screening, request.user)
    context = {
        **frame(screening),
        **_outcome(screening),
        "form": form,
        "review_form": ReviewForm(initial={"version": screening.version}),
        "step_form": StepForm(),
        **forms,
        "may_review": _may_review(screening, request.user),
        "may_take": actions.may_take_step(request.user),
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
        "signs": explainer.signs(),
        "where": lines_of(screening),
        "steps": _steps(screening),
        "answered": explainer.answered(),
        "asked": explainer.asked(),
    }


@asks_and_saves
def decide(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The worker's own judgement, kept beside the result."""
    screening = opened(pk, request.user)
    form = DecideForm(request.POST or None, screening=screening, user=request.user)
    if form.perform(actions.decide_screening, screening, actor=request.user):
        messages.success(request, _("Decision kept."))
        return redirect(screening)
    return _result_page(request, screening, form)


def _may_review(screening: Screening, user: User) -> bool:
    return actions.may_review_screening(user) and screening.decided_by_id != user.pk


def _steps(screening: Screening) -> list[dict[str, Any]]:
    """The next steps in words: what each one offers, and whether somebody took it on."""
    definition = screening.instrument_version.definition
    taken = screening.taken_on
    return [
        {
            "code": step.code,
            "text": say(step.text),
            "hours": step.hours,
            "kind": step.kind,
            "is_taken": step.code in taken,
        }
        for step in proposals_of(definition, screening.profile, screening.band)
    ]


@require_POST
def take_step(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Take on one of the next steps, and go where it is done."""
    screening = opened(pk, request.user)
    if not actions.may_take_step(request.user):
        raise PermissionDenied
    form = StepForm(request.POST)
    if form.perform(actions.take_step, screening, actor=request.user):
        return redirect(_place_of(screening, form.cleaned_data["step"], request.user))
    decide_form = DecideForm(screening=screening, user=request.user)
    return _result_page(request, screening, decide_form, step_form=form)


def _place_of(screening: Screening, code: str, user: User) -> str:
    """Where a step that was taken on is done; a task and information are done already."""
    definition = screening.instrument_version.definition
    steps = proposals_of(definition, screening.profile, screening.band)
    (step,) = (each for each in steps if each.code == code)
    case = [screening.case_id]
    if step.kind == REFERRAL:
        return f"{reverse('referrals:new', args=case)}?{urlencode({'category': step.category})}"
    if step.kind == CONSENT:
        return (
            f"{reverse('casework:record_consent', args=case)}?{urlencode({'purpose': step.about})}"
        )
    if step.kind == SCREENING:
        person = screening.case.person
        version = offered_to(user, person).filter(instrument__code=step.about).first()
        start = reverse("screening:start", args=[person.pk])
        return f"{start}?{urlencode({'with': str(version.pk)})}" if version else start
    return screening.get_absolute_url()


@asks_and_saves
def review(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """A second person looks at the decision."""
    screening = opened(pk, request.user)
    if not actions.may_review_screening(request.user):
        raise PermissionDenied
    form = ReviewForm(request.POST or None, initial={"version": screening.version})
    if form.perform(actions.review_screening, screening, actor=request.user):
        messages.success(request, _("Second look kept."))
        return redirect(screening)
    decide_form = DecideForm(screening=screening, user=request.user)
    return _result_page(request, screening, decide_form, review_form=form)


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
