"""The world of the security tests: made once for a file of tests, and gone afterwards."""

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from tests.security import matrix
from tests.security.world import build

# Whoever asks at every door asks more often, and for longer, than anybody may.
UNLIMITED = {name: (1_000_000, seconds) for name, (_times, seconds) in settings.LIMITS.items()}


@pytest.fixture(scope="module")
def asker(django_db_setup, django_db_blocker):
    """Everybody and everything, and who asks at the doors."""
    unlimited = override_settings(LIMITS=UNLIMITED, STEP_UP_SECONDS=3600)
    with django_db_blocker.unblock(), transaction.atomic(), unlimited:
        asker = matrix.Asker(build())
        asker.read_what_doors_lead_to()
        yield asker
        transaction.set_rollback(True)
