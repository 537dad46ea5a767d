"""Nouns of screening."""

from screening.models.history import IncidentHistory, ScreeningHistory
from screening.models.incident import Incident
from screening.models.instrument import Instrument, InstrumentVersion
from screening.models.screening import Screening

__all__ = [
    "Incident",
    "IncidentHistory",
    "Instrument",
    "InstrumentVersion",
    "Screening",
    "ScreeningHistory",
]
