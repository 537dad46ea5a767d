"""What happens to every request before and after its view."""

import logging
import time
from collections.abc import Callable
from http import HTTPStatus
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from accounts.logs import request_id
from accounts.scope import acting_as

log = logging.getLogger("casework.requests")

METHODS = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}

GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Gives each request an id that its audit rows and its log line share, and writes that line.

    The line names the route, never the path, the query or the person it is about.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request_id.set(str(uuid4()))
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            match = request.resolver_match
            line = {
                "route": match.view_name if match else "",
                "method": request.method if request.method in METHODS else "",
                "status": response.status_code,
                "ms": round((time.perf_counter() - started) * 1000),
            }
            log.info("request", line)
            return response
        finally:
            request_id.reset(token)


class CookieMiddleware:
    """Leaves out a cookie with a character that no browser sends and the database cannot hold."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.COOKIES = {
            name: value for name, value in request.COOKIES.items() if value.isprintable()
        }
        return self.get_response(request)


class LanguageMiddleware:
    """Speaks the language chosen on this device: the cookie, else the browser's wish."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class PrivateResponseMiddleware:
    """Keeps answers out of every cache, frame and search engine, whoever makes the answer.

    The outermost middleware: what the ones below refuse goes through it as well. Only static
    files, whose names change with what is in them, may be kept.
    """

    headers = {
        "X-Robots-Tag": "noindex, nofollow",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
        "Cross-Origin-Resource-Policy": "same-origin",
    }

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_static = request.path.startswith(f"/{settings.STATIC_URL.lstrip('/')}")
        if not is_static or response.status_code != HTTPStatus.OK:
            response.headers["Cache-Control"] = "no-store"
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        return response


class ScopeMiddleware:
    """Answers each request as its user: the database shows and takes what is hers."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with acting_as(request.user):
            response = self.get_response(request)
        if response.streaming:
            # It would be read after the transaction, when nobody acts any more.
            raise RuntimeError("An answer is made whole before it is sent.")
        return response
