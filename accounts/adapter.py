"""Our answers to allauth's questions."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts import actions, entrance, factors, limits
from accounts.addresses import client_address
from accounts.models import User
from accounts.passwords import LONGEST
from accounts.stepup import is_fresh

HALF_KEY = "half_sign_in"


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by herself; tries are counted for all processes; left is left."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("The username or the password is wrong."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Who this is; nobody for a wrong password, a closed account, and what is no password.

        A refused try computes no hash; a right password is no try.
        """
        password = credentials.get("password", "")
        if len(password) > LONGEST or "\0" in password:
            return None
        address = client_address(request)
        tried = [("sign_in_address", address)]
        tried.append(("sign_in", f"{credentials.get('username', '').casefold()} {address}"))
        if not all(limits.allowed(name, key) for name, key in tried):
            raise self.validation_error("too_many_login_attempts")
        user: User | None = super().authenticate(request, **credentials)
        if user is None or user.has_left:
            actions.note_failed_sign_in()
            return None
        for name, key in tried:
            limits.take_back(name, key)
        return user

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counted above, before anything else."""

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Note a password whose second step is still to come."""
        if _needs_second_step(request, user):
            request.session[HALF_KEY] = str(actions.begin_second_step(user).pk)
        return None

    def login(self, request: HttpRequest, user: User) -> None:
        """Open the session, unless she left or her confidentiality agreement has run out."""
        if user.has_left:
            raise ImmediateHttpResponse(redirect("account_login"))
        if actions.is_confidentiality_over(user):
            actions.refuse_sign_in(user)
            raise ImmediateHttpResponse(redirect("agreement_over"))
        half = request.session.pop(HALF_KEY, None)
        if _needs_second_step(request, user) and not actions.is_half_open(user, half=half):
            actions.refuse_ended_sign_in(user)
            request.session.flush()
            raise ImmediateHttpResponse(redirect("account_login"))
        super().login(request, user)
        entrance.look_again(request, user)
        actions.finish_sign_in(user, half=half)

    def get_login_stages(self) -> list[str]:
        return ["accounts.single_sign_on.SecondStep"]

    def is_reauthentication_required(self, *, app: str = "") -> bool:
        return not is_fresh(context.request)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The pages say what happened; allauth's own messages are not shown."""


def _needs_second_step(request: HttpRequest, user: User) -> bool:
    """Whether what was given so far is half of a sign-in: she has factors, and it was none."""
    records = get_authentication_records(request, user)
    is_whole = any(record.get("passwordless") for record in records)
    return not is_whole and bool(factors.types_of(user))


class FactorAdapter(DefaultMFAAdapter):
    """Secrets are sealed with the key ring; passkeys are bound to the address in the settings."""

    def encrypt(self, text: str) -> str:
        return factors.seal_secret(text)

    def decrypt(self, encrypted_text: str) -> str:
        return factors.open_secret(encrypted_text)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        host = urlsplit(settings.SITE_URL).hostname
        return {"id": host or context.request.get_host().partition(":")[0], "name": "Casework"}

    def get_totp_label(self, user: User) -> str:
        return user.username

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        return {**super().get_public_key_credential_user_entity(user), "name": user.username}
