"""Which rows of screening keep their earlier versions."""

from accounts.models.history import keep_history
from screening.models.incident import Incident
from screening.models.screening import Screening

IncidentHistory = keep_history(Incident, exclude=["clock_told_until"])
ScreeningHistory = keep_history(Screening)
