"""Nouns of outreach: sessions and what was counted there, trainings and who attended them."""

from outreach.models.session import OutreachLeaflets, OutreachSession, OutreachTally
from outreach.models.training import Professional, Training, TrainingAttendance

__all__ = [
    "OutreachLeaflets",
    "OutreachSession",
    "OutreachTally",
    "Professional",
    "Training",
    "TrainingAttendance",
]
