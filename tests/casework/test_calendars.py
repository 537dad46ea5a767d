"""Days of birth in two calendars, in any digits, and the sentences for those that cannot be."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from persiantools.jdatetime import JalaliDate

from casework.calendars import Born, Calendar, in_both, latin, read_birth, read_edtf

TODAY = date(2026, 11, 22)


def read(typed, calendar=""):
    return read_birth(typed, calendar, today=TODAY)


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("17.7.1387", date(2008, 10, 8), date(2008, 10, 8)),
        ("1387/07/17", date(2008, 10, 8), date(2008, 10, 8)),
        ("۱۳۸۷/۰۷/۱۷", date(2008, 10, 8), date(2008, 10, 8)),
        ("١٣٨٧-٧-١٧", date(2008, 10, 8), date(2008, 10, 8)),
        ("\u200f۱۷ ۷ ۱۳۸۷\u200f", date(2008, 10, 8), date(2008, 10, 8)),
        ("1387", date(2008, 3, 20), date(2009, 3, 20)),
        ("7/1387", date(2008, 9, 22), date(2008, 10, 21)),
        ("30.12.1399", date(2021, 3, 20), date(2021, 3, 20)),
        ("30.12.1403", date(2025, 3, 20), date(2025, 3, 20)),
        ("2008", date(2008, 1, 1), date(2008, 12, 31)),
        ("2.2008", date(2008, 2, 1), date(2008, 2, 29)),
        ("29.02.2008", date(2008, 2, 29), date(2008, 2, 29)),
        ("2008-10-08", date(2008, 10, 8), date(2008, 10, 8)),
        ("08.10.2008.", date(2008, 10, 8), date(2008, 10, 8)),
    ],
)
def test_what_people_say_is_read(typed, first, last):
    assert read(typed) == Born(first, last)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("30.12.1402", "no_such_day"),
        ("31.07.1387", "no_such_day"),
        ("31.02.1999", "no_such_day"),
        ("29.02.2007", "no_such_day"),
        ("0.5.1999", "no_such_day"),
        ("5.13.1999", "month"),
        ("1387/13/1", "month"),
        ("2027", "future"),
        ("23.11.2026", "future"),
        ("1447", "lunar"),
        ("1850", "year"),
        ("1.2.99", "year"),
        ("87", "year"),
        ("1279-1-1", ""),
        ("yesterday", "unreadable"),
        ("1.2.3.2004", "unreadable"),
        ("", "unreadable"),
        ("م" * 300, "unreadable"),
    ],
)
def test_a_day_that_cannot_be_gets_a_sentence(typed, code):
    if not code:
        assert read(typed).first.year == 1900
        return

    with pytest.raises(ValidationError) as refused:
        read(typed)

    assert refused.value.code == code
    assert refused.value.messages[0].endswith(".")


def test_a_calendar_that_was_chosen_is_kept_to():
    assert read("1387", Calendar.SOLAR_HIJRI).first == date(2008, 3, 20)
    with pytest.raises(ValidationError):
        read("2008", Calendar.SOLAR_HIJRI)
    with pytest.raises(ValidationError):
        read("1387", Calendar.GREGORIAN)


def test_the_first_of_a_year_may_stand_for_all_of_it():
    assert read("1.1.2008").may_stand_for_a_year
    assert read("1/1/1387").may_stand_for_a_year
    assert not read("2.1.2008").may_stand_for_a_year
    assert not read("2008").may_stand_for_a_year


def test_about_the_first_of_a_solar_year_may_be_born_in_either_year():
    born = read("1.1.1387")

    assert born.years == (2008, 2008)
    assert Born(born.first, born.last, is_about=True).years == (2008, 2009)
    assert Born(date(2008, 1, 1), date(2008, 1, 1), is_about=True).years == (2008, 2008)
    assert read("1387").years == (2008, 2009)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("17.7.1387", ("08.10.2008", "17.07.1387")),
        ("1387", ("20.03.2008 – 20.03.2009", "1387")),
        ("2008", ("2008", "11.10.1386 – 11.10.1387")),
    ],
)
def test_both_calendars_are_said(typed, said):
    assert in_both(read(typed)) == said


@given(st.dates(date(1921, 3, 21), TODAY), st.booleans())
def test_what_is_kept_is_read_back(day, is_about):
    born = Born(day, day, is_about=is_about)

    assert read_edtf(born.edtf) == born
    assert read(in_both(born)[0]).first == day
    assert read(in_both(born)[1]).first == day
    assert JalaliDate(day).to_gregorian() == day


def test_what_was_kept_otherwise_is_left_as_it_is():
    assert read_edtf("some day in spring") is None
    assert read_edtf("") is None
    assert latin("۱۲٣ abc") == "123 abc"
