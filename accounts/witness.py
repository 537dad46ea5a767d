"""Sees to it that what a request does is written down, and that a refused one is as well."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.audit import TrailError, record_refusal
from accounts.models import User
from accounts.origin import Origin, coming_from

REFUSED = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
YEAR_SECONDS = 365 * 24 * 60 * 60
UNNAMED = "unnamed"


class WitnessMiddleware:
    """Tells audit rows where they come from; writes down refusals; closes when it cannot write.

    An unknown address is no refusal: only doors that exist are watched, and only signed-in
    people, so that a stranger cannot fill the trail.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with coming_from(request) as here:
            response = self.get_response(request)
            try:
                self._write_refusal(request, response)
            except TrailError:
                response = _closed(request)
            self._name_device(request, response, here)
            return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return _closed(request) if isinstance(error, TrailError) else None

    def _write_refusal(self, request: HttpRequest, response: HttpResponse) -> None:
        match, user = request.resolver_match, request.user
        if match and isinstance(user, User) and response.status_code in REFUSED:
            record_refusal(
                user,
                match.view_name or UNNAMED,
                request.method or "",
                response.status_code,
                match.kwargs,
            )

    def _name_device(self, request: HttpRequest, response: HttpResponse, here: Origin) -> None:
        """Give a browser whose number was written down, and is somebody's, that number to keep."""
        is_named = settings.DEVICE_COOKIE_NAME in request.COOKIES
        if is_named or not here.is_written or not isinstance(request.user, User):
            return
        response.set_cookie(
            settings.DEVICE_COOKIE_NAME,
            here.device_id,
            max_age=YEAR_SECONDS,
            secure=settings.COOKIES_SECURE,
            httponly=True,
            samesite="Lax",
        )


def _closed(request: HttpRequest) -> HttpResponse:
    """Nothing is shown that is not written down."""
    if request.path.startswith("/api/"):
        detail = _("This cannot be written down at the moment, so it is not shown.")
        body = {"type": "server_error", "code": "trail_closed", "detail": detail, "fields": {}}
        return JsonResponse(body, status=HTTPStatus.SERVICE_UNAVAILABLE)
    return HttpResponse(render_to_string("503.html"), status=HTTPStatus.SERVICE_UNAVAILABLE)
