"""A talk from its first questions to its end; its parts are in `parts`."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.audit import record
from accounts.http import AuthedRequest, asks_and_saves
from casework.models import Person
from directory.models import ServiceType
from screening import actions
from screening.forms import DeclineForm, FinishForm, ProfileForm, SafetyForm, StartForm
from screening.models import InstrumentVersion, Screening
from screening.views.frame import draft, explainer_of, frame, opened, shown


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
    screening = opened(pk, request.user)
    if not actions.may_start_screening(request.user):
        raise PermissionDenied
    form = SafetyForm(request.POST or None)
    if form.perform(actions.resume_screening, screening, actor=request.user):
        return _after_first_questions(form)
    shown(screening, request.user)
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


@asks_and_saves
def before(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """What was clear before the first question; whom to ask as."""
    screening = draft(pk, request.user)
    form = ProfileForm(request.POST or None, initial=_chosen_profile(screening))
    if form.perform(actions.set_profile, screening, actor=request.user):
        messages.success(request, _("Saved."))
        return redirect("screening:screening", pk=pk)
    shown(screening, request.user)
    return render(request, "screening/before.html", {**frame(screening, 0), "form": form})


def _chosen_profile(screening: Screening) -> dict[str, Any]:
    return {
        "version": screening.version,
        "profile": screening.profile,
        "profile_basis": screening.profile_basis,
    }


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
    form = FinishForm(request.POST or None, initial={"version": screening.version})
    if form.perform(actions.complete_screening, screening, actor=request.user):
        messages.success(request, _("Screening finished."))
        return redirect(screening)
    if screening.state != Screening.State.DRAFT and not form.errors:
        return redirect(screening)
    shown(screening, request.user)
    context = {**frame(screening), "form": form, "elements": explainer_of(screening).parts()}
    return render(request, "screening/finish.html", context)
