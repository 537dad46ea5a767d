"""Who can see a case and why; give and end access, seal, close to somebody, stand in."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import record_list
from accounts.forms import ActionForm
from accounts.http import AuthedRequest, asks_and_saves
from accounts.models import User
from accounts.stepup import step_up_required
from casework import actions
from casework.actions.access import may_give_access
from casework.actions.conflicts import may_seal_case
from casework.agreement import answers_about
from casework.forms.access import (
    BlockForm,
    ConflictForm,
    CoverForm,
    EndAccessForm,
    GiveAccessForm,
    LiftForm,
    SealForm,
)
from casework.models import Case, CaseAccess, TeamCaseAccess
from casework.models.access import AccessKind
from casework.people_at_work import holders_of
from casework.views.shell import open_case_file, shell_context


@require_safe
def access(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Everybody who can see the case, why and how much of it."""
    file = open_case_file(pk, request.user)
    return render(request, "casework/access.html", _context(file, request.user))


def _context(case: Case, user: User) -> dict[str, Any]:
    context = shell_context(case, user, "access")
    may_give = may_give_access(user) and not context["is_read_only"]
    context |= {
        "organization": case.organization,
        "coordinators": [] if case.is_sealed else _coordinators(case),
        "partners": _partners(case),
        "ended": ended(case),
        "may_give_access": may_give,
        "may_seal": may_seal_case(user, case) and not context["is_read_only"],
        "seal_form": SealForm(),
        "form": GiveAccessForm(case=case),
    }
    if may_give:
        context["blocks"] = case.blocks.in_force().select_related("user", "blocked_by")
        context["block_form"] = BlockForm(case=case)
    return context


def _coordinators(case: Case) -> list[User]:
    return holders_of("casework.assign_case", case.organization_id, case=case)


def _partners(case: Case) -> list[Any]:
    """Who may be told something, and what: the consents in force to share."""
    rows = answers_about(case).in_force().filter(organization__isnull=False)
    return list(rows.select_related("organization").order_by("organization__code", "given_on"))


def ended(case: Case) -> list[CaseAccess | TeamCaseAccess]:
    """Access that is over, the last one first."""
    over = {"ends_at__lte": timezone.now()}
    rows: list[CaseAccess | TeamCaseAccess] = [
        *case.access.filter(**over).select_related("user", "permission", "granted_by"),
        *case.team_access.filter(**over).select_related("group", "permission", "granted_by"),
    ]
    return sorted(rows, key=lambda row: row.ends_at or row.starts_at, reverse=True)


def _act(
    request: AuthedRequest,
    case: Case,
    form: ActionForm,
    action: Callable[..., Any],
    said: str,
    name: str,
) -> HttpResponse:
    """One verb of the access page: back to it when done, else the page with what was wrong."""
    if form.perform(action, case, actor=request.user):
        messages.success(request, said)
        return redirect("casework:access", case.pk)
    context = {**_context(case, request.user), name: form, "failed": form}
    return render(request, "casework/access.html", context)


def _for_coordinator(request: AuthedRequest, pk: UUID) -> Case:
    file = open_case_file(pk, request.user)
    if not may_give_access(request.user):
        raise PermissionDenied
    return file


@require_POST
@step_up_required
def give_access(request: AuthedRequest, pk: UUID) -> HttpResponse:
    file = _for_coordinator(request, pk)
    form = GiveAccessForm(request.POST, case=file)
    return _act(request, file, form, actions.give_access, _("Access given."), "form")


@require_POST
@step_up_required
def end_access(request: AuthedRequest, pk: UUID) -> HttpResponse:
    file = _for_coordinator(request, pk)
    said = _("Access ended. It holds from the next request.")
    return _act(request, file, EndAccessForm(request.POST), actions.end_access, said, "end_form")


@require_POST
@step_up_required
def seal_case(request: AuthedRequest, pk: UUID) -> HttpResponse:
    file = open_case_file(pk, request.user)
    if not may_seal_case(request.user, file):
        raise PermissionDenied
    form = SealForm(request.POST)
    if form.perform(actions.seal_case, file, actor=request.user):
        messages.success(request, _("Sealed. Only people with access by name see the case now."))
        still = Case.objects.visible_to(request.user).filter(pk=pk).exists()
        return redirect("casework:access", pk) if still else redirect("casework:cases")
    context = {**_context(file, request.user), "failed": form}
    return render(request, "casework/access.html", context)


@require_POST
@step_up_required
def unseal_case(request: AuthedRequest, pk: UUID) -> HttpResponse:
    file = open_case_file(pk, request.user)
    if not may_seal_case(request.user, file):
        raise PermissionDenied
    said = _("No longer sealed.")
    return _act(request, file, SealForm(request.POST), actions.unseal_case, said, "seal_form")


@require_POST
@step_up_required
def block_user(request: AuthedRequest, pk: UUID) -> HttpResponse:
    file = _for_coordinator(request, pk)
    form = BlockForm(request.POST, case=file)
    said = _("Closed to this person, from the next request on.")
    return _act(request, file, form, actions.block_user, said, "block_form")


@require_POST
@step_up_required
def lift_block(request: AuthedRequest, pk: UUID) -> HttpResponse:
    file = _for_coordinator(request, pk)
    said = _("Lifted. What access this person has counts again.")
    return _act(request, file, LiftForm(request.POST), actions.lift_block, said, "lift_form")


@asks_and_saves
def declare_conflict(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """ "I know this person": closes the case to oneself at once, without asking anybody."""
    file = open_case_file(pk, request.user)
    form = ConflictForm(request.POST or None)
    if form.perform(actions.declare_conflict, file, actor=request.user):
        messages.success(request, _("Thank you for saying so. This case is closed to you now."))
        return redirect("casework:cases")
    context = {**shell_context(file, request.user, "access"), "form": form}
    return render(request, "casework/declare_conflict.html", context)


@asks_and_saves
@step_up_required
def cover(request: AuthedRequest) -> HttpResponse:
    """Have somebody stand in for a colleague; who stands in for whom now."""
    user = request.user
    if not may_give_access(user):
        raise PermissionDenied
    form = CoverForm(request.POST or None, actor=user)
    if form.perform(actions.cover_colleague, actor=user):
        said = _("Done. %(name)s stands in.") % {"name": form.result.name}
        messages.success(request, said)
        return redirect("casework:cover")
    rows = list(_covering(user))
    record_list(user, "list_covering", CaseAccess, [row.pk for row in rows])
    return render(request, "casework/cover.html", {"form": form, "rows": rows})


def _covering(user: User) -> QuerySet[CaseAccess]:
    return (
        CaseAccess.objects.in_force()
        .filter(kind=AccessKind.COVERING, content_object__in=Case.objects.visible_to(user))
        .select_related("user", "permission", "content_object__person", "content_object__owner")
        .order_by("user__name", "ends_at", "pk")[:200]
    )
