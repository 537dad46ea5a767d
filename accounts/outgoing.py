"""The one door to other machines over HTTP: https, named hosts, no redirects, no proxies.

The name is resolved once and the connection goes to the address that was looked at, so that a
name which changes its mind in between leads nowhere else.
"""

import ipaddress
import socket
import ssl
from collections.abc import Iterable, Mapping
from http.client import HTTPException, HTTPSConnection
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

HTTPS = 443
SECONDS = 10
# Of an answer only the status counts; so much of the rest is read that it is over.
READ_AT_MOST = 10_000


class AwayError(Exception):
    """The other side cannot be had now; trying again later may help."""


class DoubtfulError(AwayError):
    """It broke off in the middle: the other side may have it, or not."""


class ForbiddenError(Exception):
    """This address may not be spoken to."""


def post(
    url: str,
    *,
    body: bytes,
    headers: Mapping[str, str],
    hosts: Iterable[str],
    is_public: bool = False,
) -> int:
    """Post and return the status. `hosts` as in the settings: `name`, `name:port`, `*.name`.

    With `is_public` the host must not lie in a private network, unless the settings name it by
    its number. Raises ForbiddenError, AwayError.
    """
    parts = allowed(url, hosts)
    address = _resolved(parts, is_public=is_public)
    connection = _Connection(parts.hostname or "", parts.port or HTTPS, address)
    path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    try:
        connection.connect()
    except OSError as error:
        raise AwayError(type(error).__name__) from error
    try:
        connection.request("POST", path, body=body, headers=dict(headers))
        answer = connection.getresponse()
        answer.read(READ_AT_MOST)
        return answer.status
    except (OSError, HTTPException) as error:
        raise DoubtfulError(type(error).__name__) from error
    finally:
        connection.close()


def allowed(url: str, hosts: Iterable[str]) -> SplitResult:
    """The parts of an address that may be spoken to. Raises ForbiddenError."""
    try:
        parts = urlsplit(url)
        name, port = (parts.hostname or "").lower(), parts.port or HTTPS
    except ValueError as error:
        raise ForbiddenError("This is no address.") from error
    if parts.scheme != "https" or parts.username is not None or parts.password is not None:
        raise ForbiddenError("Only https, without a login in the address.")
    if not any(_fits(name, port, host) for host in hosts):
        raise ForbiddenError("This host is not among those allowed.")
    return parts


def _fits(name: str, port: int, host: str) -> bool:
    wanted, _colon, number = host.lower().partition(":")
    if port != int(number or HTTPS):
        return False
    if wanted.startswith("*."):
        return name.endswith(wanted[1:]) and len(name) > len(wanted[1:])
    return bool(name) and name == wanted


def _resolved(parts: SplitResult, *, is_public: bool) -> str:
    """The address to connect to. Raises ForbiddenError, AwayError."""
    name = parts.hostname or ""
    try:
        found = socket.getaddrinfo(name, parts.port or HTTPS, type=socket.SOCK_STREAM)
    except OSError as error:
        raise AwayError("name") from error
    addresses = [str(each[4][0]) for each in found]
    # A number in the settings is meant as it stands there.
    is_inside = not all(ipaddress.ip_address(each).is_global for each in addresses)
    if is_public and is_inside and not _is_number(name):
        raise ForbiddenError("This host lies in a private network.")
    return addresses[0]


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


class _Connection(HTTPSConnection):
    """Connects to one address, and asks there for the name's certificate."""

    def __init__(self, name: str, port: int, address: str) -> None:
        self.trust = ssl.create_default_context(cafile=settings.OUTGOING_CA_FILE or None)
        super().__init__(name, port, timeout=SECONDS, context=self.trust)
        self.address = address

    def connect(self) -> None:
        plain = socket.create_connection((self.address, self.port), SECONDS)
        self.sock = self.trust.wrap_socket(plain, server_hostname=self.host)
