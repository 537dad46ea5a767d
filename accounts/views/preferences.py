"""A person's own settings at the door."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts import actions
from accounts.forms import ThemeForm
from accounts.http import AuthedRequest


def settings(request: AuthedRequest) -> HttpResponse:
    form = ThemeForm(initial={"theme": request.user.theme})
    return render(request, "accounts/settings.html", {"form": form})


@require_POST
def theme(request: AuthedRequest) -> HttpResponse:
    """Keep the chosen colours and go back to where the person was."""
    form = ThemeForm(request.POST)
    if not form.perform(actions.set_theme, request.user, actor=request.user):
        return render(request, "accounts/settings.html", {"form": form}, status=400)
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    # Not `redirect`, which would take a word without a slash for the name of a route.
    response = HttpResponseRedirect(back if safe else reverse("accounts:settings"))
    response.set_cookie("theme", request.user.theme, samesite="Lax", httponly=True)
    return response
