"""A screen in somebody else's hands: the session opens the pages it was handed over for only."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.sessions import end_session
from accounts.guard import ALWAYS_OPEN, View, is_by_script, refuse, row_of_user
from accounts.models import Session, User


def handed_over(request: HttpRequest) -> Session | None:
    """The session's row while its screen is in somebody else's hands."""
    row = row_of_user(request)
    return row if row is not None and row.handed_over is not None else None


class HandOverMiddleware:
    """Leads from every other address back to the first page of those that were handed over.

    It stands before the guard: left alone too long, the session ends rather than waits, because
    the page that waits names its owner. What fails says so without the frame of the house.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        row = handed_over(request)
        if row is None or response.status_code < HTTPStatus.BAD_REQUEST:
            return response
        if request.resolver_match is None:
            return _back(request, row)
        if is_by_script(request):
            return response
        page = render_to_string("accounts/handed_over.html", {"home": _home(row)})
        return HttpResponse(page, status=response.status_code)

    def process_view(
        self, request: HttpRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        row = handed_over(request)
        name = request.resolver_match.view_name if request.resolver_match else ""
        if row is None or name in ALWAYS_OPEN:
            return None
        if row.is_locked(timezone.now()):
            return _end(request, row)
        return None if name in (row.handed_over or {})["routes"] else _back(request, row)


def _home(row: Session) -> str:
    home: str = (row.handed_over or {})["home"]
    return home


def _back(request: HttpRequest, row: Session) -> HttpResponse:
    said = _("Not available.")
    return refuse(request, "handed_over", HTTPStatus.FORBIDDEN, _home(row), said)


def _end(request: HttpRequest, row: Session) -> HttpResponse:
    """Nobody touched it for too long: it is over, and the page that follows names nobody."""
    if isinstance(request.user, User):
        end_session(row, actor=request.user)
    request.session.flush()
    said = _("This session is closed.")
    return refuse(request, "ended", HTTPStatus.UNAUTHORIZED, reverse("account_login"), said)
