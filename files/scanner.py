"""The virus scanner: clamd over its own protocol (INSTREAM), by address or socket file."""

import socket
import time

from django.conf import settings

NONE = "none"
PATIENCE_SECONDS = 30
CHUNK = 64 * 1024


class ScannerAwayError(Exception):
    """The scanner does not answer, or not in words we know."""


def is_installed() -> bool:
    """Whether this installation has a scanner; without one files are taken as they were washed."""
    return bool(settings.SCANNER != NONE)


def is_harmless(content: bytes) -> bool:
    """Ask the scanner. Raises ScannerAwayError; silence is no answer."""
    ends_at = time.monotonic() + PATIENCE_SECONDS
    try:
        with _connect() as scanner:
            scanner.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), CHUNK):
                part = content[start : start + CHUNK]
                scanner.settimeout(max(ends_at - time.monotonic(), 0.001))
                scanner.sendall(len(part).to_bytes(4, "big") + part)
            scanner.sendall(bytes(4))
            answer = _answer(scanner, ends_at)
    except OSError as error:
        raise ScannerAwayError from error
    if answer == b"stream: OK":
        return True
    if answer.endswith(b" FOUND"):
        return False
    raise ScannerAwayError


def _connect() -> socket.socket:
    address: str = settings.SCANNER
    if address.startswith("unix:"):
        scanner = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        scanner.settimeout(PATIENCE_SECONDS)
        scanner.connect(address.removeprefix("unix:"))
        return scanner
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE_SECONDS)


def _answer(scanner: socket.socket, ends_at: float) -> bytes:
    said = b""
    while not said.endswith(b"\0"):
        scanner.settimeout(max(ends_at - time.monotonic(), 0.001))
        part = scanner.recv(4096)
        if not part or len(said) > CHUNK:
            raise ScannerAwayError
        said += part
    return said.rstrip(b"\0").strip()
