"""Persons of the directory's tests, each with one role."""

from datetime import date

import pytest

from accounts.models import Role, RoleAssignment, User
from tests.directory.factories import InstitutionFactory


@pytest.fixture
def house(db):
    return InstitutionFactory(code="HOUSE", is_house=True, profile=None)


@pytest.fixture
def person(house):
    """Make a person of the house with a role."""

    def make(role):
        user = User.objects.create_user(f"{role}-1", name="Jelena M.", organization=house)
        RoleAssignment.objects.create(
            user=user, role=Role.objects.get(pk=role), starts_on=date(2026, 1, 1)
        )
        return user

    return make


@pytest.fixture
def caseworker(person):
    return person("caseworker")


@pytest.fixture
def administrator(person):
    return person("administrator")


@pytest.fixture
def donor(person):
    return person("donor")
