"""A walk at random: everybody says anything at any time, and the promises hold at every step.

Each step: a person of any role says a verb. The table decides alone whether it has an effect, an
effect is one, and the receiver never sees a field before its step or after its end.
"""

import random

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from casework.actions import withdraw_consent
from casework.models import CaseEvent, Consent
from referrals import states
from referrals.disclosure import BEFORE_ANSWER, disclosed_sheet, stage_of
from referrals.models import Referral, ReferralStep
from referrals.states import Side, State, Verb
from tests import factories
from tests.referrals.test_actions import SAY

PEOPLE = [
    "caseworker", "partner", "colleague", "stranger", "coordinator", "mobile", "director",
    "elsewhere", "donor", "admin",
]  # fmt: skip
# The two who can change something get half of the turns.
TURNS = PEOPLE + ["caseworker"] * 3 + ["partner"] * 5
SPEAKERS = {"caseworker": Side.SENDER, "partner": Side.RECEIVER}
# Whose word it is follows from who speaks.
EITHER = {Verb.CLOSE, Verb.MESSAGE, Verb.INFORM, Verb.REBOOK, *states.LOSSES}


def step_of(state, said, name):
    """The row of the table that a person's verb would be; None where there is none for her."""
    side, verb = said
    if verb == Verb.REVIEW:
        return states.step_for(state, verb, side) if name == "coordinator" else None
    if name not in SPEAKERS:
        return None
    if verb in EITHER:
        side = SPEAKERS[name]
    if verb in {Verb.MESSAGE, Verb.INFORM}:
        asked = state == State.NEED_INFORMATION and side == Side.SENDER
        verb = Verb.INFORM if asked else Verb.MESSAGE
    return states.step_for(state, verb, side) if SPEAKERS[name] == side else None


def still_open(step, referral, holds):
    """What the table knows is refused all the same: said before, or the consent is gone."""
    if step.verb in states.ONCE:
        field = "reviewed_at" if step.verb == Verb.REVIEW else "deleted_at"
        return getattr(referral, field) is None and (
            step.verb != Verb.DELETED or referral.deletion_asked_at is not None
        )
    return holds or (step.side == Side.SENDER and step.verb != Verb.SEND)


@pytest.fixture
def people(request, db):
    return {name: request.getfixturevalue(name) for name in PEOPLE}


def expected_items(referral, consent_holds):
    agreed = set(referral.items) & set(referral.consent.items)
    if not consent_holds:
        return set()
    if referral.state in states.WAITING:
        return agreed & BEFORE_ANSWER
    return agreed if referral.state in states.IN_PROGRESS else set()


def check_gates(referral, people, consent_holds):
    known = consent_holds and referral.state in states.SHOWN_TO_RECEIVER
    seen = {
        name: Referral.objects.visible_to(user, Side.RECEIVER).filter(pk=referral.pk).exists()
        for name, user in people.items()
    }
    assert seen == {name: known and name == "partner" for name in people}


@pytest.mark.parametrize("seed", range(8))
def test_a_walk_at_random_breaks_no_promise(seed, case, service, people, named):
    chance = random.Random(seed)
    items = sorted(item for item in Consent.Item if chance.random() < 0.7) or ["code"]
    consent = factories.ReferralConsentFactory(
        case=case, organization=service.organization, items=items
    )
    ticked = [item for item in items if chance.random() < 0.8] or items
    referral = factories.ReferralFactory(
        case=case, service=service, consent=consent, items=ticked, message="A bed."
    )
    holds, state, effects = True, State.DRAFT, 0

    for _ in range(60):
        if holds and chance.random() < 0.015:
            withdraw_consent(consent, actor=people["caseworker"])
            CaseEvent.objects.filter(code="consent_withdrawn").delete()
            holds = False
        name, said = chance.choice(TURNS), chance.choice(list(SAY))
        step = step_of(state, said, name)
        allowed = step is not None and still_open(step, referral, holds)
        try:
            SAY[said](referral, actor=people[name])
            happened = True
        except (PermissionDenied, ValidationError):
            happened = False

        referral = Referral.objects.with_sheet().get(pk=referral.pk)
        assert happened == allowed, (name, said, state)
        state, effects = (step.target, effects + 1) if happened else (state, effects)
        assert (referral.state, referral.version) == (state, 1 + effects)
        assert ReferralStep.objects.count() == CaseEvent.objects.count() == effects
        shown = set(disclosed_sheet(referral, stage_of(referral)).shown)
        assert shown == expected_items(referral, holds)
        check_gates(referral, people, holds)
