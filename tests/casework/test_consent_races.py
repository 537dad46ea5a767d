"""Two who write down answers of one person at the same moment."""

import pytest

from casework import actions
from casework.models import Consent
from tests import factories
from tests.casework.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def answer(subject, actor, decision, **facts):
    known = {"purpose": "record", "channel": "spoken", "language": factories.language()}
    return actions.record_consent(subject, decision=decision, actor=actor, **(known | facts))


def test_yes_and_no_at_once_leave_one_that_holds(caseworker, colleague, person):
    at_once(
        lambda: answer(person, caseworker, "given"), lambda: answer(person, colleague, "refused")
    )

    later, earlier = Consent.objects.order_by("-recorded_at")
    assert {later.decision, earlier.decision} == {"given", "refused"}
    assert not earlier.is_in_force
    assert later.is_in_force == later.is_given
