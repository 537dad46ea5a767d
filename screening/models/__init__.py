"""Nouns of screening."""

from screening.models.change_proposal import ChangeProposal
from screening.models.history import IncidentHistory, ScreeningHistory
from screening.models.incident import Incident
from screening.models.instrument import Instrument, InstrumentSwitch, InstrumentVersion
from screening.models.instrument_draft import InstrumentDraft, InstrumentTrial
from screening.models.recording import Recording
from screening.models.screening import Screening

__all__ = [
    "ChangeProposal",
    "Incident",
    "IncidentHistory",
    "Instrument",
    "InstrumentDraft",
    "InstrumentSwitch",
    "InstrumentTrial",
    "InstrumentVersion",
    "Recording",
    "Screening",
    "ScreeningHistory",
]
