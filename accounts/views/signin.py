"""The way in."""

from http import HTTPStatus
from urllib.parse import urlencode

from allauth.account.models import Login
from allauth.account.views import login as allauth_login
from allauth.mfa.webauthn.internal.auth import begin_authentication
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.openid_connect.views import callback
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from requests.exceptions import RequestException

from accounts import limits
from accounts.addresses import client_address
from accounts.entrance_forms import LoginForm
from accounts.factor_forms import LoginPasskeyForm
from accounts.forms import FirstAdministratorForm
from accounts.http import asks_and_saves
from accounts.models import User
from accounts.returning import where_back
from accounts.single_sign_on import PROVIDER, is_on, may_link, single_sign_on_name


@login_not_required
def login(request: HttpRequest) -> HttpResponse:
    """Sign in; where nobody can yet, the installation begins first."""
    if not User.objects.exists():
        return redirect("first_administrator")
    response: HttpResponse = allauth_login(request)
    if isinstance(response, TemplateResponse) and response.context_data:
        form = response.context_data["form"]
        if form.has_error("__all__", "too_many_login_attempts"):
            response.status_code = HTTPStatus.TOO_MANY_REQUESTS
        response.context_data["single_sign_on"] = single_sign_on_name()
    return response


@login_not_required
@asks_and_saves
def passkey(request: HttpRequest) -> HttpResponse:
    """Sign in with nothing but a passkey: what it should sign, and what it signed."""
    if request.user.is_authenticated:
        return redirect("home")
    if not limits.allowed("passkey_address", client_address(request)):
        return _login_page(request, HTTPStatus.TOO_MANY_REQUESTS)
    if request.method != "POST":
        return JsonResponse({"request_options": begin_authentication(user=None)})
    form = LoginPasskeyForm(data=request.POST)
    if not form.is_valid():
        return _login_page(request, HTTPStatus.BAD_REQUEST, form)
    authenticator = form.cleaned_data["credential"]
    entering = Login(user=authenticator.user, redirect_url=where_back(request))
    response: HttpResponse = perform_passwordless_login(request, authenticator, entering)
    return response


def _login_page(
    request: HttpRequest, status: int, failed: LoginPasskeyForm | None = None
) -> HttpResponse:
    context = {
        "form": LoginForm(request=request),
        "failed": failed,
        "is_limited": failed is None,
        "single_sign_on": single_sign_on_name(),
    }
    return render(request, "account/login.html", context, status=status)


@login_not_required
@require_POST
def single_sign_on(request: HttpRequest) -> HttpResponse:
    """Go to the provider; it sends back to `callback`. Who is signed in links her account."""
    if not is_on():
        raise Http404
    process = AuthProcess.LOGIN
    if isinstance(request.user, User):
        if not may_link(request):
            after = urlencode({"next": reverse("accounts:security")})
            return redirect(f"{reverse('account_reauthenticate')}?{after}")
        process = AuthProcess.CONNECT
    provider = get_adapter().get_provider(request, PROVIDER)
    try:
        response: HttpResponse = provider.redirect(request, process=process)
    except RequestException:
        messages.error(request, _("The other side does not answer. Try again."))
        return redirect("account_login")
    return response


@login_not_required
@require_safe
def single_sign_on_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back from the provider."""
    if not is_on() or provider_id != PROVIDER:
        raise Http404
    response: HttpResponse = callback(request, PROVIDER)
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
