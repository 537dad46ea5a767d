"""Screenings in each of their states."""

import pytest

from screening.models import Instrument, InstrumentVersion
from tests.screening.alone import DEFINITION, FIRST, hand_over
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


@pytest.fixture
def alone_version(db):
    """An instrument that a client may answer alone, in Arabic as well."""
    return InstrumentVersion.objects.create(
        instrument=Instrument.objects.get(code="thb"),
        version="alone",
        definition=DEFINITION,
        content_hash="0" * 64,
        valid_from="2026-01-01",
    )


@pytest.fixture
def talk(case, alone_version):
    """A talk with the instrument that a client may answer alone."""
    return ScreeningFactory(case=case, instrument_version=alone_version)


@pytest.fixture
def tablet(signed_in, caseworker):
    return signed_in(caseworker)


@pytest.fixture
def held(tablet, talk):
    """The tablet in the client's hands, in Arabic."""
    assert hand_over(tablet, talk).headers["Location"] == FIRST
    return tablet
