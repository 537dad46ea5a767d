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
from screening.actions.change_proposals import (
    may_propose_change,
    propose_change,
    set_aside_proposal,
    take_up_proposal,
)
from screening.actions.circumstances import save_circumstances
from screening.actions.deadlines import receivers_of, remind_of_clocks
from screening.actions.decisions import (
    decide_screening,
    may_decide_screening,
    may_review_screening,
    review_screening,
)
from screening.actions.incidents import (
    close_incident,
    correct_incident,
    may_close_incident,
    may_receive_conduct,
    may_record_incident,
    record_incident,
)
from screening.actions.instrument_drafts import (
    begin_draft,
    begin_instrument,
    change_draft,
    publish_draft,
    review_translation,
)
from screening.actions.instrument_trials import finish_trial, try_draft, try_version
from screening.actions.instruments import (
    may_edit_instrument,
    may_publish_instrument,
    publish_version,
    retire_version,
    switch_instrument,
)
from screening.actions.pressure import mark_pressure
from screening.actions.proposals import may_take_step, take_step
from screening.actions.recording import record_screening
from screening.actions.recordings import (
    add_recording,
    open_recording,
    remove_recording,
    review_recording,
)
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
    "add_recording",
    "answer_alone",
    "begin_draft",
    "begin_instrument",
    "change_draft",
    "close_incident",
    "complete_screening",
    "correct_incident",
    "decide_screening",
    "decline_screening",
    "finish_trial",
    "hand_over_screen",
    "mark_pressure",
    "may_close_incident",
    "may_complete_screening",
    "may_decide_screening",
    "may_edit_instrument",
    "may_hand_over_screen",
    "may_propose_change",
    "may_publish_instrument",
    "may_receive_conduct",
    "may_record_incident",
    "may_review_screening",
    "may_save_section",
    "may_start_screening",
    "may_stop_screening",
    "may_take_step",
    "open_recording",
    "propose_change",
    "publish_draft",
    "publish_version",
    "receivers_of",
    "record_incident",
    "record_screening",
    "remind_of_clocks",
    "remove_recording",
    "resume_screening",
    "retire_version",
    "review_recording",
    "review_screening",
    "review_translation",
    "save_circumstances",
    "save_section",
    "say_limits",
    "set_aside_proposal",
    "set_profile",
    "start_screening",
    "stop_alone",
    "stop_screening",
    "switch_instrument",
    "take_back_screen",
    "take_step",
    "take_up_proposal",
    "try_draft",
    "try_version",
]
