"""Screenings, one factory a state."""

from datetime import date, timedelta
from uuid import uuid4

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from files.kinds import Media
from screening import drafting
from screening.models import (
    ChangeProposal,
    Incident,
    Instrument,
    InstrumentDraft,
    InstrumentSwitch,
    InstrumentTrial,
    InstrumentVersion,
    Recording,
    Screening,
)
from tests.factories import (
    AssignedCaseFactory,
    HouseFactory,
    OrganizationFactory,
    UserFactory,
    make_key,
)
from tests.files.factories import stored
from tests.files.samples import opus

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
    language_id = "fa"
    started_by = factory.SelfAttribute("case.owner")
    limits_said_by = factory.SelfAttribute("started_by")
    limits_said_at = factory.LazyFunction(timezone.now)
    limits_text = "adult-1"


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


class IncidentFactory(DjangoModelFactory):
    """Rape two days ago, a little before the hour; who did it is not known."""

    class Meta:
        model = Incident

    case = factory.SubFactory(AssignedCaseFactory)
    organization = factory.SelfAttribute("case.organization")
    data_key = factory.SelfAttribute("case.data_key")
    first_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=2))
    facts = factory.Dict({"asked": factory.Dict({"rape": "yes"})})
    recorded_by = factory.SelfAttribute("case.owner")


class ConductReportFactory(IncidentFactory):
    """Somebody who gives aid did it: a report on conduct."""

    facts = factory.Dict({"relation": "service_provider"})
    conduct_by = factory.SelfAttribute("case.owner")


class ClosedIncidentFactory(IncidentFactory):
    state = Incident.State.CLOSED
    closing_reason = Incident.ClosingReason.CARED_FOR
    closed_by = factory.SelfAttribute("case.owner")
    closed_at = factory.LazyFunction(timezone.now)


class InstrumentFactory(DjangoModelFactory):
    class Meta:
        model = Instrument

    code = factory.Sequence("own_{}".format)


def smallest(version):
    return drafting.empty(
        version.instrument.code, "Own questions", owner="Us", today=date(2026, 1, 1)
    )


class HouseVersionFactory(DjangoModelFactory):
    """A version that a house published itself."""

    class Meta:
        model = InstrumentVersion

    instrument = factory.SubFactory(InstrumentFactory)
    organization = factory.SubFactory(OrganizationFactory)
    version = "1.0"
    definition = factory.LazyAttribute(smallest)
    content_hash = "0" * 64
    valid_from = date(2026, 1, 1)


class InstrumentDraftFactory(DjangoModelFactory):
    """A draft that its writer began from the version in use."""

    class Meta:
        model = InstrumentDraft

    instrument = factory.SubFactory(InstrumentFactory)
    organization = factory.SubFactory(OrganizationFactory)
    based_on = factory.SubFactory(
        HouseVersionFactory,
        instrument=factory.SelfAttribute("..instrument"),
        organization=factory.SelfAttribute("..organization"),
    )
    definition = factory.LazyAttribute(smallest)
    begun_by = factory.SubFactory(UserFactory, organization=factory.SelfAttribute("..organization"))
    saved_by = factory.SelfAttribute("begun_by")


class InstrumentSwitchFactory(DjangoModelFactory):
    class Meta:
        model = InstrumentSwitch

    instrument = factory.SubFactory(InstrumentFactory)
    organization = factory.SubFactory(OrganizationFactory)
    is_on = False
    changed_by = factory.SubFactory(
        UserFactory, organization=factory.SelfAttribute("..organization")
    )


class InstrumentTrialFactory(DjangoModelFactory):
    """Asked for, not counted yet."""

    class Meta:
        model = InstrumentTrial

    organization = factory.SubFactory(OrganizationFactory)
    draft = factory.SubFactory(
        InstrumentDraftFactory, organization=factory.SelfAttribute("..organization")
    )
    instrument = factory.SelfAttribute("draft.instrument")
    draft_version = 1
    asked_by = factory.SelfAttribute("draft.begun_by")


class ChangeProposalFactory(DjangoModelFactory):
    """Somebody proposed it, nobody settled it: a sign that never held for forty people."""

    class Meta:
        model = ChangeProposal

    organization = factory.SubFactory(OrganizationFactory)
    instrument = factory.SelfAttribute("version.instrument")
    reason = ChangeProposal.Reason.NEVER
    indicator = factory.Sequence("OWN-{:02}".format)
    asked = 40
    yes = 0
    starts_on = date(2026, 7, 1)
    ends_before = date(2026, 10, 1)
    proposed_by = factory.SubFactory(
        UserFactory, organization=factory.SelfAttribute("..organization")
    )

    class Params:
        version = factory.SubFactory(
            HouseVersionFactory, organization=factory.SelfAttribute("..organization")
        )


class RecordingFactory(DjangoModelFactory):
    """A question read aloud, ready, heard by nobody yet."""

    class Meta:
        model = Recording

    id = factory.LazyFunction(uuid4)
    organization = factory.SubFactory(HouseFactory)
    instrument_version = factory.LazyFunction(
        lambda: InstrumentVersion.objects.in_force().get(instrument__code="thb")
    )
    indicator = "ILO-CD-01"
    language_id = "en"
    data_key = factory.LazyAttribute(lambda row: make_key(row.id))
    added_by = factory.SubFactory(UserFactory, organization=factory.SelfAttribute("..organization"))
    stored_file = factory.LazyAttribute(
        lambda row: stored(row.data_key, row.added_by, opus(), Media.OPUS)
    )
