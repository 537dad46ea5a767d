"""The procedure of a case at the door: its attempts, a new one, its steps, the report."""

from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.audit import record, record_list
from accounts.http import AuthedRequest, asks_and_saves
from accounts.levels import Level
from accounts.models import Organization, User
from casework.models import Case
from casework.models.child import route_of
from casework.views.shell import open_case_file, shell_context
from referrals import actions
from referrals import identification as path
from referrals.identification import Step, Taken
from referrals.identification_forms import BeginForm, CorrectStepForm, ReportForm, StepForm
from referrals.models import Identification, ProcedureStep, SuspicionReport
from referrals.suspicion_paper import headings, lines_of

TAB = "procedures"


class Told(NamedTuple):
    """An attempt as the page tells it: its steps, and those that can be taken now."""

    attempt: Identification
    steps: list[ProcedureStep]
    way: list[dict[str, Any]]
    offered: list[tuple[str, Any]]
    report: SuspicionReport | None


@require_safe
def procedures(request: AuthedRequest, case: UUID) -> HttpResponse:
    """The tab of a case: its attempts, the newest first, for who may read its story."""
    return _page(request, open_case_file(case, request.user))


@require_safe
def procedure(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The same by the number of an attempt, which is what lines and notices lead to."""
    found = get_object_or_404(Identification.objects.visible_to(request.user), pk=pk)
    return _page(request, open_case_file(found.case_id, request.user))


def _page(request: AuthedRequest, file: Case) -> HttpResponse:
    user = request.user
    context = shell_context(file, user, TAB)
    may_record = _may_record(file, user, context)
    told = _told(file, user)
    ids = [each.attempt.pk for each in told]
    record_list(user, "list_procedures", Identification, ids, case_id=file.pk)
    context |= {
        "told": told,
        "may_record": may_record,
        "may_begin": may_record and not any(each.attempt.is_open for each in told),
    }
    return render(request, "referrals/procedures/of_case.html", context)


def _may_record(file: Case, user: User, context: dict[str, Any]) -> bool:
    may = actions.may_record_identification(user) and context["may_write_story"]
    return bool(may and file.is_open)


def _told(file: Case, user: User) -> list[Told]:
    rows = Identification.objects.visible_to(user).filter(case=file)
    attempts = list(rows.select_related("organization"))
    steps: dict[UUID, list[ProcedureStep]] = {each.pk: [] for each in attempts}
    taken = ProcedureStep.objects.visible_to(user).filter(identification__in=attempts)
    for step in taken.told_in_full():
        steps[step.identification_id].append(step)
    reports = SuspicionReport.objects.visible_to(user).filter(identification__in=attempts)
    by_attempt = {report.identification_id: report for report in reports}
    return [
        Told(each, steps[each.pk], *_way(each, steps[each.pk]), by_attempt.get(each.pk))
        for each in attempts
    ]


def _way(
    attempt: Identification, steps: list[ProcedureStep]
) -> tuple[list[dict[str, Any]], list[tuple[str, Any]]]:
    """The main path with how far it went, and what can be written down now."""
    taken = [Taken(row.step, row.outcome) for row in sorted(steps, key=lambda row: row.recorded_at)]
    done = {each.step for each in taken}
    words = dict(ProcedureStep.Step.choices)
    way = [
        {"label": words[step], "url": "", "state": "done" if step in done else "open"}
        for step in path.PATH
    ]
    possible = path.possible(taken) if attempt.is_open else []
    return way, [(step.value, words[step]) for step in possible]


@asks_and_saves
def begin_procedure(request: AuthedRequest, case: UUID) -> HttpResponse:
    """Write down that something was noticed; with whom, and when."""
    file = open_case_file(case, request.user, writing=True)
    actions.require_to_record(file, request.user)
    form = BeginForm(request.POST or None, case=file, first=_first_body(file))
    if form.perform(actions.begin_identification, file, actor=request.user):
        messages.success(request, _("Procedure begun."))
        return redirect("referrals:procedures", file.pk)
    context = {**shell_context(file, request.user, TAB), "form": form}
    context["route"] = route_of(file.person)
    return render(request, "referrals/procedures/begin.html", context)


def _first_body(file: Case) -> Organization | None:
    """Who is offered first: the centre that answers for a child, else the body that decides."""
    centre = route_of(file.person).centre
    if centre is not None and actions.bodies_for(file.person).filter(pk=centre.pk).exists():
        return centre
    return actions.bodies_that().first()


def _opened(user: User, pk: UUID) -> Identification:
    """An attempt to write in. Raises Http404 for who cannot read it, PermissionDenied."""
    rows = Identification.objects.visible_to(user).select_related("organization")
    found = get_object_or_404(rows, pk=pk)
    found.case = open_case_file(found.case_id, user, writing=True)
    actions.require_to_record(found.case, user)
    return found


@asks_and_saves
def record_step(request: AuthedRequest, pk: UUID, step: str) -> HttpResponse:
    """One step of the table, with what it asks for."""
    attempt = _opened(request.user, pk)
    if step not in set(Step) - actions.BY_OWN_VERB:
        raise Http404
    form = StepForm(request.POST or None, identification=attempt, step=step)
    if form.perform(actions.record_procedure_step, attempt, actor=request.user):
        messages.success(request, _("Step saved."))
        return redirect("referrals:procedures", attempt.case_id)
    context = {**shell_context(attempt.case, request.user, TAB), "form": form}
    context |= {"attempt": attempt, "heading": ProcedureStep.Step(step).label}
    context["writes_status"] = step == Step.FINDING
    return render(request, "referrals/procedures/step.html", context)


@asks_and_saves
def correct_step(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Put right what was typed about a step."""
    rows = ProcedureStep.objects.visible_to(request.user)
    step = get_object_or_404(rows.select_related("data_key"), pk=pk)
    attempt = step.identification = _opened(request.user, step.identification_id)
    form = CorrectStepForm(request.POST or None, step=step)
    if form.perform(actions.correct_procedure_step, step, actor=request.user):
        messages.success(request, _("Step corrected."))
        return redirect("referrals:procedures", attempt.case_id)
    context = {**shell_context(attempt.case, request.user, TAB), "form": form}
    context |= {"attempt": attempt, "heading": step.get_step_display()}
    return render(request, "referrals/procedures/step.html", context)


@asks_and_saves
def report_suspicion(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """State what is suspected to the body that decides."""
    attempt = _opened(request.user, pk)
    form = ReportForm(request.POST or None, identification=attempt)
    if form.perform(actions.report_suspicion, attempt, actor=request.user):
        messages.success(request, _("Report saved."))
        return redirect("referrals:print_suspicion", form.result.pk)
    context = {**shell_context(attempt.case, request.user, TAB), "form": form}
    context["attempt"] = attempt
    return render(request, "referrals/procedures/report.html", context)


@require_safe
def print_suspicion(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The report on paper, in Serbian and English, under the code."""
    rows = SuspicionReport.objects.visible_to(request.user).select_related(
        "data_key", "language", "reported_by", "identification__organization"
    )
    report = get_object_or_404(rows, pk=pk)
    file = open_case_file(report.identification.case_id, request.user)
    if file.level_for(request.user) < Level.NARRATIVE:
        raise Http404
    record(request.user, "print_suspicion", report, case_id=file.pk, fields=["text"])
    context = {"report": report, "case": file, "person": file.person, **headings()}
    context["lines"] = lines_of(report, file)
    return render(request, "referrals/procedures/print.html", context)
