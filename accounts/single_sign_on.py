"""Single sign-on with an OpenID Connect provider: off unless the settings name one.

The provider says who somebody is; it makes no account and finds none by an address. She is known
by the subject that she linked to her account herself, signed in with her own second step. That
step stays, unless the settings say which word of the provider stands for one.
"""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.stages import AuthenticateStage
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from requests import PreparedRequest, Response, Session
from requests.exceptions import ConnectionError as RefusedError

from accounts import actions
from accounts.models import User
from accounts.stepup import BY_PROVIDER, SECOND_FACTOR, is_fresh

PROVIDER = "sso"


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
        """Only who linked this login comes in; note a second factor the provider asked for."""
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            _link(request, sociallogin)
            raise ImmediateHttpResponse(redirect("accounts:security"))
        if not sociallogin.is_existing:
            actions.note_failed_sign_in()
            messages.error(request, _("Nobody here is known by this login."))
            raise ImmediateHttpResponse(redirect("account_login"))
        told = sociallogin.account.extra_data
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


def may_link(request: HttpRequest) -> bool:
    """Whether she is here by a second step of her own, and confirmed it just now."""
    records = get_authentication_records(request, request.user)
    own = (r for r in records if r["method"] == SECOND_FACTOR and r.get("type") != BY_PROVIDER)
    return any(own) and is_fresh(request)


def _link(request: HttpRequest, sociallogin: SocialLogin) -> None:
    if not isinstance(request.user, User) or not may_link(request):
        messages.error(request, _("Nothing was linked. Confirm that it is you and try again."))
        return
    try:
        actions.link_login(sociallogin.account, actor=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("You can sign in this way from now on."))


def _proved_twice(id_token: dict[str, Any]) -> bool:
    """Whether the provider's own words say so, and the settings take them for it."""
    words = {id_token.get("acr"), *(id_token.get("amr") or [])}
    return not words.isdisjoint(settings.OIDC_SECOND_FACTOR_WORDS)
