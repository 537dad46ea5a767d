"""The way in."""

from allauth.account.views import login as allauth_login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.forms import FirstAdministratorForm
from accounts.models import User


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
