"""Where an act comes from: session, device and address of its request, as keyed hashes."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest

from accounts.addresses import client_address
from vault.keys import KeyRingError, key_provider

LONGEST_DEVICE = 64


def keyed(purpose: str, value: str) -> str:
    """A short keyed hash: equal values can be told, none can be read. "" of nothing.

    "" as well while the key ring is away: what needs no key goes on and is written down.
    """
    if not value:
        return ""
    try:
        return key_provider().blind(purpose, value).hex()[:32]
    except KeyRingError:
        return ""


class Origin:
    """What is known of the request that acts; empty in jobs and commands.

    A hash is made when the first row needs it: many requests write none.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        self.request = request

    @property
    def session(self) -> str:
        """Not kept: signing in gives the session a new key in the middle of a request."""
        session = getattr(self.request, "session", None)
        return "" if session is None else keyed("session", session.session_key or "")

    @cached_property
    def device_id(self) -> str:
        """The random number this browser was given; a new one for a browser without."""
        given = self.request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "") if self.request else ""
        return given[:LONGEST_DEVICE] or secrets.token_urlsafe(24)

    @property
    def is_written(self) -> bool:
        """Whether a row named the device of this request."""
        return "device" in vars(self)

    @cached_property
    def device(self) -> str:
        return keyed("device", self.device_id) if self.request else ""

    @cached_property
    def address(self) -> str:
        return keyed("address", client_address(self.request)) if self.request else ""


origin: ContextVar[Origin] = ContextVar("origin", default=Origin())  # noqa: B039 - it holds nothing


@contextmanager
def coming_from(request: HttpRequest) -> Iterator[Origin]:
    """Acts inside are written down as coming from this request."""
    here = Origin(request)
    token = origin.set(here)
    try:
        yield here
    finally:
        origin.reset(token)
