"""Incidents at the door: write one down, look at it, correct it, close it; reports received."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.audit import record, record_list
from accounts.http import AuthedRequest, asks_and_saves
from accounts.levels import Level
from accounts.models import User
from casework.models import Case, Person
from casework.views.drafting import long_form, of_case, restore
from casework.views.shell import open_case_file, shell_context
from screening import actions
from screening.incident_forms import CloseIncidentForm, IncidentForm
from screening.incident_words import (
    advice,
    clock_lines,
    contexts_said,
    facts_said,
    still_possible,
)
from screening.models import Incident

PAGE_SIZE = 25


def _opened(pk: UUID, user: User) -> Incident:
    """The incident, read without its case: who receives reports sees none. Raises Http404."""
    rows = Incident.objects.visible_to(user).select_related(
        "data_key", "area", "recorded_by", "closed_by"
    )
    return get_object_or_404(rows, pk=pk)


def _person(user: User, pk: UUID) -> Person:
    """Whom an incident is about, for its draft. Raises Http404."""
    incident = _opened(pk, user)
    cases = Case.objects.visible_to(user).select_related("person__data_key")
    return get_object_or_404(cases, pk=incident.case_id).person


def _case(user: User, pk: UUID, *, writing: bool = False) -> Case:
    """The case of an incident, in whose frame it is shown; with its story, for who writes it."""
    case = open_case_file(pk, user, writing=writing)
    if not actions.may_record_incident(user) or case.level_for(user) < Level.NARRATIVE:
        raise PermissionDenied
    return case


@asks_and_saves
@long_form(gettext_lazy("Incident"), of_case)
def record_incident(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Sort what was told, on one screen; nobody is asked."""
    case = _case(request.user, pk, writing=True)
    form = IncidentForm(request.POST or None, person=case.person)
    if form.perform(actions.record_incident, case, actor=request.user):
        messages.success(request, _("Incident saved."))
        return redirect(form.result)
    restore(request, form)
    return _form_page(request, case, form)


def _form_page(request: AuthedRequest, case: Case, form: IncidentForm) -> HttpResponse:
    context = {**shell_context(case, request.user, "screening"), "form": form}
    return render(request, "screening/incident_form.html", context)


@require_safe
def incident(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """What is known of one incident, until when care helps most, and what may follow."""
    user = request.user
    opened = _opened(pk, user)
    record(user, "view_incident", opened, case_id=None if opened.is_conduct else opened.case_id)
    case = Case.objects.visible_to(user, Level.NARRATIVE).with_person().filter(pk=opened.case_id)
    return render(request, "screening/incident.html", _context(opened, case.first(), user))


def _context(incident: Incident, case: Case | None, user: User) -> dict[str, Any]:
    told = incident.what
    is_writing = case is not None and actions.may_record_incident(user)
    return {
        "incident": incident,
        "case": case,
        "facts": facts_said(incident),
        "contexts": contexts_said(told),
        "not_clear": still_possible(told),
        "clocks": clock_lines(incident.clocks),
        "advice": advice(incident),
        "offers_screening": told.offers_other_screening and case is not None,
        "may_refer": case is not None and user.has_perm("referrals.draft_referral"),
        "may_correct": incident.is_open and is_writing,
        "may_close": incident.is_open and actions.may_close_incident(user, incident),
        "receivers": actions.receivers_of(incident, case) if incident.is_conduct else [],
    }


@asks_and_saves
@long_form(gettext_lazy("Incident"), _person)
def correct_incident(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Put right what is known; earlier versions stay."""
    opened = _opened(pk, request.user)
    case = _case(request.user, opened.case_id, writing=True)
    form = IncidentForm(request.POST or None, person=case.person, incident=opened)
    if form.perform(actions.correct_incident, opened, actor=request.user):
        messages.success(request, _("Incident corrected."))
        return redirect(opened)
    restore(request, form)
    return _form_page(request, case, form)


@asks_and_saves
def close_incident(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Nothing more is to be done; it stays."""
    user = request.user
    opened = _opened(pk, user)
    if not actions.may_close_incident(user, opened):
        raise PermissionDenied
    form = CloseIncidentForm(request.POST or None, initial={"version": opened.version})
    if form.perform(actions.close_incident, opened, actor=user):
        messages.success(request, _("Incident closed."))
        return redirect(opened)
    record(user, "view_incident", opened, case_id=None if opened.is_conduct else opened.case_id)
    return render(request, "screening/close_incident.html", {"incident": opened, "form": form})


@require_safe
def reports(request: AuthedRequest) -> HttpResponse:
    """Reports on conduct, for those who receive them."""
    if not actions.may_receive_conduct(request.user):
        raise PermissionDenied
    rows = Incident.objects.visible_to(request.user).about_conduct().select_related("recorded_by")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    record_list(request.user, "list_incidents", Incident, [row.pk for row in page])
    return render(request, "screening/reports.html", {"page": page})
