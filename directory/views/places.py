"""Where help is given: add and change a place."""

from uuid import UUID

from django.contrib import messages
from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.http import AuthedRequest, asks_and_saves
from directory import actions, forms
from directory.models import Place
from directory.views.providers import get_profile


@asks_and_saves
def create_place(request: AuthedRequest, pk: UUID) -> HttpResponse:
    profile = get_profile(request.user, pk)
    request.user.require("directory.edit_service")
    form = forms.CreatePlaceForm(
        request.POST or None,
        organization=profile.organization,
        initial={"visibility": Place.Visibility.STAFF},
    )
    if form.perform(actions.create_place, profile.organization, actor=request.user):
        messages.success(request, _("Place saved."))
        return redirect(profile)
    return render(request, "directory/place_form.html", {"form": form, "profile": profile})


@asks_and_saves
def change_place(request: AuthedRequest, pk: UUID) -> HttpResponse:
    request.user.require("directory.view_services")
    place = get_object_or_404(Place.objects.shown_to(request.user), pk=pk)
    profile = get_profile(request.user, place.organization_id)
    request.user.require("directory.edit_service")
    form = forms.ChangePlaceForm(
        request.POST or None,
        organization=profile.organization,
        initial={**model_to_dict(place), "version": place.version},
    )
    if form.perform(actions.change_place, place, actor=request.user):
        messages.success(request, _("Place saved."))
        return redirect(profile)
    context = {"form": form, "profile": profile, "place": place}
    return render(request, "directory/place_form.html", context)
