"""The guard at every door: sessions that ended, sessions that wait, and the emergency lock."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import lock
from accounts.actions.sessions import note_device, touch
from accounts.drafts import keep
from accounts.models import Session, User
from accounts.sessions import touch_time

# Sent by whatever asks without a gesture of a person; it keeps no session alive.
BACKGROUND_HEADER = "X-Background"
# Told to the script of a page: the session waits for its owner.
LOCKED_HEADER = "X-Locked"

# Tells a supervisor or writes a log line; shows and changes nothing.
ALWAYS_OPEN = {"healthz", "readyz", "policy_report"}
# The way back into a session that waits.
OPEN_WHEN_WAITING = {
    "account_logout",
    "account_reauthenticate",
    "accounts:lock",
    "accounts:lock_state",
    "accounts:unlock",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "set_language",
}
# The way in for those who open the house again.
OPEN_IN_EMERGENCY = {
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "accounts:emergency",
    "accounts:lift",
    "accounts:lock",
    "accounts:lock_state",
    "accounts:unlock",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "set_language",
}

View = Callable[..., HttpResponse]


class EndingSessionMiddleware(SessionMiddleware):
    """Leads to the sign-in page when a session was ended while it was answering."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except SessionInterrupted:
            request.session.flush()
            ended = refuse(request, "ended", HTTPStatus.UNAUTHORIZED, reverse("account_login"))
            return super().process_response(request, ended)


class GuardMiddleware:
    """Lets a request through to its view, or says why not; a touch keeps the session going."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        before = request.session.get(SESSION_KEY)
        response = self.get_response(request)
        if request.session.get(SESSION_KEY) not in {None, before}:
            _note_device(request)
        return response

    def process_view(
        self, request: HttpRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in ALWAYS_OPEN:
            return None
        if name not in OPEN_IN_EMERGENCY and _is_emergency(request):
            return not_available(request)
        row = row_of_user(request)
        if row is None:
            return None
        now = timezone.now()
        if row.is_locked(now):
            return None if name in OPEN_WHEN_WAITING else _wait(request, row)
        is_touch = BACKGROUND_HEADER not in request.headers
        if is_touch and now - row.last_used_at >= touch_time(row.idle_seconds):
            touch(row, now)
        return None


def _note_device(request: HttpRequest) -> None:
    """Somebody has just signed in: her session gets the words of its device."""
    if isinstance(request.user, User):
        note_device(request.user, request.session, request.headers.get("User-Agent", ""))


def not_available(request: HttpRequest) -> HttpResponse:
    """What everybody is told while everything is locked: nothing."""
    if request.path.startswith("/api/"):
        return _told("not_available", _("Not available."), HTTPStatus.SERVICE_UNAVAILABLE)
    return HttpResponse(
        render_to_string("not_available.html"), status=HTTPStatus.SERVICE_UNAVAILABLE
    )


def _is_emergency(request: HttpRequest) -> bool:
    """Read with the session's row; without a session it is asked."""
    known: bool | None = getattr(request.session, "is_emergency", None)
    return lock.is_on() if known is None else known


def row_of_user(request: HttpRequest) -> Session | None:
    """The session's row when somebody who may still come in is signed in."""
    row: Session | None = getattr(request.session, "row", None)
    return row if row is not None and isinstance(request.user, User) else None


def _wait(request: HttpRequest, row: Session) -> HttpResponse:
    """Ask for the owner; a form that came in is kept for her."""
    asked = {"next": request.get_full_path()}
    if request.method == "POST" and not is_by_script(request):
        asked = {"draft": str(keep(row, request).pk)}
    elif request.method != "GET":
        asked = {}
    target = f"{reverse('accounts:lock')}?{urlencode(asked)}"
    return refuse(request, "locked", HTTPStatus.FORBIDDEN, target)


def is_by_script(request: HttpRequest) -> bool:
    return request.path.startswith("/api/") or "HX-Request" in request.headers


def refuse(
    request: HttpRequest, code: str, status: int, target: str, said: str = ""
) -> HttpResponse:
    """Lead a person to a page; tell a script, which keeps the page it stands on."""
    if not is_by_script(request) and BACKGROUND_HEADER not in request.headers:
        return redirect(target)
    said = said or _("This session is closed. Confirm that it is you.")
    response = _told(code, said, status)
    response.headers[LOCKED_HEADER] = code
    return response


def _told(code: str, detail: str, status: int) -> JsonResponse:
    kind = "authentication" if status == HTTPStatus.UNAUTHORIZED else "permission"
    kind = "server_error" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else kind
    return JsonResponse({"type": kind, "code": code, "detail": detail, "fields": {}}, status=status)
