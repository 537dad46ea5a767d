"""How long a session lasts: by what its owner may do, from the settings."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import Session

# How long before its end a session says so on every page.
WARNING_SECONDS = 15 * 60


def scaled(seconds: float) -> float:
    """Seconds on the clock of this installation; only a test installation has a faster one."""
    return seconds / settings.CLOCK_FACTOR


def idle_seconds(roles: Collection[str]) -> int:
    """After how long without a touch the session waits for its owner; the strictest role counts."""
    return _shortest(settings.SESSION_IDLE_SECONDS, roles)


def absolute_time(roles: Collection[str]) -> timedelta:
    """After how long a session is over, whatever was done in it."""
    return timedelta(seconds=_shortest(settings.SESSION_ABSOLUTE_SECONDS, roles))


def unfinished_time() -> timedelta:
    """How long a session may last in which nobody is signed in yet."""
    return timedelta(seconds=scaled(settings.SESSION_UNFINISHED_SECONDS))


def draft_time() -> timedelta:
    """How long a form that met a closed door is kept."""
    return timedelta(seconds=scaled(settings.DRAFT_SECONDS))


def touch_time(idle: int) -> timedelta:
    """How old the note of the last touch may get before it is written anew."""
    return timedelta(seconds=min(scaled(settings.SESSION_TOUCH_SECONDS), idle / 10))


def lock_times(row: Session | None) -> dict[str, Any]:
    """What a page is told of its session: where to lock it, and seconds until it hides or ends."""
    if row is None:
        return {}
    left = (row.ends_at - timezone.now()).total_seconds()
    return {
        "session_ends_at": row.ends_at,
        "is_ending": left <= scaled(WARNING_SECONDS),
        "lock_url": reverse("accounts:lock"),
        "lock_times": {
            "blank": scaled(settings.SCREEN_BLANK_SECONDS),
            "touch": row.idle_seconds / 6,
            "ends": max(0, round(left, 1)),
            "warning": scaled(WARNING_SECONDS),
        },
    }


def _shortest(by_role: Mapping[str, int], roles: Collection[str]) -> int:
    times = [by_role[role] for role in roles if role in by_role]
    return max(1, round(scaled(min([by_role[""], *times]))))
