"""One's own ways in: password, passkeys, app, recovery codes, agreements."""

from http import HTTPStatus

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import clear_totp_secret
from allauth.mfa.webauthn.internal.auth import begin_registration
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import actions, entrance, factors
from accounts.entrance_forms import AcceptForm, ChangePasswordForm
from accounts.factor_forms import AddAppForm, AddPasskeyForm
from accounts.http import AuthedRequest, asks_and_saves
from accounts.single_sign_on import single_sign_on_name
from accounts.stepup import mark_fresh, step_up_required


@require_safe
def security(request: AuthedRequest) -> HttpResponse:
    """What one has, and what is missing; before that is there, it is the only page."""
    rows = list(Authenticator.objects.filter(user=request.user).order_by("created_at"))
    types = [row.type for row in rows]
    context = {
        "passkeys": [row for row in rows if row.type == Authenticator.Type.WEBAUTHN],
        "app": next((row for row in rows if row.type == Authenticator.Type.TOTP), None),
        "recovery": next(
            (len(r.data["hashes"]) for r in rows if r.type == Authenticator.Type.RECOVERY_CODES),
            None,
        ),
        "missing": factors.missing(request.user, types),
        "confidential_until": entrance.confidential_until(request.user),
        "single_sign_on": single_sign_on_name(),
        "is_linked": actions.has_linked_login(request.user),
    }
    enough = request.session.get(entrance.FACTORS_KEY)
    page = "accounts/security.html" if enough or not context["missing"] else "accounts/enrol.html"
    return render(request, page, context)


@asks_and_saves
@step_up_required
def add_passkey(request: AuthedRequest) -> HttpResponse:
    form = AddPasskeyForm(request.POST or None)
    if form.is_valid():
        name = form.cleaned_data["name"] or _("Passkey")
        credential = form.cleaned_data["credential"]
        actions.add_passkey(request.user, name=name, credential=credential, actor=request.user)
        return _added(request)
    options = {"creation_options": begin_registration(request.user, passwordless=True)}
    context = {"form": form, "js_data": options}
    status = HTTPStatus.BAD_REQUEST if form.is_bound else HTTPStatus.OK
    return render(request, "accounts/add_passkey.html", context, status=status)


@asks_and_saves
@step_up_required
def add_app(request: AuthedRequest) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = AddAppForm(data, user=request.user, session=request.session)
    if form.is_valid():
        actions.add_app(request.user, secret=form.secret, actor=request.user)
        clear_totp_secret(request)
        return _added(request)
    adapter = get_adapter()
    address = adapter.build_totp_url(request.user, form.secret)
    context = {"form": form, "square": factors.square(address), "secret": form.secret}
    status = HTTPStatus.BAD_REQUEST if form.is_bound else HTTPStatus.OK
    return render(request, "accounts/add_app.html", context, status=status)


def _added(request: AuthedRequest) -> HttpResponse:
    """She just proved the new factor, so this session has it; other sessions end."""
    mark_fresh(request)
    entrance.look_again(request, request.user)
    actions.end_other_sessions(request.user, request.session.row, actor=request.user)
    has_codes = Authenticator.Type.RECOVERY_CODES in factors.types_of(request.user)
    if has_codes:
        messages.success(request, _("Your new second step is saved."))
    return redirect("accounts:security" if has_codes else "accounts:recovery_codes")


@asks_and_saves
@step_up_required
def recovery_codes(request: AuthedRequest) -> HttpResponse:
    """Ten codes for the day when phone and key are lost; shown once."""
    if not set(factors.types_of(request.user)).intersection(factors.STRONG):
        return redirect("accounts:security")
    codes = []
    if request.method == "POST":
        codes = actions.make_recovery_codes(request.user, actor=request.user)
    return render(request, "accounts/recovery_codes.html", {"codes": codes})


@require_POST
@step_up_required
def remove_factor(request: AuthedRequest) -> HttpResponse:
    told = request.POST.get("factor", "")
    rows = Authenticator.objects.filter(user=request.user)
    row = get_object_or_404(rows, pk=int(told) if told.isdecimal() and len(told) < 19 else 0)
    try:
        actions.remove_factor(row, actor=request.user)
    except ValidationError as error:
        context = {"problem": error.messages[0]}
        return render(request, "accounts/not_removed.html", context, status=HTTPStatus.CONFLICT)
    entrance.look_again(request, request.user)
    actions.end_other_sessions(request.user, request.session.row, actor=request.user)
    messages.success(request, _("Removed."))
    return redirect("accounts:security")


@asks_and_saves
@step_up_required
def change_password(request: AuthedRequest) -> HttpResponse:
    form = ChangePasswordForm(request.POST or None)
    if form.is_bound and form.perform(actions.change_password, request.user, actor=request.user):
        update_session_auth_hash(request, request.user)
        messages.success(request, _("Your new password is saved."))
        return redirect("accounts:security")
    return render(request, "account/password_change.html", {"form": form})


@asks_and_saves
def agreements(request: AuthedRequest) -> HttpResponse:
    """What is new and has to be agreed to before anything else."""
    texts = entrance.open_agreements(request.user)
    data = request.POST if request.method == "POST" else None
    form = AcceptForm(data, agreements=texts)
    if form.is_valid():
        for text in texts:
            actions.accept_agreement(text, actor=request.user)
        entrance.look_again(request, request.user)
        return redirect("home")
    pairs = [(text, form[text.kind]) for text in texts]
    return render(request, "accounts/agreements.html", {"form": form, "pairs": pairs})


@login_not_required
@require_safe
def agreement_over(request: AuthedRequest) -> HttpResponse:
    """Why somebody cannot come in, in words that tell nothing to others."""
    return render(request, "accounts/agreement_over.html")
