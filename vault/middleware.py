"""Closes a page whose sealed values cannot be opened, or are gone; every other page goes on."""

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from psycopg2.errors import ForeignKeyViolation, InsufficientPrivilege

from vault.keys import KeyGoneError, KeyRingError, SealError

log = logging.getLogger(__name__)

# How PostgreSQL words it when a policy refuses a row.
BY_POLICY = "row-level security policy"


def is_gone(error: Exception) -> bool:
    """Whether a row or its key was erased between the gate and the lock: it does not exist.

    Then a new row would point at nothing, or at what no policy shows any more.
    """
    cause = error.__cause__
    points_at_nothing = isinstance(cause, ForeignKeyViolation) or (
        isinstance(cause, InsufficientPrivilege) and BY_POLICY in str(cause)
    )
    return points_at_nothing or isinstance(error, KeyGoneError | ObjectDoesNotExist)


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
        if is_gone(error):
            raise Http404 from error
        if not isinstance(error, KeyRingError | SealError):
            return None
        log.error("sealed values cannot be opened: %s", type(error).__name__)
        if request.path.startswith("/api/"):
            detail = _("What is sealed cannot be opened at the moment. Nothing was saved.")
            body = {"type": "server_error", "code": "keys_away", "detail": detail, "fields": {}}
            return JsonResponse(body, status=HTTPStatus.SERVICE_UNAVAILABLE)
        page = render_to_string("503_keys.html")
        return HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE)
