"""Nouns of screening."""

from screening.models.history import ScreeningHistory
from screening.models.instrument import Instrument, InstrumentVersion
from screening.models.screening import Screening

__all__ = ["Instrument", "InstrumentVersion", "Screening", "ScreeningHistory"]
