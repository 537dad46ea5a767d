"""Verbs of screening: the only code that writes its tables."""

from screening.actions.decisions import decide_screening, may_decide_screening
from screening.actions.incidents import (
    close_incident,
    correct_incident,
    may_close_incident,
    may_receive_conduct,
    may_record_incident,
    receivers_of,
    record_incident,
)
from screening.actions.instruments import publish_version
from screening.actions.screenings import (
    complete_screening,
    decline_screening,
    may_complete_screening,
    may_save_section,
    may_start_screening,
    may_stop_screening,
    record_screening,
    resume_screening,
    save_section,
    set_profile,
    start_screening,
    stop_screening,
)

__all__ = [
    "close_incident",
    "complete_screening",
    "correct_incident",
    "decide_screening",
    "decline_screening",
    "may_close_incident",
    "may_complete_screening",
    "may_decide_screening",
    "may_receive_conduct",
    "may_record_incident",
    "may_save_section",
    "may_start_screening",
    "may_stop_screening",
    "publish_version",
    "receivers_of",
    "record_incident",
    "record_screening",
    "resume_screening",
    "save_section",
    "set_profile",
    "start_screening",
    "stop_screening",
]
