"""The people and figures of the reports' tests: a donor of the template, and few people to hide."""

from datetime import date

import pytest

from accounts.models import Organization, Role
from tests import factories
from tests.reports.factories import INSIDE


@pytest.fixture
def funder(db):
    """Somebody of the donor that the template is for."""
    return factories.UserFactory(
        name="Fay Under", organization=Organization.objects.get(code="IRC"), role=Role.Code.DONOR
    )


@pytest.fixture
def elsewhere(db):
    """The coordinator of another organization in the same installation."""
    return factories.UserFactory(name="Elke Where", role=Role.Code.COORDINATOR)


def attend(team, number, **person):
    """So many people of these facts, each at a session of an income activity in the period."""
    for _ in range(number):
        factories.IncomeActivitySessionFactory(
            activity__case=factories.CaseFactory(person__team=team, **_prefixed(person)),
            attended_on=INSIDE,
        )


def _prefixed(facts):
    return {f"person__{name}": value for name, value in facts.items()}


def born(year):
    return {"birth_year_from": year, "birth_year_to": year}


@pytest.fixture
def few_boys(team):
    """IRC-05 counts 24 women from one country, 6 men and 2 boys from two others."""
    attend(team, 24, sex="female", nationality="AF", **born(1995))
    attend(team, 6, sex="male", nationality="SY", **born(1990))
    attend(team, 2, sex="male", nationality="BI", **born(2013))
    return date(2025, 7, 1)
