"""What a draft is ready for follows from what is agreed; above it stand three reasons only."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts.levels import Level
from casework.actions import withdraw_consent
from casework.models import CaseEvent
from referrals import actions
from referrals.disclosure import Stage, disclosed_sheet, stage_of
from referrals.models import Referral
from referrals.states import State
from tests import factories
from tests.referrals.conftest import ITEMS

NOTE = "Bleeding, and nobody who could be asked"


@pytest.fixture
def lead(coordinator, case):
    """A coordinator who may read the story of the case."""
    factories.CaseAccessFactory(content_object=case, user=coordinator, level=Level.NARRATIVE)
    return coordinator


@pytest.fixture
def unasked(case, service, named):
    """A draft about which nobody was asked."""
    return factories.ReferralFactory(
        case=case, service=service, items=ITEMS, message="A bed for tonight."
    )


def override(referral, actor, **changed):
    asked = {"override": "danger_to_life", "override_note": NOTE, **changed}
    return actions.override_consent(referral, **asked, actor=actor)


def again(referral):
    return Referral.objects.with_sheet().get(pk=referral.pk)


def test_a_draft_is_ready_when_all_that_is_ticked_is_agreed_to(case, service, consent, caseworker):
    drafted = actions.draft_referral(case, service=service, items=ITEMS, actor=caseworker)
    emptied = actions.change_referral(
        drafted, urgency="normal", items=[], message="", actor=caseworker
    )

    assert (drafted.steps.count(), again(emptied).state) == (2, State.DRAFT)
    assert list(drafted.steps.order_by("at").values_list("verb", flat=True)) == [
        "consent", "revise",
    ]  # fmt: skip


def test_an_answer_taken_back_puts_it_into_preparation_again(make, consent, caseworker):
    ready = make(factories.ReadyReferralFactory)
    withdraw_consent(consent, actor=caseworker)

    actions.revise_referrals_of_consent(consent.pk)
    actions.revise_referrals_of_consent(consent.pk)

    assert (again(ready).state, ready.steps.count()) == (State.DRAFT, 1)


def test_for_a_graver_reason_it_leaves_without_consent(unasked, lead, caseworker, partner):
    override(unasked, lead)

    sent = actions.send_referral(unasked, actor=caseworker)

    found = Referral.objects.open_to_partner(partner).with_agreed().get()
    assert (sent.consent, sent.override, sent.overridden_by) == (None, "danger_to_life", lead)
    assert (found, stage_of(again(sent))) == (sent, Stage.BEFORE_ANSWER)
    assert set(disclosed_sheet(again(sent), Stage.AFTER_ACCEPTANCE).shown) == set(ITEMS)
    assert CaseEvent.objects.filter(code="referral_overridden").count() == 1


@pytest.mark.parametrize(
    "changed",
    [{"override": ""}, {"override": "curiosity"}, {"override": "best_interests"},
     {"override_note": "  "}],
)  # fmt: skip
def test_a_reason_is_one_of_the_list_with_its_facts(unasked, lead, changed):
    with pytest.raises(ValidationError):
        override(unasked, lead, **changed)

    assert again(unasked).override == ""


def test_above_a_consent_in_force_stands_nothing(draft, lead):
    with pytest.raises(ValidationError):
        override(draft, lead)


@pytest.mark.parametrize("who", ["caseworker", "coordinator", "stranger", "partner", "admin"])
def test_only_who_has_the_right_and_reads_the_story_decides(unasked, who, request):
    with pytest.raises(PermissionDenied):
        override(unasked, request.getfixturevalue(who))

    assert again(unasked).override == ""


def test_another_service_is_another_decision(unasked, lead, caseworker):
    override(unasked, lead)

    moved = actions.choose_service(
        again(unasked), service=factories.ServiceFactory(), actor=caseworker
    )

    assert (moved.override, moved.state) == ("", State.DRAFT)


def test_somebody_else_looks_at_it_afterwards_once(unasked, lead, caseworker, team):
    sent = actions.send_referral(override(unasked, lead), actor=caseworker)
    other = factories.UserFactory(organization=team.organization, role="coordinator")

    with pytest.raises(PermissionDenied):
        actions.review_override(sent, override_review="right", actor=lead)
    looked = actions.review_override(sent, override_review="wrong", actor=other)

    assert (looked.override_review, looked.override_reviewed_by) == ("wrong", other)
    with pytest.raises(ValidationError):
        actions.review_override(sent, override_review="right", actor=other)


def test_database_keeps_the_second_pair_of_eyes(unasked, lead):
    override(unasked, lead)

    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.filter(pk=unasked.pk).update(
            override_review="right", override_reviewed_by=lead
        )


def test_only_what_is_over_is_continued_elsewhere(make, case, service, caseworker):
    refused, open_one = make(factories.DeclinedReferralFactory), make(factories.SentReferralFactory)

    follows = actions.draft_referral(case, service=service, previous=refused, actor=caseworker)

    assert follows.previous == refused
    with pytest.raises(ValidationError):
        actions.draft_referral(case, service=service, previous=open_one, actor=caseworker)
