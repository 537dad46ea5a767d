"""Two people at once in one procedure: one attempt, one finding, one status."""

import pytest
from django.utils import timezone

from accounts.models import Organization
from casework.models import TraffickingStatus
from referrals import actions
from referrals.models import Accompaniment, Identification, ProcedureStep
from tests import factories
from tests.referrals.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_begin_at_once_and_one_attempt_goes_on(case, caseworker):
    center = Organization.objects.get(code="CZZTLJ")

    def begin():
        actions.begin_identification(case, organization=center, at=timezone.now(), actor=caseworker)

    assert sorted(at_once(begin, begin).values()) == ["done", "open"]
    assert (Identification.objects.count(), ProcedureStep.objects.count()) == (1, 1)


def test_two_findings_at_once_are_one_status(case, caseworker):
    attempt = factories.IdentificationFactory(case=case)
    for step in ("suspicion", "report"):
        factories.ProcedureStepFactory(identification=attempt, step=step)

    def find(outcome):
        actions.record_procedure_step(
            attempt,
            step="finding",
            outcome=outcome,
            at=timezone.now(),
            version=1,
            actor=caseworker,
        )

    outcomes = at_once(lambda: find("victim"), lambda: find("not_victim"))

    assert sorted(outcomes.values()) == ["done", "stale"]
    found = ProcedureStep.objects.get(step="finding")
    assert TraffickingStatus.objects.get() == found.status


def test_two_ways_at_once_are_both_counted_and_none_waits_for_ever(case, caseworker):
    def go():
        actions.record_accompaniment(
            case,
            worker=caseworker,
            place="court",
            why="hearing",
            started_at=timezone.now(),
            minutes=5,
            outcome="done",
            actor=caseworker,
        )

    assert at_once(go, go) == {0: "done", 1: "done"}
    assert Accompaniment.objects.exclude(service=None).count() == 2
