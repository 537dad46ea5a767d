"""A talk from its first questions to its end; its parts are in `parts`."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.audit import record
from accounts.http import AuthedRequest, asks_and_saves, read_id
from casework.models import Person
from directory.models import ServiceType
from screening import actions
from screening.forms import (
    DeclineForm,
    FinishForm,
    ProfileForm,
    SafetyForm,
    SaidForm,
    StartForm,
)
from screening.limits import CURRENT, words_of
from screening.models import Screening
from screening.offers import offered_to, route_known
from screening.views.frame import draft, explainer_of, frame, next_part, opened, shown


@asks_and_saves
def start(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The first questions to a person: safe, willing, in which language."""
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    if not actions.may_start_screening(request.user):
        raise PermissionDenied
    route = route_known(request.user, person)
    told = request.POST.get("route", route.pk if route else "")
    versions = offered_to(request.user, person, route=told)
    form = StartForm(
        request.POST or None,
        person=person,
        user=request.user,
        versions=versions,
        wanted=read_id(request.GET.get("with", "")),
        route=route,
    )
    if request.htmx:
        return render(request, "screening/_questions_offered.html", {"form": form})
    if form.perform(actions.start_screening, person, actor=request.user):
        return _after_first_questions(form)
    record(request.user, "view_person", person)
    profile, _basis = Screening.profile_of(person, timezone.localdate())
    context = {"person": person, "form": form, "limits": words_of(CURRENT[profile])}
    return render(request, "screening/start.html", context)


@asks_and_saves
def resume(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Go on with a stopped talk: the first questions again."""
    screening = opened(pk, request.user)
    if not actions.may_start_screening(request.user):
        raise PermissionDenied
    person = screening.case.person
    known = {"interpreting": screening.interpreting, "interpreter": screening.interpreter_id}
    form = SafetyForm(request.POST or None, person=person, user=request.user, initial=known)
    if form.perform(actions.resume_screening, screening, actor=request.user):
        return _after_first_questions(form)
    shown(screening, request.user)
    limits = words_of(CURRENT[screening.profile])
    context = {"screening": screening, "person": person, "form": form, "limits": limits}
    return render(request, "screening/resume.html", context)


def _after_first_questions(form: SafetyForm) -> HttpResponse:
    """To the first part; to a neutral page, or to help, when it is not safe to go on."""
    screening = cast(Screening, form.result)
    if screening.stop_reason == Screening.StopReason.DANGER:
        return redirect("screening:help")
    if screening.state == Screening.State.STOPPED:
        return redirect("screening:paused")
    return redirect(screening)


@asks_and_saves
def before(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """What was clear before the first question; whom to ask as."""
    screening = draft(pk, request.user)
    form = _profile_form(screening, request.POST or None)
    if form.perform(actions.set_profile, screening, actor=request.user):
        messages.success(request, _("Saved."))
        return redirect("screening:screening", pk=pk)
    shown(screening, request.user)
    return _before_page(request, screening, form, SaidForm(initial={"version": screening.version}))


def _before_page(
    request: AuthedRequest, screening: Screening, form: ProfileForm, said_form: SaidForm
) -> HttpResponse:
    context = {
        **frame(screening, 0),
        "form": form,
        "said_form": said_form,
        "limits": words_of(screening.limits_text or CURRENT[screening.profile]),
        "other_limits": words_of(CURRENT[_other(screening.profile)]),
    }
    return render(request, "screening/before.html", context)


def _profile_form(screening: Screening, data: Any = None) -> ProfileForm:
    chosen = {
        "version": screening.version,
        "profile": screening.profile,
        "profile_basis": screening.profile_basis,
    }
    return ProfileForm(data, initial=chosen)


def _other(profile: str) -> str:
    is_child = profile == Screening.Profile.CHILD
    return Screening.Profile.ADULT if is_child else Screening.Profile.CHILD


@asks_and_saves
def say_limits(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """What could not be said before the first question was said now."""
    screening = draft(pk, request.user)
    form = SaidForm(request.POST or None, initial={"version": screening.version})
    if form.perform(actions.say_limits, screening, actor=request.user):
        messages.success(request, _("Saved."))
        return redirect("screening:before", pk=pk)
    shown(screening, request.user)
    return _before_page(request, screening, _profile_form(screening), form)


@require_safe
def paused(request: AuthedRequest) -> HttpResponse:
    """Something anybody may see: what the hub offers."""
    return render(request, "screening/paused.html", {"offers": ServiceType.objects.on_hub_form()})


@require_safe
def help_now(request: AuthedRequest) -> HttpResponse:
    """What to do in danger."""
    return render(request, "screening/help.html")


@require_safe
def crisis(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """What to do when somebody may want to die; then on with the talk, or not."""
    screening = opened(pk, request.user)
    shown(screening, request.user)
    context = {"screening": screening, "onward": next_part(screening)}
    return render(request, "screening/crisis.html", context)


@asks_and_saves
def decline(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The person does not want to go on."""
    screening = opened(pk, request.user)
    if not actions.may_stop_screening(request.user):
        raise PermissionDenied
    form = DeclineForm(request.POST or None)
    if form.perform(actions.decline_screening, screening, actor=request.user):
        return redirect(screening)
    shown(screening, request.user)
    return render(request, "screening/decline.html", {**frame(screening, -1), "form": form})


@asks_and_saves
def finish(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """What the answers show, before the talk is closed."""
    screening = draft(pk, request.user)
    form = FinishForm(request.POST or None, initial={"version": screening.version}).of(screening)
    if form.perform(actions.complete_screening, screening, actor=request.user):
        messages.success(request, _("Screening finished."))
        return redirect(screening)
    if screening.state != Screening.State.DRAFT and not form.errors:
        return redirect(screening)
    shown(screening, request.user)
    context = {**frame(screening), "form": form, "elements": explainer_of(screening).parts()}
    return render(request, "screening/finish.html", context)
