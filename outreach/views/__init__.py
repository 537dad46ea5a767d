"""Outreach at the door."""

from outreach.views.sessions import correct, session, sessions, start
from outreach.views.trainings import new_training, remove_attendance, training, trainings

__all__ = [
    "correct",
    "new_training",
    "remove_attendance",
    "session",
    "sessions",
    "start",
    "training",
    "trainings",
]
