"""Verbs of screening: the only code that writes its tables."""

from screening.actions.alone import (
    answer_alone,
    hand_over_screen,
    may_hand_over_screen,
    stop_alone,
    take_back_screen,
)
from screening.actions.beginning import (
    may_start_screening,
    resume_screening,
    say_limits,
    set_profile,
    start_screening,
)
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
from screening.actions.pressure import mark_pressure
from screening.actions.recording import record_screening
from screening.actions.screenings import (
    complete_screening,
    decline_screening,
    may_complete_screening,
    may_save_section,
    may_stop_screening,
    save_section,
    stop_screening,
)

__all__ = [
    "answer_alone",
    "close_incident",
    "complete_screening",
    "correct_incident",
    "decide_screening",
    "decline_screening",
    "hand_over_screen",
    "mark_pressure",
    "may_close_incident",
    "may_complete_screening",
    "may_decide_screening",
    "may_hand_over_screen",
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
    "say_limits",
    "set_profile",
    "start_screening",
    "stop_alone",
    "stop_screening",
    "take_back_screen",
]
