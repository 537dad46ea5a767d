"""A person's own settings at the door."""

from allauth.account.views import login as allauth_login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts import actions
from accounts.forms import FirstAdministratorForm, ThemeForm
from accounts.http import AuthedRequest
from accounts.models import User


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


@login_not_required
def login(request: HttpRequest) -> HttpResponse:
    """Sign in; where nobody can yet, the installation begins first."""
    if not User.objects.exists():
        return redirect("first_administrator")
    response: HttpResponse = allauth_login(request)
    return response


@login_not_required
def first_administrator(request: HttpRequest) -> HttpResponse:
    """The first page of an empty installation; afterwards it does not exist."""
    if User.objects.exists():
        raise Http404
    form = FirstAdministratorForm(request.POST or None)
    if form.perform():
        return redirect("account_login")
    return render(request, "accounts/first_administrator.html", {"form": form})
