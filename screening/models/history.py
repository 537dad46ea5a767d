"""Which rows of screening keep their earlier versions."""

from accounts.models.history import keep_history
from screening.models.screening import Screening

ScreeningHistory = keep_history(Screening)
