"""The house itself, for who manages it: its name, its teams and who is in them."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import actions
from accounts.audit import record
from accounts.http import AuthedRequest, asks_and_saves
from accounts.models import Organization
from accounts.stepup import step_up_required
from accounts.user_forms import OrganizationForm, TeamForm, TeamMembersForm


@require_safe
def teams(request: AuthedRequest) -> HttpResponse:
    """The house and its teams; the institutions it works with are in the directory."""
    request.user.require("accounts.manage_users")
    rows = request.user.organization.teams.order_by("kind", "name")
    rows = rows.annotate(people=Count("members", filter=Q(members__is_active=True)))
    record(request.user, "list_teams", request.user.organization)
    context = {"teams": rows, "organization": request.user.organization}
    return render(request, "accounts/teams.html", context)


@asks_and_saves
@step_up_required
def rename_organization(request: AuthedRequest) -> HttpResponse:
    request.user.require("accounts.manage_users")
    house = Organization.objects.get(pk=request.user.organization_id)
    form = OrganizationForm(request.POST or None, organization=house)
    if form.is_bound and form.perform(actions.rename_organization, house, actor=request.user):
        return _saved(request)
    return _form(request, form, _("Name of the organization"))


@asks_and_saves
@step_up_required
def new_team(request: AuthedRequest) -> HttpResponse:
    request.user.require("accounts.manage_users")
    form = TeamForm(request.POST or None)
    house = request.user.organization
    if form.is_bound and form.perform(actions.make_team, house, actor=request.user):
        return _saved(request)
    return _form(request, form, _("New team"))


@asks_and_saves
@step_up_required
def change_team(request: AuthedRequest, number: int) -> HttpResponse:
    request.user.require("accounts.manage_users")
    own = request.user.organization.teams.select_related("organization")
    team = get_object_or_404(own, pk=number)
    form = TeamMembersForm(request.POST or None, team=team)
    if form.is_bound and form.perform(actions.change_team, team, actor=request.user):
        return _saved(request)
    return _form(request, form, team.name)


def _saved(request: AuthedRequest) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("accounts:teams")


def _form(request: AuthedRequest, form: TeamForm | OrganizationForm, title: str) -> HttpResponse:
    return render(request, "accounts/team_form.html", {"form": form, "title": title})
