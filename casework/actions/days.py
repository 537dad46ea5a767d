"""On which days something can have happened."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Nothing recorded here is older; an earlier day is a slip of the keyboard.
EARLIEST = date(2000, 1, 1)


def check_day(field: str, day: date) -> None:
    """Raises ValidationError, on that field, for a day to come or of another century."""
    if day > timezone.localdate():
        raise ValidationError({field: _("This day lies in the future.")})
    if day < EARLIEST:
        raise ValidationError({field: _("This day lies too far back. Look at the year again.")})


def check_moment(moment: datetime) -> None:
    """Raises ValidationError for a moment to come, or of another century."""
    if moment > timezone.now():
        raise ValidationError({"at": _("A visit cannot lie in the future.")})
    check_day("at", timezone.localdate(moment))


def check_not_over(name: str, day: date | None) -> None:
    """Raises ValidationError for an end that lies behind us; no end is no mistake."""
    if day is not None and day < timezone.localdate():
        raise ValidationError({name: _("This day is over. Choose a later one.")})
