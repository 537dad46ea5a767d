"""Years as retention counts them: a full year is over on the same day, or the day after it."""

import calendar
from datetime import date


def after_years(day: date, years: int) -> date:
    """The same day so many years later; the 29th of February becomes the 1st of March.

    Nothing goes a day too early: from the 29th, a full year is over when the 28th is.
    """
    year = day.year + years
    if (day.month, day.day) == (2, 29) and not calendar.isleap(year):
        return date(year, 3, 1)
    return day.replace(year=year)
