"""What is typed or signed to prove a second factor; each try counts towards a limit."""

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, generate_totp_secret
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm
from allauth.mfa.webauthn.internal.auth import (
    complete_authentication,
    complete_registration,
    extract_user_from_response,
    parse_authentication_response,
    parse_registration_response,
)
from django import forms
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import actions, factors, limits
from accounts.models import User

WRONG_CODE = _("This code is wrong, or was used before.")
WRONG_PASSKEY = _("This passkey was not accepted.")
TOO_MANY_CODES = _("Too many wrong codes. Wait five minutes.")


def code_field() -> forms.CharField:
    attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "w-m"}
    return forms.CharField(
        label=_("Code"), max_length=40, strip=True, widget=forms.TextInput(attrs=attrs)
    )


class CodeForm(AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """A code of the app, or a recovery code."""

    code = code_field()
    is_again = False

    def clean_code(self) -> str:
        key = str(self.user.pk)
        if not limits.allowed("second_factor", key):
            raise ValidationError(TOO_MANY_CODES, code="too_often")
        code: str = self.cleaned_data["code"]
        self.authenticator = actions.use_code(self.user, code=code)
        if self.authenticator is None:
            actions.note_failed_factor(self.user, kind="code")
            raise ValidationError(WRONG_CODE, code="wrong")
        limits.take_back("second_factor", key)
        return code


class ReauthenticateCodeForm(CodeForm, AllauthReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The same, in a session that goes on."""


class PasskeyForm(AuthenticateWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A passkey's answer to the challenge of this session."""

    def clean_credential(self) -> Authenticator:
        credential = self.cleaned_data["credential"]
        user: User | None = self.user
        try:
            answer = parse_authentication_response(credential)
            user = user or extract_user_from_response(credential)
            authenticator = complete_authentication(user, credential)
            counter = answer.response.authenticator_data.counter
            if not actions.use_passkey(authenticator, counter=counter):
                raise ValidationError(WRONG_PASSKEY)
        except (ValidationError, ValueError, TypeError, KeyError, AttributeError) as error:
            actions.note_failed_factor(user, kind="passkey")
            raise ValidationError(WRONG_PASSKEY, code="wrong") from error
        return authenticator


class ReauthenticatePasskeyForm(PasskeyForm):
    """The same, in a session that goes on."""

    reauthenticated = True


class LoginPasskeyForm(PasskeyForm):
    """The same, of somebody who has not said who she is: the passkey says it."""

    passwordless = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=None, **kwargs)


class AddPasskeyForm(forms.Form):
    """A new passkey, which must have asked its owner for her finger, face or PIN."""

    name = forms.CharField(
        label=_("Name of this passkey"),
        help_text=_("So that you know later which one it is: work phone, blue key."),
        max_length=40,
        required=False,
    )
    credential = forms.JSONField(widget=forms.HiddenInput)

    def clean_credential(self) -> dict[str, Any]:
        credential: dict[str, Any] = self.cleaned_data["credential"]
        try:
            parse_registration_response(credential)
            binding = complete_registration(credential)
        except (ValidationError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise ValidationError(WRONG_PASSKEY, code="wrong") from error
        if not binding.is_user_verified():
            raise ValidationError(WRONG_PASSKEY, code="wrong")
        return credential


class AddAppForm(forms.Form):
    """The first code of an app; the secret waits in the session, sealed."""

    code = code_field()

    def __init__(self, *args: Any, user: User, session: SessionBase, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        stored = session.get(SECRET_SESSION_KEY)
        if not self.is_bound or not stored:
            stored = session[SECRET_SESSION_KEY] = factors.seal_secret(generate_totp_secret())
        self.secret = factors.open_secret(stored)

    def clean_code(self) -> str:
        if not limits.allowed("second_factor", f"new {self.user.pk}"):
            raise ValidationError(TOO_MANY_CODES, code="too_often")
        step = factors.step_of(self.secret, self.cleaned_data["code"])
        if step is None or not factors.use_step(self.user, step):
            raise ValidationError(WRONG_CODE, code="wrong")
        return self.secret
