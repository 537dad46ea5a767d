"""Dates of birth as people tell them: Gregorian or Solar Hijri, whole or in part, in any digits.

Afghans and Iranians count years by the sun from the Hijra: 1387 is 2008/09. What was told is kept
in the form of ISO 8601-2 (EDTF): `2008-10-08`, `2008-03-20~` for a day that stands for about then,
`2008-03-20/2009-03-20` for some day of a span.
"""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from persiantools.jdatetime import JalaliDate

OLDEST = 1900
# The years in which somebody alive can be born, by each calendar's own count.
SOLAR_YEARS = range(1278, 1500)
PARTS = re.compile(r"\d+")
# The last three are the Arabic comma, date separator and decimal separator.
SIGNS = re.compile(r"[\d\s./\-,\u060C\u060D\u066B]*")
MONTHS = 12
WHOLE, DAY = 3, 2
DAYS_OF_LEAP_ESFAND = 30


class Calendar(models.TextChoices):
    GREGORIAN = "gregorian", _("Gregorian")
    SOLAR_HIJRI = "solar_hijri", _("Solar Hijri")


@dataclass(frozen=True)
class Born:
    """What is known of a birthday: the first and the last day it can have been."""

    first: date
    last: date
    is_about: bool = False

    @property
    def is_day(self) -> bool:
        return self.first == self.last

    @property
    def may_stand_for_a_year(self) -> bool:
        """The first of a year is what offices write when nobody knows the day."""
        solar = _solar_of(self.first)
        firsts = {(self.first.month, self.first.day), (solar.month, solar.day)}
        return self.is_day and (1, 1) in firsts

    @property
    def years(self) -> tuple[int, int]:
        """Years of birth for the person: a day that is not sure may lie in the year beside it."""
        if self.is_day and self.is_about:
            solar = _solar_of(self.first)
            if (solar.month, solar.day) == (1, 1):
                return self.first.year, self.first.year + 1
        return self.first.year, self.last.year

    @property
    def edtf(self) -> str:
        if not self.is_day:
            return f"{self.first:%Y-%m-%d}/{self.last:%Y-%m-%d}"
        return f"{self.first:%Y-%m-%d}{'~' if self.is_about else ''}"


def read_birth(typed: str, calendar: str = "", *, today: date) -> Born:
    """What somebody typed as a day, a month or a year of birth; `calendar` "" goes by the year.

    Raises ValidationError with a sentence that says what does not fit.
    """
    numbers = _numbers(typed)
    year, rest = _year_first(numbers)
    kind = Calendar(calendar) if calendar else _calendar_of(year, today)
    born = _solar(year, rest) if kind == Calendar.SOLAR_HIJRI else _gregorian(year, rest)
    if born.first > today:
        raise ValidationError(_("Nobody is born on a day to come."), code="future")
    if born.first.year < OLDEST:
        raise ValidationError(_("This year of birth lies too far back."), code="too_old")
    return born


def latin(typed: str) -> str:
    """The same with digits of this script, whatever script they were typed in."""
    return "".join(str(unicodedata.decimal(s)) if s.isdecimal() else s for s in typed)


def _numbers(typed: str) -> list[str]:
    plain = latin(unicodedata.normalize("NFKC", typed)).strip()
    # Signs that turn the direction of a line come along when somebody copies.
    plain = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
    found = PARTS.findall(plain)
    if not SIGNS.fullmatch(plain) or not 1 <= len(found) <= WHOLE:
        raise ValidationError(
            _("Write a day, a month or a year in numbers, such as 17.7.1387 or 2008."),
            code="unreadable",
        )
    return found


def _year_first(numbers: list[str]) -> tuple[int, list[int]]:
    """The year, and what is known of it from the larger to the smaller: [], [month], [m, day]."""
    places = [place for place, number in enumerate(numbers) if len(number) == len("2008")]
    if places not in ([0], [len(numbers) - 1]):
        raise ValidationError(_("Write the year with four digits."), code="year")
    ordered = numbers if places == [0] else numbers[::-1]
    return int(ordered[0]), [int(number) for number in ordered[1:]]


def _calendar_of(year: int, today: date) -> Calendar:
    this_year = _solar_of(today).year
    if year in SOLAR_YEARS:
        # A count by the moon runs faster: it is some forty years ahead.
        if year > this_year:
            raise ValidationError(
                _("This looks like a year of the lunar Islamic calendar. Ask for another one."),
                code="lunar",
            )
        return Calendar.SOLAR_HIJRI
    return Calendar.GREGORIAN


