"""Changes of the directory: asked for by an institution, waiting for two people."""

from typing import TypeVar
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import models
from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.forms import ActionForm
from accounts.http import AuthedRequest, asks_and_saves
from accounts.models import User
from directory import actions, forms
from directory.models import Change, Contact, Place, Service
from directory.models.change import Target
from directory.views.providers import get_profile

PAGE = 25
T = TypeVar("T", Contact, Service, Place)


@require_safe
def changes(request: AuthedRequest) -> HttpResponse:
    """What waits for an editor or a second person."""
    request.user.require("directory.view_services")
    return _page(request)


def _page(request: AuthedRequest, refused: ActionForm | None = None) -> HttpResponse:
    user = request.user
    rows = Change.objects.shown_to(user).waiting().with_target()
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "form": refused,
        "rows": [(change, _may(user, change)) for change in page],
        "confirm_form": forms.ConfirmChangeForm(auto_id=False),
    }
    return render(request, "directory/changes.html", context)


def _may(user: User, change: Change) -> dict[str, bool]:
    """What this user can say to a change."""
    is_second = user.pk not in {change.proposed_by_id, change.decided_by_id}
    confirms = change.waits_for_second and user.has_perm("directory.confirm_change")
    reviews = not change.waits_for_second and user.has_perm("directory.review_change")
    return {
        "agree": reviews and is_second,
        "confirm": confirms and is_second,
        "refuse": actions.may_refuse(user, change),
    }


@require_POST
def agree_to_change(request: AuthedRequest, pk: UUID) -> HttpResponse:
    change = _change(request.user, pk)
    form = forms.AgreeToChangeForm(request.POST)
    if form.perform(actions.agree_to_change, change, actor=request.user):
        waits = form.result.waits_for_second
        said = _("A second person has to confirm it.") if waits else _("It holds from now on.")
        messages.success(request, said)
        return redirect("directory:changes")
    return _page(request, form)


@require_POST
def confirm_change(request: AuthedRequest, pk: UUID) -> HttpResponse:
    change = _change(request.user, pk)
    form = forms.ConfirmChangeForm(request.POST)
    if form.perform(actions.confirm_change, change, actor=request.user):
        messages.success(request, _("Confirmed. It holds from now on."))
        return redirect("directory:changes")
    return _page(request, form)


@require_POST
def refuse_change(request: AuthedRequest, pk: UUID) -> HttpResponse:
    change = _change(request.user, pk)
    form = forms.RefuseChangeForm(request.POST)
    if form.perform(actions.refuse_change, change, actor=request.user):
        messages.success(request, _("Refused. The entry stays as it is."))
        return redirect("directory:changes")
    return _page(request, form)


@asks_and_saves
def propose_service(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """An institution asks for a change of its own service."""
    service = get_object_or_404(_own(request.user, Service), pk=pk)
    initial = {**model_to_dict(service), "version": service.version}
    form = forms.ProposeServiceForm(request.POST or None, initial=initial)
    return _propose(request, service, form)


@asks_and_saves
def propose_contact(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """An institution asks for a change of whom to reach there."""
    contact = get_object_or_404(_own(request.user, Contact), pk=pk)
    form = forms.ProposeContactForm(
        request.POST or None,
        organization=contact.organization,
        initial={**model_to_dict(contact), "version": contact.version},
    )
    return _propose(request, contact, form)


@asks_and_saves
def propose_place(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """An institution asks for a change of a place of its own that it may know of."""
    shown = Place.objects.shown_to(request.user)
    place = get_object_or_404(_own(request.user, Place).filter(pk__in=shown), pk=pk)
    form = forms.ProposePlaceForm(
        request.POST or None,
        organization=place.organization,
        initial={**model_to_dict(place), "version": place.version},
    )
    return _propose(request, place, form)


def _own(user: User, model: type[T]) -> models.QuerySet[T]:
    """Entries of the own institution. Raises PermissionDenied for who may not ask."""
    user.require("directory.propose_change")
    return model._default_manager.filter(organization=user.organization_id)


def _propose(request: AuthedRequest, target: Target, form: ActionForm) -> HttpResponse:
    profile = get_profile(request.user, target.organization_id)
    if form.perform(actions.propose_change, target, actor=request.user):
        waits = Change.objects.of(target).waiting().exists()
        said = _("Sent. An editor looks at it.") if waits else _("Nothing was changed.")
        messages.success(request, said)
        return redirect(profile)
    context = {"form": form, "profile": profile, "target": target}
    return render(request, "directory/propose_form.html", context)


def _change(user: User, pk: UUID) -> Change:
    """Raises PermissionDenied, Http404."""
    user.require("directory.view_services")
    return get_object_or_404(Change.objects.shown_to(user).with_target(), pk=pk)
