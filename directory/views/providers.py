"""The directory at the door: who is there, what they offer, how sure we are."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Prefetch
from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.forms import ActionForm
from accounts.http import AuthedRequest, asks_and_saves
from accounts.models import User
from directory import actions, forms
from directory.models import Change, Contact, OrganizationProfile, Place, Schedule, Service

PAGE = 25


@require_safe
def organizations(request: AuthedRequest) -> HttpResponse:
    """List institutions, by a word, a kind of help and a language."""
    request.user.require("directory.view_services")
    form = forms.FilterForm(request.GET)
    wanted = form.wanted()
    text, municipality = wanted.pop("q"), wanted.pop("municipality")
    found = OrganizationProfile.objects.matching(text, reader=request.user).offering(**wanted)
    if municipality:
        found = found.found_in(municipality, reader=request.user)
    services = Service.objects.prefetch_related("languages")
    found = found.listed().prefetch_related(Prefetch("organization__services", services))
    context = {
        "filter": form,
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "waiting": Change.objects.shown_to(request.user).waiting().count(),
        "is_filtered": bool(text or municipality or any(wanted.values())),
        "may_edit": request.user.has_perm("directory.edit_organization"),
    }
    return render(request, "directory/organizations.html", context)


@require_safe
def organization(request: AuthedRequest, pk: UUID) -> HttpResponse:
    profile = get_profile(request.user, pk)
    return organization_page(request, profile, forms.VerifyServiceForm())


def get_profile(user: User, pk: UUID) -> OrganizationProfile:
    user.require("directory.view_services")
    return get_object_or_404(OrganizationProfile.objects.select_related("organization"), pk=pk)


def organization_page(
    request: AuthedRequest, profile: OrganizationProfile, form: ActionForm
) -> HttpResponse:
    """The page of one institution; `form` is the one whose verb was refused."""
    user = request.user
    places = Place.objects.shown_to(user).filter(organization=profile.pk)
    changes = Change.objects.shown_to(user).waiting().filter(organization=profile.pk)
    context = {
        "profile": profile,
        "form": form,
        "offers": [
            (service, forms.VerifyServiceForm(auto_id=False)) for service in _offers(user, profile)
        ],
        "contacts": _contacts(user, profile),
        "places": places.select_related("municipality__district"),
        "waiting": changes.count(),
        **_may(user, profile),
    }
    return render(request, "directory/organization.html", context)


def _offers(user: User, profile: OrganizationProfile) -> models.QuerySet[Service]:
    """The services of an institution with all that their cards show, the surest first."""
    services = Service.objects.filter(organization=profile.pk).surest_first()
    services = services.select_related(
        "verified_by", "verified_contact", "capacity_by", "capacity_contact"
    )
    hours = Prefetch("hours", Schedule.objects.shown_to(user).select_related("place"))
    return services.prefetch_related("languages", "serves", "costs", "documents", hours)


def _may(user: User, profile: OrganizationProfile) -> dict[str, bool]:
    """What this user can do with the entries of an institution."""
    is_own = user.organization_id == profile.pk
    is_near = is_own or user.organization.is_house
    return {
        "may_verify": user.has_perm("directory.verify_service"),
        "may_edit_organization": user.has_perm("directory.edit_organization"),
        "may_edit_service": user.has_perm("directory.edit_service"),
        "may_edit_contact": user.has_perm("directory.edit_contact"),
        "may_set_capacity": is_near and user.has_perm("directory.set_capacity"),
        "may_propose": is_own and user.has_perm("directory.propose_change"),
    }


def _contacts(
    user: User, profile: OrganizationProfile
) -> list[tuple[Contact, forms.VerifyContactForm]]:
    """Whom to reach, each with the button that verifies it."""
    rows = Contact.objects.shown_to(user).filter(organization=profile.pk, is_active=True)
    rows = rows.select_related("service", "language", "verified_by")
    return [(contact, forms.VerifyContactForm(auto_id=False)) for contact in rows]


@require_safe
def sources(request: AuthedRequest) -> HttpResponse:
    """Say whose lists these are; their licences ask for it."""
    return render(request, "directory/sources.html")


@require_POST
def verify_service(request: AuthedRequest, pk: UUID) -> HttpResponse:
    service = get_object_or_404(Service, pk=pk)
    profile = get_profile(request.user, service.organization_id)
    form = forms.VerifyServiceForm(request.POST)
    if form.perform(actions.verify_service, service, actor=request.user):
        messages.success(request, _("Entry confirmed as of today."))
        return redirect(profile)
    return organization_page(request, profile, form)


@asks_and_saves
def create_organization(request: AuthedRequest) -> HttpResponse:
    request.user.require("directory.edit_organization")
    form = forms.CreateOrganizationForm(request.POST or None)
    if form.perform(actions.create_organization, actor=request.user) and form.result:
        messages.success(request, _("Institution saved."))
        return redirect("directory:organization", form.result.pk)
    return render(request, "directory/organization_form.html", {"form": form})


@asks_and_saves
def change_organization(request: AuthedRequest, pk: UUID) -> HttpResponse:
    profile = get_profile(request.user, pk)
    request.user.require("directory.edit_organization")
    facts = {**model_to_dict(profile.organization), **model_to_dict(profile)}
    form = forms.ChangeOrganizationForm(
        request.POST or None, initial={**facts, "version": profile.version}
    )
    if form.perform(actions.change_organization, profile.organization, actor=request.user):
        messages.success(request, _("Institution saved."))
        return redirect(profile)
    context = {"form": form, "profile": profile}
    return render(request, "directory/organization_form.html", context)


@asks_and_saves
def create_service(request: AuthedRequest, pk: UUID) -> HttpResponse:
    profile = get_profile(request.user, pk)
    request.user.require("directory.edit_service")
    form = forms.CreateServiceForm(request.POST or None, initial={"is_referable": True})
    if form.perform(actions.create_service, profile.organization, actor=request.user):
        messages.success(request, _("Service saved."))
        return redirect(profile)
    return render(request, "directory/service_form.html", {"form": form, "profile": profile})


@asks_and_saves
def change_service(request: AuthedRequest, pk: UUID) -> HttpResponse:
    service = get_object_or_404(Service, pk=pk)
    profile = get_profile(request.user, service.organization_id)
    request.user.require("directory.edit_service")
    form = forms.ChangeServiceForm(
        request.POST or None, initial={**model_to_dict(service), "version": service.version}
    )
    if form.perform(actions.change_service, service, actor=request.user):
        messages.success(request, _("Service saved."))
        return redirect(profile)
    context = {"form": form, "profile": profile, "service": service}
    return render(request, "directory/service_form.html", context)


@asks_and_saves
def set_capacity(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Say whether a service takes people now: a page of its own, short enough for a phone."""
    user = request.user
    service = get_object_or_404(Service, pk=pk)
    profile = get_profile(user, service.organization_id)
    user.require("directory.set_capacity")
    form = forms.CapacityForm(request.POST or None, initial=model_to_dict(service))
    if form.perform(actions.set_capacity, service, actor=user):
        messages.success(request, _("Saved. Those who refer see it from now on."))
        return redirect(profile)
    context = {"form": form, "profile": profile, "service": service}
    return render(request, "directory/capacity_form.html", context)
