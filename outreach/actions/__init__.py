"""Verbs of outreach: the only code that writes its tables."""

from outreach.actions.sessions import (
    correct_session,
    finish_session,
    log_session,
    save_session,
    start_session,
)
from outreach.actions.trainings import add_attendance, record_training, remove_attendance

__all__ = [
    "add_attendance",
    "correct_session",
    "finish_session",
    "log_session",
    "record_training",
    "remove_attendance",
    "save_session",
    "start_session",
]
