"""What a person may type about outreach and trainings."""

from outreach.forms.sessions import CorrectionForm, SessionForm, StartSessionForm
from outreach.forms.trainings import AttendanceForm, TrainingForm

__all__ = [
    "AttendanceForm",
    "CorrectionForm",
    "SessionForm",
    "StartSessionForm",
    "TrainingForm",
]
