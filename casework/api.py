"""The API of casework."""

from typing import Any

ROUTES: list[tuple[str, Any, str]] = []
