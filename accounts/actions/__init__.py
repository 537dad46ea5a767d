"""Verbs of the ground floor."""

from accounts.actions.emergency import lift_lock, lock_everything, waits_for_second
from accounts.actions.first_administrator import make_first_administrator, setup_code
from accounts.actions.operations import perform_once, stale, sweep_outbox
from accounts.actions.preferences import set_theme
from accounts.actions.sessions import (
    confirm_session,
    drop_draft,
    end_all_sessions,
    end_other_sessions,
    end_session,
    lock_session,
    sweep_sessions,
    unlock_session,
)

__all__ = [
    "confirm_session",
    "drop_draft",
    "end_all_sessions",
    "end_other_sessions",
    "end_session",
    "lift_lock",
    "lock_everything",
    "lock_session",
    "make_first_administrator",
    "perform_once",
    "set_theme",
    "setup_code",
    "stale",
    "sweep_outbox",
    "sweep_sessions",
    "unlock_session",
    "waits_for_second",
]
