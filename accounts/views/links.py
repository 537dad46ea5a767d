"""Doors behind a link that is handed over or mailed: an invitation, a new password.

The link's secret stands in the address once and moves into the session, so that no page that is
shown has it in its address; opening a link uses nothing up.
"""

from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import actions, limits, mail
from accounts.addresses import client_address
from accounts.entrance_forms import AskForResetForm, NewPasswordForm
from accounts.http import asks_and_saves

RESET_KEY, INVITATION_KEY = "reset_link", "invitation_link"


@login_not_required
@asks_and_saves
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link to a new password; the answer is the same whoever asks for whom."""
    is_on = mail.is_on()
    form = AskForResetForm(request.POST or None)
    status = HTTPStatus.OK
    if is_on and form.is_valid():
        if limits.allowed("password_reset_address", client_address(request)):
            username = form.cleaned_data["username"]
            if limits.allowed("password_reset", username.casefold()):
                actions.ask_for_reset(username=username)
            return redirect("reset_promised")
        form.add_error(None, _("Too many tries. Wait an hour."))
        status = HTTPStatus.TOO_MANY_REQUESTS
    return render(request, "accounts/forgotten.html", {"form": form, "is_on": is_on}, status=status)


@login_not_required
@require_safe
def reset_promised(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/reset_promised.html")


@login_not_required
@require_safe
def reset_link(request: HttpRequest, token: str) -> HttpResponse:
    request.session[RESET_KEY] = token
    return redirect("new_password")


@login_not_required
@asks_and_saves
def new_password(request: HttpRequest) -> HttpResponse:
    """Choose a new password; the second step stays what it was."""
    token = request.session.get(RESET_KEY, "")
    if actions.find_reset(token) is None:
        return _over(request)
    said = _("Your new password is saved. Sign in with it.")
    return _choose(request, RESET_KEY, actions.reset_password, "accounts/new_password.html", said)


@login_not_required
@require_safe
def invitation_link(request: HttpRequest, token: str) -> HttpResponse:
    request.session[INVITATION_KEY] = token
    return redirect("accept_invitation")


@login_not_required
@asks_and_saves
def accept_invitation(request: HttpRequest) -> HttpResponse:
    """Make one's account by choosing its password."""
    token = request.session.get(INVITATION_KEY, "")
    invitation = actions.find_invitation(token)
    if invitation is None:
        return _over(request)
    return _choose(
        request,
        INVITATION_KEY,
        actions.accept_invitation,
        "accounts/accept_invitation.html",
        _("Your account is ready. Sign in."),
        invitation=invitation,
    )


def _choose(
    request: HttpRequest,
    key: str,
    action: Callable[..., object],
    template: str,
    said: str,
    **shown: object,
) -> HttpResponse:
    """Ask for the password that the link in the session under this key is for."""
    form = NewPasswordForm(request.POST or None)
    if form.is_valid():
        try:
            action(request.session[key], password=form.cleaned_data["password"])
        except ValidationError as error:
            form.take_over(error)
        else:
            del request.session[key]
            messages.success(request, said)
            return redirect("account_login")
    return render(request, template, {"form": form, **shown})


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/link_over.html", status=HTTPStatus.GONE)
