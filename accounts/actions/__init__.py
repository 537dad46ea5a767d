"""Verbs of the ground floor."""

from accounts.actions.first_administrator import make_first_administrator, setup_code
from accounts.actions.operations import perform_once, stale, sweep_outbox
from accounts.actions.preferences import set_theme

__all__ = [
    "make_first_administrator",
    "perform_once",
    "set_theme",
    "setup_code",
    "stale",
    "sweep_outbox",
]