def _solar(year: int, rest: list[int]) -> Born:
    if year not in SOLAR_YEARS:
        raise ValidationError(
            _("A year of birth in the Solar Hijri calendar lies between 1278 and today."),
            code="year",
        )
    month = _month(rest)
    if month is None:
        last = JalaliDate.days_in_month(MONTHS, year)
        return _span(_solar_day(year, 1, 1), _solar_day(year, MONTHS, last))
    days = JalaliDate.days_in_month(month, year)
    if len(rest) < DAY:
        return _span(_solar_day(year, month, 1), _solar_day(year, month, days))
    if month == MONTHS and rest[1] == days + 1 and days < DAYS_OF_LEAP_ESFAND:
        raise ValidationError(
            _("Esfand %(year)d (Hut) had 29 days only: that was no leap year."),
            code="no_such_day",
            params={"year": year},
        )
    day = _solar_day(year, month, _day(rest[1], days))
    return _span(day, day)


def _solar_of(day: date) -> JalaliDate:
    return JalaliDate(day)  # type: ignore[no-untyped-call]  # its constructor alone has no types


def _solar_day(year: int, month: int, day: int) -> JalaliDate:
    return JalaliDate(year, month, day)  # type: ignore[no-untyped-call]  # as above


def _gregorian(year: int, rest: list[int]) -> Born:
    if not OLDEST <= year <= date.max.year:
        raise ValidationError(
            _("A year of birth lies between 1900 and today. Look at the year again."), code="year"
        )
    month = _month(rest)
    if month is None:
        return Born(date(year, 1, 1), date(year, MONTHS, 31))
    days = monthrange(year, month)[1]
    if len(rest) < DAY:
        return Born(date(year, month, 1), date(year, month, days))
    day = date(year, month, _day(rest[1], days))
    return Born(day, day)


def _month(rest: list[int]) -> int | None:
    if not rest:
        return None
    if not 1 <= rest[0] <= MONTHS:
        raise ValidationError(_("A year has twelve months. Look at the month again."), code="month")
    return rest[0]


def _day(number: int, days: int) -> int:
    if not 1 <= number <= days:
        raise ValidationError(
            _("This month had %(days)d days. Look at the day again."),
            code="no_such_day",
            params={"days": days},
        )
    return number


def _span(first: JalaliDate, last: JalaliDate) -> Born:
    return Born(first.to_gregorian(), last.to_gregorian())


def read_edtf(written: str) -> Born | None:
    """What was kept; None for what was written otherwise, by whatever way."""
    plain = written.removesuffix("~")
    first, _sep, last = plain.partition("/")
    try:
        return Born(
            date.fromisoformat(first),
            date.fromisoformat(last or first),
            is_about=written.endswith("~"),
        )
    except ValueError:
        return None


def in_both(born: Born) -> tuple[str, str]:
    """The same in the Gregorian and in the Solar Hijri calendar, in numbers."""
    first, last = born.first, born.last
    is_year = (first.month, first.day, last.month, last.day) == (1, 1, MONTHS, 31)
    gregorian = str(first.year) if is_year and first.year == last.year else ""
    begin, end = _solar_of(first), _solar_of(last)
    is_year = (begin.month, begin.day) == (1, 1) and _ends_year(end)
    solar = str(begin.year) if is_year and begin.year == end.year else ""
    return (
        gregorian or _spelled(f"{first:%d.%m.%Y}", f"{last:%d.%m.%Y}"),
        solar or _spelled(_numbers_of(begin), _numbers_of(end)),
    )


def said_birth(written: str) -> str:
    """What was kept, in words for the page; what was written otherwise stays as it is."""
    born = read_edtf(written)
    if born is None:
        return written
    gregorian, solar = in_both(born)
    told = {"gregorian": gregorian, "solar": solar}
    if born.is_about:
        return gettext("about %(gregorian)s (Solar Hijri %(solar)s)") % told
    return gettext("%(gregorian)s (Solar Hijri %(solar)s)") % told


def _ends_year(day: JalaliDate) -> bool:
    last = JalaliDate.days_in_month(MONTHS, day.year)
    return (day.month, day.day) == (MONTHS, last)


def _numbers_of(day: JalaliDate) -> str:
    return f"{day.day:02d}.{day.month:02d}.{day.year}"


def _spelled(first: str, last: str) -> str:
    return first if first == last else f"{first} – {last}"
