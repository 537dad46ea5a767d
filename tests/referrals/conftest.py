"""The people and rows of the referrals' tests: a sender, a receiver, one case between them."""

from functools import partial

import pytest

from accounts.models import Role
from casework.models import Consent
from referrals import states
from referrals.states import State
from tests import factories

ITEMS = [
    Consent.Item.AGE_BAND,
    Consent.Item.CODE,
    Consent.Item.MESSAGE,
    Consent.Item.NAME,
    Consent.Item.SEX,
]
OF_STATE = {
    State.DRAFT: factories.ReferralFactory,
    State.CONSENT: factories.ReadyReferralFactory,
    State.SENT: factories.SentReferralFactory,
    State.RECEIVED: factories.ReceivedReferralFactory,
    State.NEED_INFORMATION: factories.AskedReferralFactory,
    State.ACCEPTED: factories.AcceptedReferralFactory,
    State.DECLINED: factories.DeclinedReferralFactory,
    State.REDIRECTED: factories.RedirectedReferralFactory,
    State.STARTED: factories.StartedReferralFactory,
    State.DELIVERED: factories.DeliveredReferralFactory,
    State.NO_SHOW: factories.NoShowReferralFactory,
    **{state: partial(factories.LostReferralFactory, state=state) for state in states.LOST},
    State.RECALLED: factories.RecalledReferralFactory,
    State.CLOSED: factories.ClosedReferralFactory,
}


@pytest.fixture
def person(caseworker, team):
    """Of age: her own answer is enough."""
    return factories.GrownUpFactory(team=team, registered_by=caseworker)


@pytest.fixture
def service(partner):
    """A service of the partner's institution."""
    return factories.ServiceFactory(organization=partner.organization, name_en="Formal help")


@pytest.fixture
def elsewhere(db):
    """Somebody of another institution that receives referrals too."""
    return factories.UserFactory(
        name="Elsa Where", organization=factories.OrganizationFactory(), role=Role.Code.PARTNER
    )


@pytest.fixture
def consent(case, service):
    """Consent to share code, age band, sex, message and name with the partner."""
    return factories.ReferralConsentFactory(
        case=case, organization=service.organization, items=ITEMS
    )


@pytest.fixture
def named(case):
    """The client with a name, told by nobody but the sheet."""
    return factories.PersonIdentityFactory(person=case.person, name="Zarmina Testowa")


@pytest.fixture
def draft(case, service, consent, named):
    """Ready to send."""
    return factories.ReferralFactory(
        case=case, service=service, consent=consent, items=ITEMS, message="A bed for tonight."
    )


@pytest.fixture
def make(case, service, consent, named):
    """`make(factories.AcceptedReferralFactory)`: a referral of the case to the partner."""

    def of(factory, **fields):
        given = {"case": case, "service": service, "consent": consent, "items": ITEMS}
        return factory(**{**given, "message": "A bed for tonight.", **fields})

    return of


@pytest.fixture
def sent(make):
    return make(factories.SentReferralFactory)


@pytest.fixture
def one_of_each(make):
    """{state: a referral of the case in that state}."""
    return {state: make(factory) for state, factory in OF_STATE.items()}
