"""Whom to reach at an institution: add, change, verify."""

from uuid import UUID

from django.contrib import messages
from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import AuthedRequest, asks_and_saves
from accounts.models import User
from directory import actions, forms
from directory.models import Contact
from directory.views.providers import get_profile, organization_page


@asks_and_saves
def create_contact(request: AuthedRequest, pk: UUID) -> HttpResponse:
    profile = get_profile(request.user, pk)
    request.user.require("directory.edit_contact")
    form = forms.CreateContactForm(
        request.POST or None,
        organization=profile.organization,
        initial={"role": Contact.Role.FOCAL},
    )
    if form.perform(actions.create_contact, profile.organization, actor=request.user):
        messages.success(request, _("Contact saved. Somebody else has to verify it."))
        return redirect(profile)
    return render(request, "directory/contact_form.html", {"form": form, "profile": profile})


@asks_and_saves
def change_contact(request: AuthedRequest, pk: UUID) -> HttpResponse:
    contact = _contact(request.user, pk)
    profile = get_profile(request.user, contact.organization_id)
    request.user.require("directory.edit_contact")
    form = forms.ChangeContactForm(
        request.POST or None,
        organization=profile.organization,
        initial={**model_to_dict(contact), "version": contact.version},
    )
    if form.perform(actions.change_contact, contact, actor=request.user):
        waits = contact.changes.waiting().exists()
        messages.success(
            request,
            _("Saved. The new number or address waits for a second person.")
            if waits
            else _("Contact saved."),
        )
        return redirect(profile)
    context = {"form": form, "profile": profile, "contact": contact}
    return render(request, "directory/contact_form.html", context)


@require_POST
def verify_contact(request: AuthedRequest, pk: UUID) -> HttpResponse:
    contact = _contact(request.user, pk)
    form = forms.VerifyContactForm(request.POST)
    if form.perform(actions.verify_contact, contact, actor=request.user):
        messages.success(request, _("Contact verified as of today."))
        return redirect(contact)
    return organization_page(request, get_profile(request.user, contact.organization_id), form)


def _contact(user: User, pk: UUID) -> Contact:
    """Raises PermissionDenied, Http404."""
    user.require("directory.view_services")
    return get_object_or_404(Contact.objects.shown_to(user), pk=pk)
