"""Who speaks to the API: the same session as on the pages, with its CSRF token."""

from drf_spectacular.authentication import SessionScheme
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request


class SessionWithChallenge(SessionAuthentication):
    """Names a scheme, so that nobody signed in is answered 401 and a lacking right 403."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"


class SessionWithChallengeScheme(SessionScheme):  # type: ignore[no-untyped-call]  # untyped package
    """How the schema tells of it: the session's cookie."""

    target_class = "accounts.authentication.SessionWithChallenge"
