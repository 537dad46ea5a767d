"""The API of outreach."""

from typing import Any

ROUTES: list[tuple[str, Any, str]] = []
