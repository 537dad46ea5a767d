from datetime import date

import pytest

from casework.ages import years_of_age, years_of_band
from casework.models import Person

DAY = date(2026, 11, 18)
BANDS = [(0, 4), (5, 11), (12, 14), (15, 17), (18, 24), (25, 34), (35, 59), (60, None)]


@pytest.mark.parametrize(("youngest", "oldest"), BANDS)
def test_quick_pick_is_the_band_it_says_on_that_day(youngest, oldest):
    first, last = years_of_band(youngest, oldest, DAY)
    person = Person(birth_year_from=first, birth_year_to=last)

    assert person.ages_on(DAY) == (youngest, 100 if oldest is None else oldest)
    assert youngest <= person.age_on(DAY) <= (oldest or 100)


@pytest.mark.parametrize(("pick", "is_child"), [((15, 17), True), ((18, 24), False)])
def test_quick_pick_of_adults_is_no_child(pick, is_child):
    first, last = years_of_band(*pick, DAY)

    assert Person(birth_year_from=first, birth_year_to=last).may_be_child(DAY) == is_child


def test_band_of_one_year_is_that_age():
    assert years_of_band(17, 17, DAY) == years_of_age(17, DAY) == (2008, 2009)


def test_age_said_is_the_age_counted_with():
    first, last = years_of_age(26, DAY)

    assert Person(birth_year_from=first, birth_year_to=last).age_on(DAY) == 26
