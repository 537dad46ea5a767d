"""Single sign-on with an OpenID Connect provider: off unless the settings name one.

The provider says who somebody is; it makes no account. She is known by the subject it gave her
before, or by an address that it verified and an administrator wrote on exactly one account. Her
second step here stays, unless the settings say which word of the provider stands for one.
"""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.stages import AuthenticateStage
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from requests import PreparedRequest, Response, Session
from requests.exceptions import ConnectionError as RefusedError

from accounts import actions
from accounts.models import User

PROVIDER = "sso"
BY_PROVIDER = "provider"


def is_on() -> bool:
    return bool(settings.SOCIALACCOUNT_PROVIDERS)


def single_sign_on_name() -> str:
    """What the button says; "" while it is off."""
    return str(settings.OIDC_NAME) if is_on() else ""


class AllowedSession(Session):
    """Speaks to the hosts in the settings only, redirects included."""

    def send(self, request: PreparedRequest, **kwargs: Any) -> Response:
        if urlsplit(request.url or "").hostname not in settings.OUTGOING_HOSTS:
            raise RefusedError("This host is not among OUTGOING_HOSTS.")
        return super().send(request, **{**kwargs, "timeout": settings.EMAIL_TIMEOUT})


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # no types
    """Lets in who is known here, and nobody else."""

    def on_authentication_error(
        self, request: HttpRequest, provider: object, **kwargs: Any
    ) -> None:
        """Back to the sign-in page, with words that tell nothing of what went wrong."""
        actions.note_failed_sign_in()
        messages.error(request, _("The other side did not let you in. Try again."))
        raise ImmediateHttpResponse(redirect("account_login"))

    def get_requests_session(self) -> Session:
        return AllowedSession()

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find whose login this is, and note a second factor that the provider asked for."""
        told = sociallogin.account.extra_data
        if not sociallogin.is_existing:
            user = _user_of({**told.get("id_token", {}), **told.get("userinfo", {})})
            if user is None:
                actions.note_failed_sign_in()
                messages.error(request, _("Nobody here is known by this login."))
                raise ImmediateHttpResponse(redirect("account_login"))
            sociallogin.connect(request, user)
        if _proved_twice(told.get("id_token", {})):
            record_authentication(request, sociallogin.user, "mfa", type=BY_PROVIDER)


class SecondStep(AuthenticateStage):  # type: ignore[misc]  # allauth has no types
    """The second step, unless the provider asked for one and the settings count it."""

    def _should_handle(self, request: HttpRequest) -> bool:
        if proved_by_provider(request, self.login.user):
            return False
        needed: bool = super()._should_handle(request)
        return needed


def proved_by_provider(request: HttpRequest, user: User) -> bool:
    records = get_authentication_records(request, user)
    return any(record.get("type") == BY_PROVIDER for record in records)


def _user_of(claims: dict[str, Any]) -> User | None:
    address = claims.get("email")
    if not address or claims.get("email_verified") is not True:
        return None
    found = list(User.objects.filter(email__iexact=address)[:2])
    return found[0] if len(found) == 1 and not found[0].has_left else None


def _proved_twice(id_token: dict[str, Any]) -> bool:
    """Whether the provider's own words say so, and the settings take them for it."""
    words = {id_token.get("acr"), *(id_token.get("amr") or [])}
    return not words.isdisjoint(settings.OIDC_SECOND_FACTOR_WORDS)
