"""Screenings in each of their states."""

import pytest

from screening.models import InstrumentVersion
from tests.screening.factories import (
    CompletedScreeningFactory,
    DecidedScreeningFactory,
    DeclinedScreeningFactory,
    ScreeningFactory,
    StoppedScreeningFactory,
)


@pytest.fixture
def instrument_version(db):
    return InstrumentVersion.objects.in_force().get(instrument__code="thb")


@pytest.fixture
def screening(case):
    """The caseworker's talk with a woman, begun and not finished."""
    return ScreeningFactory(case=case)


@pytest.fixture
def completed(case):
    return CompletedScreeningFactory(case=case)


@pytest.fixture
def decided(case):
    return DecidedScreeningFactory(case=case)


@pytest.fixture
def declined(case):
    return DeclinedScreeningFactory(case=case)


@pytest.fixture
def stopped(case):
    return StoppedScreeningFactory(case=case)
