"""What the database hands to a receiver: nothing of a case but what was agreed to."""

import pytest
from django.db import connection
from django.utils import timezone

from accounts import scope
from casework.models import (
    Case,
    CaseEvent,
    CaseNote,
    Consent,
    Person,
    PersonIdentity,
    TraffickingStatus,
)
from referrals.disclosure import Stage, agreed_items, disclosed_sheet, stage_of
from referrals.models import Referral, ReferralStep
from referrals.receiving import hand_over, hand_over_with_note
from tests import factories
from vault.models import DataKey

pytestmark = pytest.mark.django_db

EVERYTHING = list(Consent.Item.values)


@pytest.fixture
def sent(case, partner):
    """`sent(factory, items)`: a referral to the partner's institution, agreed to in full."""

    def make(kind=factories.SentReferralFactory, items=EVERYTHING):
        factories.PersonIdentityFactory(person=case.person)
        factories.TraffickingStatusFactory(case=case)
        factories.CaseNoteFactory(case=case)
        consent = factories.ReferralConsentFactory(
            case=case, organization=partner.organization, items=EVERYTHING
        )
        return kind(case=case, organization=partner.organization, consent=consent, items=items)

    return make


def facts(referral, partner):
    """What the database hands over, read as a page of the partner reads it."""
    with scope.acting_as(partner):
        found = Referral.objects.as_received().get(pk=referral.pk)
        hand_over_with_note(found)
        return found


@pytest.mark.parametrize("model", [Case, Person, CaseNote, CaseEvent])
def test_K03_receiver_sees_no_case_and_no_person(sent, partner, model):
    sent(factories.AcceptedReferralFactory)

    with scope.acting_as(partner):
        assert model.objects.count() == 0
        assert Referral.objects.count() == 1


def test_K04_before_the_answer_no_identity_and_no_key_of_the_person_that_opens_one(sent, partner):
    sent(items=[item for item in EVERYTHING if item != "handling_note"])

    with scope.acting_as(partner):
        assert PersonIdentity.objects.count() == 0
        assert TraffickingStatus.objects.count() == 0
        assert DataKey.objects.filter(pk__in=Person.objects.values("pk")).count() == 0


def test_K04_after_acceptance_the_identity_is_open(sent, partner):
    referral = sent(factories.AcceptedReferralFactory)

    with scope.acting_as(partner):
        assert PersonIdentity.objects.get().person_id == referral.case.person_id
        assert TraffickingStatus.objects.count() == 1


@pytest.mark.parametrize("item", EVERYTHING)
@pytest.mark.parametrize("kind", [factories.SentReferralFactory, factories.AcceptedReferralFactory])
def test_K05_the_database_shows_an_item_exactly_when_the_page_does(sent, partner, kind, item):
    referral = sent(kind, items=[item])

    with connection.cursor() as cursor, scope.acting_as(partner):
        cursor.execute("SELECT shown FROM gate_referred()")
        shown = cursor.fetchone()[0]

    read = Referral.objects.with_sheet().get(pk=referral.pk)
    assert shown == [each.value for each in agreed_items(read, stage_of(read))]


def test_K05_a_sheet_handed_over_is_the_sheet_of_the_house(sent, partner):
    referral = sent(factories.AcceptedReferralFactory)
    ours = disclosed_sheet(
        Referral.objects.with_sheet().get(pk=referral.pk), Stage.AFTER_ACCEPTANCE
    )

    with scope.acting_as(partner):
        found = Referral.objects.as_received().get(pk=referral.pk)
        hand_over_with_note(found)
        theirs = disclosed_sheet(found, stage_of(found))
    assert theirs.lines == ours.lines


def test_K05_what_was_not_agreed_to_is_not_even_read(sent, partner):
    found = facts(sent(factories.AcceptedReferralFactory, items=["sex"]), partner).case.person

    assert found.sex
    assert (found.code, found.nationality, found.birth_year_from) == ("", "", None)
    assert (found.language_id, str(found.handling_note)) == (None, "")


def test_K06_a_consent_taken_back_closes_everything(sent, partner):
    referral = sent(factories.AcceptedReferralFactory)
    Consent.objects.filter(pk=referral.consent_id).update(withdrawn_at=timezone.now())

    with scope.acting_as(partner):
        for model in (Referral, ReferralStep, Consent, PersonIdentity, DataKey):
            assert model.objects.count() == 0


def test_referral_that_was_closed_between_two_questions_shows_nothing(sent, partner):
    referral = sent(factories.AcceptedReferralFactory)
    with scope.acting_as(partner):
        found = Referral.objects.as_received().get(pk=referral.pk)
    Consent.objects.filter(pk=referral.consent_id).update(withdrawn_at=timezone.now())

    with scope.acting_as(partner):
        hand_over([found])
    assert (found.case.person.code, found.case.person.sex) == ("", "")


def test_another_institution_sees_nothing(sent, partner):
    sent(factories.AcceptedReferralFactory)
    other = factories.UserFactory(
        organization=factories.OrganizationFactory(), role="partner", name="Pat Rtner"
    )

    with scope.acting_as(other):
        assert Referral.objects.count() == 0
        assert DataKey.objects.count() == 0
