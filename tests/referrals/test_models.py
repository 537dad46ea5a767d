from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from casework.actions import withdraw_consent
from casework.models import Consent
from referrals import states
from referrals.models import Referral, ReferralStep
from referrals.states import Side, State
from tests import factories
from tests.referrals.conftest import OF_STATE


def test_numbers_come_from_the_database_one_after_the_other(make):
    first, second = make(factories.ReferralFactory), make(factories.ReferralFactory)

    assert second.number == first.number + 1
    assert str(first) == f"R-{first.number}"


def test_bulk_rows_get_numbers_too(case, service):
    rows = [
        Referral(
            case=case, service=service, organization=service.organization, created_by=case.owner
        )
        for _ in range(3)
    ]

    Referral.objects.bulk_create(rows)

    assert len({row.number for row in rows}) == 3


def test_sender_sees_referrals_of_her_cases_only(sent, caseworker, colleague, stranger):
    factories.SentReferralFactory()

    assert list(Referral.objects.visible_to(caseworker)) == [sent]
    assert list(Referral.objects.visible_to(colleague)) == []
    assert list(Referral.objects.visible_to(stranger)) == []


def test_coordinator_sees_the_referrals_of_her_organization(sent, coordinator):
    factories.SentReferralFactory()

    assert list(Referral.objects.visible_to(coordinator)) == [sent]


def test_receiver_sees_what_was_sent_to_her_institution_only(sent, partner, elsewhere):
    factories.SentReferralFactory(service__organization=elsewhere.organization)

    assert list(Referral.objects.visible_to(partner, Side.RECEIVER)) == [sent]
    assert sent not in Referral.objects.visible_to(elsewhere, Side.RECEIVER)


def test_neither_side_gets_in_by_the_other_sides_gate(sent, partner, caseworker):
    assert list(Referral.objects.visible_to(partner)) == []
    assert list(Referral.objects.visible_to(caseworker, Side.RECEIVER)) == []


def test_colleague_of_the_receiver_without_the_role_sees_nothing(sent, partner):
    clerk = factories.UserFactory(organization=partner.organization)

    assert list(Referral.objects.visible_to(clerk, Side.RECEIVER)) == []
    assert list(Referral.objects.recalled_from(clerk)) == []


@pytest.mark.parametrize("state", State)
def test_receiver_knows_of_nothing_before_it_is_sent_or_after_it_is_recalled(state, make, partner):
    referral = make(OF_STATE[state])

    known = Referral.objects.open_to_partner(partner).filter(pk=referral.pk).exists()

    assert known == (state not in states.PREPARING | {State.RECALLED})


def test_consent_taken_back_shuts_the_receivers_gate_at_once(sent, consent, caseworker, partner):
    assert list(Referral.objects.open_to_partner(partner)) == [sent]

    withdraw_consent(consent, actor=caseworker)

    assert list(Referral.objects.open_to_partner(partner)) == []


def test_consent_that_ran_out_shuts_the_receivers_gate(sent, consent, partner):
    yesterday = timezone.localdate() - timedelta(days=1)
    Consent.objects.update(given_on=yesterday, valid_until=yesterday)

    assert list(Referral.objects.open_to_partner(partner)) == []


def test_only_sent_and_recalled_referrals_are_told_as_taken_back(make, partner, elsewhere):
    recalled = make(factories.RecalledReferralFactory)
    make(factories.SentReferralFactory)
    # A draft that was discarded never left the house.
    make(factories.ReferralFactory, state=State.RECALLED)

    assert list(Referral.objects.recalled_from(partner)) == [recalled]
    assert list(Referral.objects.recalled_from(elsewhere)) == []


def test_steps_are_seen_with_their_referral(sent, caseworker, stranger, partner, elsewhere):
    step = factories.ReferralStepFactory(referral=sent)

    assert list(ReferralStep.objects.visible_to(caseworker)) == [step]
    assert list(ReferralStep.objects.visible_to(stranger)) == []
    assert list(ReferralStep.objects.visible_to(partner, Side.RECEIVER)) == [step]
    assert list(ReferralStep.objects.visible_to(elsewhere, Side.RECEIVER)) == []


def test_overdue_are_those_not_answered_in_time(make):
    late = make(factories.OverdueReferralFactory)
    make(factories.SentReferralFactory)
    make(factories.AcceptedReferralFactory, due_at=timezone.now() - timedelta(days=1))

    assert list(Referral.objects.overdue()) == [late]
    assert late.is_overdue


def test_lists_of_states_are_counted_in_one_query(make, django_assert_num_queries):
    make(factories.SentReferralFactory)
    make(factories.ReceivedReferralFactory)
    make(factories.ReferralFactory)

    with django_assert_num_queries(1):
        counts = Referral.objects.count_by({"waiting": [State.SENT, State.RECEIVED], "none": []})

    assert counts == {"waiting": 2, "none": 0}


@pytest.mark.parametrize(
    ("factory", "fields"),
    [
        (factories.SentReferralFactory, {"consent": None, "items": []}),
        (factories.SentReferralFactory, {"sent_by": None}),
        (factories.SentReferralFactory, {"due_at": None}),
        (factories.DeclinedReferralFactory, {"decline_reason_id": None}),
        (factories.AcceptedReferralFactory, {"received_at": None}),
    ],
    ids=["consent", "sender", "clock", "reason", "receipt"],
)
def test_the_database_refuses_a_referral_without(factory, fields, make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make(factory, **fields)


def test_the_message_is_sealed_in_the_table(sent):
    row = Referral.objects.filter(pk=sent.pk).values_list("message", flat=True).get()

    assert b"bed" not in bytes(row)
    assert Referral.objects.get().message == "A bed for tonight."


def test_a_referral_is_named_by_its_number_alone(sent):
    step = factories.ReferralStepFactory(referral=sent)

    assert sent.get_absolute_url() == f"/referrals/{sent.pk}/"
    assert str(step) == "Sent"
