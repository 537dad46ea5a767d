"""The world of the security tests: made once for a file of tests, and gone afterwards."""

import pytest
from django.db import transaction

from tests.conftest import browser_of
from tests.security import matrix
from tests.security.world import build


@pytest.fixture(scope="module")
def asker(django_db_setup, django_db_blocker):
    """Everybody and everything, and who asks at the doors."""
    with django_db_blocker.unblock(), transaction.atomic():
        asker = matrix.Asker(build(), browser_of)
        asker.read_what_doors_lead_to()
        yield asker
        transaction.set_rollback(True)
