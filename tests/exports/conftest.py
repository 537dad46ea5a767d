"""A strongroom of the test's own, and somebody of the same team who may agree."""

import pytest

from accounts.models import Role
from casework.models import Consent
from tests import factories
from tests.files.shelves import own_shelf


@pytest.fixture
def person(caseworker, team):
    """Of age: her own answer is enough."""
    return factories.GrownUpFactory(team=team, registered_by=caseworker)


@pytest.fixture(autouse=True)
def shelf(settings, tmp_path):
    return own_shelf(settings, tmp_path)


@pytest.fixture
def receiver(db):
    """An organization that the person of the case agreed to."""
    return factories.OrganizationFactory(name_en="Receiving clinic")


@pytest.fixture
def consent(case, receiver):
    return factories.ConsentFactory(
        case=case,
        purpose=Consent.Purpose.REFERRAL,
        organization=receiver,
        items=["code", "age_band", "name"],
    )


@pytest.fixture
def elsewhere(house):
    """A coordinator of another hub of the same organization."""
    other = factories.TeamFactory(name="Hub 2", organization=house)
    return factories.UserFactory(
        name="Elle Sewhere", organization=house, teams=[other], role=Role.Code.COORDINATOR
    )
