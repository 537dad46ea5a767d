"""Those who work here, for who manages them: list, one person, and each change."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import actions
from accounts.audit import record, record_list
from accounts.forms import ActionForm
from accounts.http import AuthedRequest, asks_and_saves
from accounts.models import RoleAssignment, Session, User
from accounts.stepup import step_up_required
from accounts.user_forms import (
    ConfirmForm,
    EmailForm,
    EndRoleForm,
    LeavingForm,
    RoleAssignmentForm,
    UserForm,
)

VIEWS = ("here", "left", "outside")


@require_safe
def users(request: AuthedRequest) -> HttpResponse:
    """Everybody in her care, with roles and teams."""
    request.user.require("accounts.manage_users")
    view = request.GET.get("view", VIEWS[0])
    rows = list(_shown(request.user, view if view in VIEWS else VIEWS[0]))
    record_list(request.user, "list_users", User, [user.pk for user in rows])
    context = {"users": rows, "view": view, "open": _open_sessions(rows)}
    return render(request, "accounts/users.html", context)


def _open_sessions(rows: list[User]) -> set[UUID]:
    """Who of these is signed in now."""
    live = Session.objects.filter(user__in=rows, ends_at__gt=timezone.now())
    return set(live.values_list("user_id", flat=True))


def _shown(actor: User, view: str) -> QuerySet[User]:
    in_force = RoleAssignment.objects.in_force().select_related("role")
    left = Q(is_active=False) | Q(leaves_on__lt=timezone.localdate())
    rows = User.objects.in_care_of(actor).select_related("organization").order_by("name")
    rows = rows.prefetch_related(
        "teams", Prefetch("role_assignments", queryset=in_force, to_attr="held")
    )
    if view == "outside":
        return rows.exclude(left).filter(organization__is_house=False)
    if view == "left":
        return rows.filter(left)
    return rows.exclude(left).filter(organization=actor.organization_id)


@require_safe
def user(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """One person: roles, teams, times, factors and sessions; nothing of what she works on."""
    person = _person(request, pk)
    record(request.user, "view_user", person)
    return _page(request, person)


@asks_and_saves
@step_up_required
def change_user(request: AuthedRequest, pk: UUID) -> HttpResponse:
    person = _person(request, pk)
    form = UserForm(request.POST or None, user=person)
    return _ask(request, person, form, actions.change_user, _("Change person"))


@asks_and_saves
@step_up_required
def change_email(request: AuthedRequest, pk: UUID) -> HttpResponse:
    person = _person(request, pk)
    form = EmailForm(request.POST or None, initial={"email": person.email})
    return _ask(request, person, form, actions.change_email, _("Change email"))


@asks_and_saves
@step_up_required
def set_leaving_day(request: AuthedRequest, pk: UUID) -> HttpResponse:
    person = _person(request, pk)
    form = LeavingForm(request.POST or None, initial={"leaves_on": person.leaves_on})
    return _ask(request, person, form, actions.set_leaving_day, _("Last day"))


@asks_and_saves
@step_up_required
def give_role(request: AuthedRequest, pk: UUID) -> HttpResponse:
    person = _person(request, pk)
    form = RoleAssignmentForm(request.POST or None, user=person)
    return _ask(request, person, form, actions.give_role, _("Give a role"))


@asks_and_saves
@step_up_required
def end_role(request: AuthedRequest, pk: UUID) -> HttpResponse:
    person = _person(request, pk)
    first = {"assignment": request.GET.get("assignment"), "ends_on": timezone.localdate()}
    form = EndRoleForm(request.POST or None, user=person, initial=first)
    return _ask(request, person, form, actions.end_role, _("End a role"))


@asks_and_saves
@step_up_required
def close_account(request: AuthedRequest, pk: UUID) -> HttpResponse:
    person = _person(request, pk)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    return _ask(request, person, form, actions.close_account, _("Close the account"))


@asks_and_saves
@step_up_required
def reopen_account(request: AuthedRequest, pk: UUID) -> HttpResponse:
    person = _person(request, pk)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    return _ask(request, person, form, actions.reopen_account, _("Open the account again"))


@require_POST
@step_up_required
def end_sessions(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Sign a colleague out everywhere; nothing of her sessions is shown."""
    request.user.require("accounts.end_sessions")
    person = get_object_or_404(User.objects.in_house_of(request.user), pk=pk)
    ConfirmForm(request.POST).perform(actions.end_sessions_of, person, actor=request.user)
    messages.success(request, _("Signed out everywhere."))
    if request.user.has_perm("accounts.manage_users"):
        return redirect("accounts:user", pk)
    return redirect("accounts:colleagues")


def _person(request: AuthedRequest, pk: UUID) -> User:
    """Raises Http404 for whoever is in somebody else's care."""
    request.user.require("accounts.manage_users")
    rows = User.objects.in_care_of(request.user).select_related("organization")
    return get_object_or_404(rows, pk=pk)


def _page(request: AuthedRequest, person: User) -> HttpResponse:
    today = timezone.localdate()
    roles = person.role_assignments.select_related("role").order_by("-starts_on", "role_id")
    context = {
        "person": person,
        "roles": [(row, row.ends_on is None or row.ends_on >= today) for row in roles],
        "factors": Authenticator.objects.filter(user=person).order_by("type"),
        "sessions": person.sessions.filter(ends_at__gt=timezone.now()).count(),
        "acceptances": person.acceptances.select_related("agreement").order_by("-at"),
        "is_own": person.pk == request.user.pk,
    }
    return render(request, "accounts/user.html", context)


def _ask(
    request: AuthedRequest, person: User, form: ActionForm, action: Callable[..., Any], title: str
) -> HttpResponse:
    """Show a form about one person, perform it, and go back to her page."""
    if form.is_bound and form.perform(action, person, actor=request.user):
        messages.success(request, _("Saved."))
        return redirect("accounts:user", person.pk)
    context = {"form": form, "person": person, "title": title}
    return render(request, "accounts/user_form.html", context)
