"""How an administrator lets people in: invitations, a lost second step, a renewed agreement."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import actions, entrance
from accounts.audit import record_list
from accounts.entrance_forms import ConfirmResetForm, FactorResetForm, InviteForm, RenewForm
from accounts.http import AuthedRequest, asks_and_saves
from accounts.models import FactorReset, Invitation, Organization, Role, Team, User
from accounts.returning import asked_uuid
from accounts.stepup import step_up_required
from accounts.user_forms import ConfirmForm

MANAGE, CONFIRM = "accounts.manage_users", "accounts.confirm_factor_reset"


@asks_and_saves
@step_up_required
def invite(request: AuthedRequest) -> HttpResponse:
    """Prepare an account; its link is shown once, to be handed over."""
    request.user.require(MANAGE)
    form = InviteForm(request.POST or None)
    mine = Q(pk=request.user.organization_id) | Q(is_house=False)
    form.offer(Organization.objects.filter(mine), Team.objects.all())
    if form.is_bound and form.perform(actions.invite_user, actor=request.user):
        return render(request, "accounts/invited.html", _link(request, form.result))
    rows = Invitation.objects.open().filter(invited_by__organization=request.user.organization_id)
    context = {"form": form, "open": rows.select_related("invited_by").order_by("-invited_at")}
    return render(request, "accounts/invite.html", context)


def _link(request: AuthedRequest, invitation: Invitation) -> dict[str, object]:
    link = ""
    if invitation.secret:
        path = reverse("invitation_link", args=[invitation.secret])
        here = settings.SITE_URL.rstrip("/") or request.build_absolute_uri("/").rstrip("/")
        link = f"{here}{path}"
    return {"invitation": invitation, "link": link}


@require_POST
@step_up_required
def withdraw(request: AuthedRequest) -> HttpResponse:
    request.user.require(MANAGE)
    rows = Invitation.objects.filter(invited_by__organization=request.user.organization_id)
    row = get_object_or_404(rows, pk=asked_uuid(request, "invitation"))
    actions.withdraw_invitation(row, actor=request.user)
    messages.success(request, _("The link opens nothing any more."))
    return redirect("accounts:invite")


@asks_and_saves
@step_up_required
def agree(request: AuthedRequest) -> HttpResponse:
    """Invitations that wait for this second person, with what each would open."""
    request.user.require(CONFIRM)
    rows = Invitation.objects.waiting_for(request.user).select_related("invited_by")
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        row = get_object_or_404(rows, pk=asked_uuid(request, "invitation"))
        if form.perform(actions.agree_to_invitation, row, actor=request.user):
            messages.success(request, _("Agreed. The link works now."))
            return redirect("accounts:agree_to_invitation")
    waiting = list(rows.prefetch_related("teams").order_by("invited_at"))
    record_list(request.user, "list_invitations", Invitation, [row.pk for row in waiting])
    labels = dict(Role.Code.choices)
    shown = [(row, [labels[code] for code in row.roles]) for row in waiting]
    return render(request, "accounts/agree.html", {"form": form, "waiting": shown})


@asks_and_saves
@step_up_required
def second_step(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """A lost second step: one person asks for its reset, another confirms it."""
    person = get_object_or_404(User.objects.in_care_of(request.user), pk=pk)
    reset = FactorReset.objects.filter(
        user=person, confirmed_at=None, expires_at__gt=timezone.now()
    ).first()
    request.user.require(MANAGE if reset is None else CONFIRM)
    data = request.POST if request.method == "POST" else None
    form = (FactorResetForm if reset is None else ConfirmResetForm)(data)
    action = actions.start_factor_reset if reset is None else actions.confirm_factor_reset
    if form.is_bound and form.perform(action, reset or person, actor=request.user):
        messages.success(
            request,
            _("A second person has to confirm it now.") if reset is None else _("It is taken off."),
        )
        return redirect("home")
    context = {"form": form, "person": person, "reset": reset}
    return render(request, "accounts/second_step.html", context)


@asks_and_saves
@step_up_required
def agreement(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Record that a confidentiality agreement was signed anew, or let it end today."""
    request.user.require(MANAGE)
    person = get_object_or_404(User.objects.in_care_of(request.user), pk=pk)
    form = RenewForm(request.POST if request.method == "POST" else None)
    ends = request.POST.get("then") == "end"
    action = actions.end_confidentiality if ends else actions.renew_confidentiality
    if form.is_bound and form.perform(action, person, actor=request.user):
        messages.success(request, _("Saved."))
        return redirect("accounts:user", person.pk)
    until = entrance.confidential_until(person)
    context = {"form": form, "person": person, "until": until}
    return render(request, "accounts/renew_agreement.html", context)
