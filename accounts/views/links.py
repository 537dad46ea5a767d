"""Doors behind a link that is handed over or mailed: an invitation, a new password.

The link's secret stands in the address once and moves into the session, so that no page that is
shown has it in its address; opening a link uses nothing up.
"""

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
    form = NewPasswordForm(request.POST or None)
    if form.is_valid():
        try:
            actions.reset_password(token, password=form.cleaned_data["password"])
        except ValidationError as error:
            form.take_over(error)
        else:
            del request.session[RESET_KEY]
            messages.success(request, _("Your new password is saved. Sign in with it."))
            return redirect("account_login")
    return render(request, "accounts/new_password.html", {"form": form})


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
    form = NewPasswordForm(request.POST or None)
    if form.is_valid():
        try:
            actions.accept_invitation(token, password=form.cleaned_data["password"])
        except ValidationError as error:
            form.take_over(error)
        else:
            del request.session[INVITATION_KEY]
            messages.success(request, _("Your account is ready. Sign in."))
            return redirect("account_login")
    context = {"form": form, "invitation": invitation}
    return render(request, "accounts/accept_invitation.html", context)


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/link_over.html", status=HTTPStatus.GONE)
