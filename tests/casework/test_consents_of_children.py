"""Whose answer is enough for a child, for one service, and to be counted."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import OutboxJob
from casework import actions
from casework.agreement import agreement_on
from casework.consent_rules import Verdict
from casework.models import Consent, Person
from casework.models.person import YesNo
from referrals.actions import draft_referral, send_referral
from reports.models import PersonFact
from tests import factories

By, Purpose = Consent.GivenBy, Consent.Purpose


@pytest.fixture
def receiver(db):
    return factories.ServiceFactory()


def born(person, year):
    Person.objects.filter(pk=person.pk).update(
        birth_year_from=year, birth_year_to=year, birth_year_source="stated"
    )
    person.refresh_from_db()
    return person


@pytest.fixture
def girl(person):
    return born(person, timezone.localdate().year - 12)


@pytest.fixture
def say(case, caseworker):
    """An answer in the case, about sharing with the receiver unless said otherwise."""

    def answer(decision, given_by=By.OWN, subject=case, **facts):
        known = {"purpose": Purpose.REFERRAL, "items": ["code", "sex"], "channel": "spoken"}
        known |= {"language": factories.language(), "actor": caseworker} | facts
        return actions.record_consent(subject, decision=decision, given_by=given_by, **known)

    return answer


def test_child_and_guardian_both_agree(say, girl, case, receiver):
    shared = {"organization": receiver.organization}
    own = say("given", **shared)
    assert agreement_on(case, Purpose.REFERRAL, **shared).verdict == Verdict.NEEDS_GUARDIAN

    say("given", By.GUARDIAN, **{**shared, "items": ["code"]})

    found = agreement_on(case, Purpose.REFERRAL, **shared)
    assert (found.consent, found.items) == (own, {"code"})


def test_guardian_who_takes_it_back_ends_what_the_child_agreed_to(
    say, girl, case, receiver, caseworker
):
    own = say("given", organization=receiver.organization)
    guardians = say("given", By.GUARDIAN, organization=receiver.organization)

    actions.withdraw_consent(guardians, actor=caseworker)

    own.refresh_from_db()
    assert (own.is_in_force, own.ended_with) == (False, guardians)
    told = {job.args["consent_id"] for job in OutboxJob.objects.filter(event="consent_withdrawn")}
    assert told == {str(own.pk), str(guardians.pk)}


def test_child_who_says_no_ends_the_yes_of_the_guardian(say, girl, receiver):
    guardians = say("given", By.GUARDIAN, organization=receiver.organization)

    no = say("refused", organization=receiver.organization)

    guardians.refresh_from_db()
    assert (guardians.is_in_force, guardians.ended_with) == (False, no)


def test_suspected_guardian_is_not_asked(say, girl, case, receiver):
    shared = {"organization": receiver.organization}
    say("given", guardian_suspected=YesNo.YES, **shared)

    with pytest.raises(ValidationError, match="Do not ask the guardian"):
        say("given", By.GUARDIAN, **shared)
    found = agreement_on(case, Purpose.REFERRAL, **shared)
    assert found.verdict == Verdict.NEEDS_AUTHORITY
    assert say("given", By.AUTHORITY, **shared).is_in_force
    assert agreement_on(case, Purpose.REFERRAL, **shared).is_enough


def test_nobody_else_answers_for_a_grown_up(say, person, receiver):
    born(person, 1990)

    with pytest.raises(ValidationError, match="A grown-up answers"):
        say("given", By.GUARDIAN, organization=receiver.organization)


def test_what_nobody_was_asked_for_ends_in_days(say, girl, receiver):
    later = timezone.localdate() + timedelta(days=90)

    consent = say("given", By.BEST_INTERESTS, organization=receiver.organization, valid_until=later)

    assert consent.valid_until == timezone.localdate() + timedelta(days=3)
    with pytest.raises(ValidationError, match="This can wait"):
        say("given", By.BEST_INTERESTS, purpose=Purpose.PHOTO, items=[])


def test_referral_of_a_child_waits_for_who_answers_for_it(say, girl, case, caseworker, receiver):
    say("given", organization=receiver.organization)
    draft = draft_referral(case, service=receiver, actor=caseworker)
    type(draft).objects.filter(pk=draft.pk).update(items=["code"])

    with pytest.raises(ValidationError, match="a parent or guardian has to agree"):
        send_referral(draft, actor=caseworker)
    say("given", By.GUARDIAN, organization=receiver.organization)

    assert send_referral(draft, actor=caseworker).state == "sent"


def test_answer_for_one_service_covers_no_other(say, person, case, receiver):
    born(person, 1990)
    other = factories.ServiceFactory(organization=receiver.organization)

    say("given", service=receiver)

    house = receiver.organization
    assert agreement_on(case, Purpose.REFERRAL, house, receiver).is_enough
    assert not agreement_on(case, Purpose.REFERRAL, house, other).is_enough
    assert not agreement_on(case, Purpose.REFERRAL, house).is_enough


# Figures


@pytest.mark.parametrize("has_case", [True, False])
def test_who_refuses_to_be_counted_is_in_no_fact(say, person, case, has_case):
    factories.VisitFactory(person=person)
    assert PersonFact.objects.count() == 1

    say("refused", subject=case if has_case else person, purpose=Purpose.STATISTICS, items=[])

    assert PersonFact.objects.count() == 0


def test_one_no_keeps_a_child_out_of_the_figures(say, girl):
    factories.VisitFactory(person=girl)
    say("given", subject=girl, purpose=Purpose.STATISTICS, items=[])
    say("refused", By.GUARDIAN, subject=girl, purpose=Purpose.STATISTICS, items=[])

    assert PersonFact.objects.count() == 0
