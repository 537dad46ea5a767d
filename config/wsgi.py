"""How a web server comes in."""

import os
from typing import Any

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters

from config.startup import refuse_unsafe_start


class Utf8Request(WSGIRequest):
    """A request read as UTF-8, whatever its header says.

    Python knows codecs that are no encodings of text, and a request that names one fails before
    any page or error page is reached.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        found = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        self.content_type, self.content_params = found


class Utf8Handler(WSGIHandler):
    request_class = Utf8Request


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)
application = Utf8Handler()


def serve() -> Utf8Handler:
    """The application, for a server: it serves only what was found safe."""
    refuse_unsafe_start()
    return application
