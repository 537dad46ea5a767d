"""The tab of a child: care, guardian, and the steps with their clocks."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.http import AuthedRequest
from casework import actions
from casework.actions.access import may_write_person
from casework.actions.best_interests import may_record_child
from casework.children import child_context
from casework.forms.child import (
    BeginStepForm,
    CareForm,
    ChildRiskForm,
    DoubtForm,
    EndGuardianForm,
    FinishStepForm,
    GuardianForm,
)
from casework.models import BestInterestsStep, Guardian, Person
from casework.views.person_file import open_person_file, person_context
from casework.views.person_verbs import Words, verb_page
from casework.views.shell import open_case_file


@require_safe
def child(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """With whom the child is, who answers for it, and what is due when."""
    user = request.user
    person = open_person_file(pk, user)
    context = person_context(person, user, "child") | child_context(person, user)
    context["may_record"] = may_record_child(user) and may_write_person(person, user)
    return render(request, "casework/child.html", context)


@require_safe
def case_child(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The way there from the frame of a case."""
    case = open_case_file(pk, request.user)
    return redirect("casework:child", case.person_id)


def _writable(request: AuthedRequest, pk: UUID) -> Person:
    person = open_person_file(pk, request.user, writing=True)
    if not may_record_child(request.user):
        raise PermissionDenied
    return person


def record_care(request: AuthedRequest, pk: UUID) -> HttpResponse:
    person = _writable(request, pk)
    words = Words(
        "child",
        _("Record who cares for the child"),
        _("Save"),
        _("Saved. What was recorded before stays."),
        _("A child alone gets a first step at once, with a clock."),
    )
    form = CareForm(request.POST or None)
    return verb_page(request, person, form, actions.record_care, person, words)


def record_guardian(request: AuthedRequest, pk: UUID) -> HttpResponse:
    person = _writable(request, pk)
    words = Words(
        "child",
        _("Record a guardian"),
        _("Save guardian"),
        _("Guardian saved."),
        _("Only a centre for social work appoints. Who was guardian before is it no longer."),
    )
    form = GuardianForm(request.POST or None)
    return verb_page(request, person, form, actions.record_guardian, person, words)


def _guardian(request: AuthedRequest, pk: UUID) -> Guardian:
    rows = Guardian.objects.visible_to(request.user).select_related("person", "data_key")
    return get_object_or_404(rows, pk=pk)


def end_guardian(request: AuthedRequest, pk: UUID) -> HttpResponse:
    guardian = _guardian(request, pk)
    person = _writable(request, guardian.person_id)
    words = Words("child", _("End a guardian's time"), _("Save"), _("Saved."))
    form = EndGuardianForm(request.POST or None, initial={"version": guardian.version})
    return verb_page(request, person, form, actions.end_guardian, guardian, words)


def doubt_guardian(request: AuthedRequest, pk: UUID) -> HttpResponse:
    guardian = _guardian(request, pk)
    person = _writable(request, guardian.person_id)
    words = Words(
        "child",
        _("Is this guardian safe?"),
        _("Save"),
        _("Saved. It holds at once."),
        _("While there is a doubt nobody is told to ask or to tell this guardian."),
    )
    given = {"version": guardian.version, "is_suspected": "1" if guardian.is_suspected else ""}
    form = DoubtForm(request.POST or None, initial=given)
    return verb_page(request, person, form, actions.doubt_guardian, guardian, words)


def begin_step(request: AuthedRequest, pk: UUID) -> HttpResponse:
    person = _writable(request, pk)
    words = Words("child", _("Begin a step"), _("Begin"), _("Begun. The clock runs."))
    form = BeginStepForm(request.POST or None)
    return verb_page(request, person, form, actions.begin_step, person, words)


def finish_step(request: AuthedRequest, pk: UUID) -> HttpResponse:
    rows = BestInterestsStep.objects.visible_to(request.user).select_related("person", "data_key")
    step = get_object_or_404(rows, pk=pk)
    person = _writable(request, step.person_id)
    words = Words("child", step.get_step_display(), _("Save outcome"), _("Saved. The clock stops."))
    form = FinishStepForm(request.POST or None)
    return verb_page(request, person, form, actions.finish_step, step, words)


def change_child_risk(request: AuthedRequest, pk: UUID) -> HttpResponse:
    person = _writable(request, pk)
    words = Words(
        "child",
        _("How much is the child at risk?"),
        _("Save risk"),
        _("Saved. The clocks follow."),
        _("What is not done yet is due by the new risk, from the day it began."),
    )
    form = ChildRiskForm(request.POST or None)
    return verb_page(request, person, form, actions.change_child_risk, person, words)
