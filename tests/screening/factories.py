"""Screenings, one factory a state."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from screening.models import InstrumentVersion, Screening
from tests.factories import AssignedCaseFactory

# An adult's answers that make band B: two strong signs of control.
CONTROLLED = {
    "journey": {"acts": ["transportation"]},
    "control": {"indicators": {"ILO-CD-01": "yes", "ILO-CD-04": "yes", "ILO-CD-05": "unclear"}},
}


class ScreeningFactory(DjangoModelFactory):
    """A talk with an adult that has begun; nothing is answered."""

    class Meta:
        model = Screening

    case = factory.SubFactory(AssignedCaseFactory)
    data_key = factory.SelfAttribute("case.data_key")
    instrument_version = factory.LazyFunction(
        lambda: InstrumentVersion.objects.in_force().get(instrument__code="thb")
    )
    profile = Screening.Profile.ADULT
    profile_basis = Screening.ProfileBasis.PAPERS
    safety = Screening.Safety.SAFE
    limits_explained = True
    language_id = "fa"
    started_by = factory.SelfAttribute("case.owner")


class StoppedScreeningFactory(ScreeningFactory):
    state = Screening.State.STOPPED
    stop_reason = Screening.StopReason.DISTRESS
    answers = CONTROLLED


class DeclinedScreeningFactory(ScreeningFactory):
    state = Screening.State.DECLINED


class CompletedScreeningFactory(ScreeningFactory):
    """Finished, with signs of trafficking; nobody has decided."""

    state = Screening.State.COMPLETED
    answers = CONTROLLED
    band = Screening.Band.B
    completed_at = factory.LazyFunction(timezone.now)
    completed_by = factory.SelfAttribute("case.owner")


class DecidedScreeningFactory(CompletedScreeningFactory):
    decision = Screening.Band.A
    decision_reason = Screening.DecisionReason.OBSERVED
    decided_by = factory.SelfAttribute("case.owner")
    decided_at = factory.LazyFunction(timezone.now)
