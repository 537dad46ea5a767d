"""How a file is handed out: as an attachment under a neutral name, in a sandbox, for one reader."""

import re

from django.http import HttpRequest, HttpResponse

from files.models import StoredFile

ONE_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")
HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Accept-Ranges": "bytes",
}


def attachment(request: HttpRequest, stored: StoredFile, content: bytes) -> HttpResponse:
    """The content, or the one part of it that was asked for, after the gate was passed."""
    return as_attachment(request, content, media=stored.media, name=stored.neutral_name)


def as_attachment(request: HttpRequest, content: bytes, *, media: str, name: str) -> HttpResponse:
    """The same for a content that is not kept. `name` is neutral: letters, digits, dash, dot."""
    response = HttpResponse(content, content_type=media, headers=HEADERS)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    asked = ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None or asked[0] == "bytes=-":
        return response
    first, last = _bounds(asked[1], asked[2], len(content))
    if first > last:
        response.status_code, response.content = 416, b""
        response.headers["Content-Range"] = f"bytes */{len(content)}"
        return response
    response.status_code, response.content = 206, content[first : last + 1]
    response.headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    return response


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """First and last byte, both included; "-n" asks for the last n ones (RFC 9110, 14.1.2)."""
    if not first:
        return max(size - int(last), 0), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1
