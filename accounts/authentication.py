"""Who speaks to the API: the session of the pages with its CSRF token, or a machine's own key."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.authentication import SessionScheme, TokenScheme
from knox.auth import TokenAuthentication
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts import limits
from accounts.actions.entrances import is_confidentiality_over
from accounts.addresses import client_address
from accounts.levels import Level
from accounts.models import ApiToken, User
from accounts.scope import identify

if TYPE_CHECKING:  # it reads the settings that name the classes of this module
    from rest_framework.views import APIView

PREFIX = "/api/v1/"
READING = {"GET", "HEAD", "OPTIONS"}


class SessionWithChallenge(SessionAuthentication):
    """Names a scheme, so that nobody signed in is answered 401 and a lacking right 403."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"


class MachineToken(TokenAuthentication):
    """A token in force, from an address it may come from; its account sees what is operational."""

    keyword = "Token"  # what the schema says of the header

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        found: tuple[User, ApiToken] | None = super().authenticate(request)
        if found is None:
            return None
        user, token = found
        if not token.may_come_from(client_address(request)):
            raise AuthenticationFailed(_("Invalid token."))
        user.highest_level = Level.OPERATIONAL
        identify(user)
        _mark_used(token, timezone.localdate())
        return user, token

    def validate_user(self, auth_token: ApiToken) -> tuple[User, ApiToken]:
        """Raises AuthenticationFailed in the same words whatever is wrong with the account."""
        user = auth_token.user
        if not auth_token.is_in_force or user.has_left or is_confidentiality_over(user):
            raise AuthenticationFailed(_("Invalid token."))
        return auth_token.user, auth_token

    def _cleanup_token(self, auth_token: ApiToken) -> bool:
        """Ended tokens stay as rows: an administrator sees what there was."""
        return False


def _mark_used(token: ApiToken, today: date) -> None:
    """Once a day: when a token was used last tells which ones nobody needs."""
    if token.last_used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)


class WithinScope(BasePermission):
    """A session may do what its user may; a token only what it names."""

    message = _("This token does not open this.")
    code = "scope"

    def has_permission(self, request: Request, view: "APIView") -> bool:
        token: Any = request.auth
        if not isinstance(token, ApiToken):
            return True
        resource = request.path_info.removeprefix(PREFIX).partition("/")[0]
        return token.allows(resource, writes=request.method not in READING)


class ApiThrottle(BaseThrottle):
    """So many requests a minute for one account, counted in the database."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        user = request.user
        return not isinstance(user, User) or limits.allowed("api", str(user.pk))

    def wait(self) -> float:
        return 60.0


class SessionWithChallengeScheme(SessionScheme):  # type: ignore[no-untyped-call]  # untyped package
    """How the schema tells of it: the session's cookie."""

    target_class = "accounts.authentication.SessionWithChallenge"


class MachineTokenScheme(TokenScheme):  # type: ignore[no-untyped-call]  # untyped package
    """How the schema tells of it: `Authorization: Token …`."""

    target_class = "accounts.authentication.MachineToken"
    match_subclasses = True
