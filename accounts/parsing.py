"""Reads what is sent to the API: JSON that a database can keep."""

import json
from collections.abc import Mapping
from math import isfinite
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class PlainJSONParser(JSONParser):
    """Refuses what is JSON by its letter and fails later: a number without end, a text with a
    zero or half a character in it, boxes in boxes without end.
    """

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Raises ParseError."""
        try:
            # In JSON there is one encoding, whatever the header says.
            body = json.loads(stream.read().decode("utf-8"), parse_float=_number)
            # Half a character cannot be encoded; a zero is written as it was sent.
            text = json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
        except (ValueError, RecursionError) as error:
            raise ParseError(_("The JSON that was sent cannot be read.")) from error
        if rb"\u0000" in text.replace(rb"\\", b""):
            raise ParseError(_("The JSON that was sent holds a character that cannot be kept."))
        return body


def _number(text: str) -> float:
    """Raises ValueError for a number that is too large to be one."""
    number = float(text)
    if not isfinite(number):
        raise ValueError
    return number
