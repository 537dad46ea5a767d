"""Ages and years of birth: arithmetic, no record."""

from datetime import date

OLDEST = 100


def years_of_band(youngest: int, oldest: int | None, day: date) -> tuple[int, int]:
    """Years of birth of somebody who is of these ages today, on whatever day she was born."""
    last = OLDEST if oldest is None else oldest
    if youngest == last:
        return years_of_age(youngest, day)
    return day.year - last, day.year - youngest - (1 if youngest else 0)


def years_overlap(
    one: tuple[int | None, int | None], other: tuple[int | None, int | None]
) -> bool | None:
    """Whether two can be born in one year, by their first and last; None where it is not known."""
    first, last = one
    other_first, other_last = other
    if first is None or last is None or other_first is None or other_last is None:
        return None
    return first <= other_last and other_first <= last


def years_of_age(age: int, day: date) -> tuple[int, int]:
    """The two years in which somebody of this age can be born."""
    return day.year - age - 1, day.year - age
