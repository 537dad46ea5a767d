"""What it takes to try a version on ten thousand finished screenings, and to assess once."""

import time

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.scope import system
from screening import actions
from screening.answers import AnswerSheet, assess_sheet
from screening.models import InstrumentVersion, Screening
from tests.factories import AssignedCaseFactory, UserFactory
from tests.screening.factories import CONTROLLED, CompletedScreeningFactory
from tests.screening.vectors import THB

pytestmark = [pytest.mark.bench, pytest.mark.django_db]

CASES, EACH = 100, 100


def test_ten_thousand_screenings_are_tried_in_under_a_minute(house, team):
    actor = UserFactory(organization=house, teams=[team], role="coordinator")
    version = InstrumentVersion.objects.in_force().get(instrument__code="thb")
    rows = []
    for _number in range(CASES):
        case = AssignedCaseFactory(organization=house, team=team)
        pattern = CompletedScreeningFactory.build(
            case=case,
            data_key=case.data_key,
            instrument_version=version,
            started_by=actor,
            completed_by=actor,
            completed_at=timezone.now(),
        )
        names = [f.name for f in Screening._meta.concrete_fields if f.name != "id"]
        values = {name: getattr(pattern, name) for name in names}
        rows += [Screening(**values) for _copy in range(EACH)]
    Screening.objects.bulk_create(rows, batch_size=1_000)
    trial = actions.try_version(version, actor=actor)

    begun = time.perf_counter()
    with system("bench"), transaction.atomic():
        actions.finish_trial(trial.pk)
    took = time.perf_counter() - begun

    trial.refresh_from_db()
    print(
        f"{trial.tried} screenings tried in {took:.1f} s, {took / trial.tried * 1000:.2f} ms each"
    )
    assert trial.counts == {"adult": {"B": {"B": CASES * EACH}}}
    assert took < 60


def test_an_assessment_takes_less_than_a_millisecond():
    sheet, rounds = AnswerSheet(CONTROLLED), 500

    begun = time.process_time()
    for _round in range(rounds):
        assess_sheet(THB, sheet, profile="adult", unaccompanied_or_separated=False)
    each = (time.process_time() - begun) / rounds * 1000

    print(f"one assessment: {each:.3f} ms")
    assert each < 1
