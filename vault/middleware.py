"""Closes a page whose sealed values cannot be opened; every other page goes on."""

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from vault.keys import KeyRingError, SealError

log = logging.getLogger(__name__)


class KeysMiddleware:
    """Answers 503 when a key is away or a sealed value does not open.

    What the request wrote before was rolled back with it, and nothing is ever stored in the clear
    instead: sealing fails as opening does.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, KeyRingError | SealError):
            return None
        log.error("sealed values cannot be opened: %s", type(error).__name__)
        if request.path.startswith("/api/"):
            detail = _("What is sealed cannot be opened at the moment. Nothing was saved.")
            body = {"type": "server_error", "code": "keys_away", "detail": detail, "fields": {}}
            return JsonResponse(body, status=HTTPStatus.SERVICE_UNAVAILABLE)
        page = render_to_string("503_keys.html")
        return HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE)
