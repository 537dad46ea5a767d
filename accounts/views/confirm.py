"""The page that asks anew who is there: by passkey or code, without either by password."""

from collections.abc import Callable
from http import HTTPStatus

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from accounts import actions, limits
from accounts.factor_forms import ReauthenticateCodeForm, ReauthenticatePasskeyForm
from accounts.http import AuthedRequest, asks_and_saves
from accounts.returning import asked_uuid, where_back
from accounts.session_forms import PasswordForm
from accounts.stepup import is_password_enough

WAYS: dict[str, Callable[..., forms.Form]] = {
    "passkey": ReauthenticatePasskeyForm,
    "code": ReauthenticateCodeForm,
    "password": PasswordForm,
}


@asks_and_saves
def confirm(request: AuthedRequest) -> HttpResponse:
    """Ask for what this person has; then go back, in the same session under a new key."""
    ways = _ways_of(request)
    way = request.POST.get("way", "")
    given: dict[str, forms.Form] = {
        name: WAYS[name](user=request.user, data=request.POST if name == way else None)
        for name in ways
    }
    status = HTTPStatus.OK
    if way in given:
        if _is_often(request, way):
            status = HTTPStatus.TOO_MANY_REQUESTS
        elif _proves(request, way, given[way]):
            actions.confirm_session(request.session.row, actor=request.user)
            request.session.cycle_key()
            return HttpResponseRedirect(where_back(request))
        else:
            status = HTTPStatus.BAD_REQUEST
    return render(request, "accounts/confirm.html", _context(request, given, status), status=status)


def _ways_of(request: AuthedRequest) -> list[str]:
    """The factors she has; the password only for who has none (outside the demo: nobody)."""
    rows = Authenticator.objects.filter(user=request.user)
    types = set(rows.values_list("type", flat=True))
    ways = []
    if Authenticator.Type.WEBAUTHN in types:
        ways.append("passkey")
    if types - {Authenticator.Type.WEBAUTHN}:
        ways.append("code")
    return ways or ["password"] * is_password_enough(request)


def _is_often(request: AuthedRequest, way: str) -> bool:
    """Whether too many passwords were tried; the other ways count their tries themselves."""
    return way == "password" and not limits.allowed("second_factor", f"again {request.user.pk}")


def _proves(request: AuthedRequest, way: str, form: forms.Form) -> bool:
    """Whether it is her; her session then says so."""
    if not form.is_valid():
        return False
    if way == "password":
        reauthenticate_by_password(request)
        return True
    proof = form.cleaned_data["credential"] if way == "passkey" else form.authenticator  # type: ignore[attr-defined]  # the form of a code keeps what it proved
    post_authentication(request, proof, reauthenticated=True)
    return True


def _context(
    request: AuthedRequest, given: dict[str, forms.Form], status: int
) -> dict[str, object]:
    is_limited = status == HTTPStatus.TOO_MANY_REQUESTS
    context: dict[str, object] = {
        **given,
        "is_limited": is_limited,
        # The one that was sent: its errors stand above all and in the title.
        "form": next((f for f in given.values() if f.is_bound and not is_limited), None),
        "draft": asked_uuid(request, "draft"),
        "next": where_back(request),
    }
    if "passkey" in given:
        context["js_data"] = {"request_options": begin_authentication(request.user)}
    return context
