from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.levels import Level
from casework.models import (
    Case,
    CaseAccess,
    CaseEvent,
    CaseNote,
    Consent,
    Headcount,
    IncomeActivity,
    IncomeActivitySession,
    LeafletGiven,
    Person,
    PersonIdentity,
    ServiceDelivered,
    TraffickingStatus,
    Visit,
)
from tests import factories

LEVELS = [Level.OPERATIONAL, Level.IDENTITY, Level.NARRATIVE, Level.RESTRICTED]


def hours(number):
    return timezone.now() + timedelta(hours=number)


# The gate


@pytest.mark.parametrize("level", LEVELS)
def test_access_opens_its_level_and_all_below(colleague, case, level):
    factories.CaseAccessFactory(content_object=case, user=colleague, level=level)

    assert case.level_for(colleague) == level
    seen = [each for each in LEVELS if Case.objects.visible_to(colleague, each).exists()]
    assert seen == [each for each in LEVELS if each <= level]


@pytest.mark.parametrize(
    ("begins", "ends", "opens"),
    [(-2, None, True), (-2, 1, True), (-2, -1, False), (1, None, False), (1, 2, False)],
)
def test_access_holds_from_its_beginning_to_its_end(colleague, case, begins, ends, opens):
    factories.CaseAccessFactory(
        content_object=case,
        user=colleague,
        starts_at=hours(begins),
        ends_at=hours(ends) if ends else None,
    )

    assert Case.objects.visible_to(colleague).exists() == opens
    assert (case.level_for(colleague) > Level.NONE) == opens


def test_highest_of_several_rows_counts(colleague, team, case):
    factories.CaseAccessFactory(content_object=case, user=colleague, level=Level.OPERATIONAL)
    factories.TeamCaseAccessFactory(content_object=case, group=team, level=Level.IDENTITY)

    assert case.level_for(colleague) == Level.IDENTITY


def test_coordinator_sees_what_is_operational_of_her_own_house_only(coordinator, case):
    foreign = factories.CaseFactory()

    assert list(Case.objects.visible_to(coordinator)) == [case]
    assert (case.level_for(coordinator), foreign.level_for(coordinator)) == (
        Level.OPERATIONAL,
        Level.NONE,
    )
    assert not Case.objects.visible_to(coordinator, Level.IDENTITY).exists()


@pytest.mark.parametrize("who", ["partner", "donor", "admin", "dpo", "director", "interpreter"])
def test_role_alone_opens_nothing(request, case, who):
    user = request.getfixturevalue(who)

    assert not Case.objects.visible_to(user).exists()
    assert not Person.objects.visible_to(user).exists()
    assert case.level_for(user) == Level.NONE


def test_person_is_her_teams_and_her_readers(caseworker, mobile, person):
    assert Person.objects.visible_to(caseworker).get() == person
    assert not Person.objects.visible_to(mobile).exists()

    case = factories.CaseFactory(person=person)
    factories.CaseAccessFactory(content_object=case, user=mobile, level=Level.OPERATIONAL)

    assert Person.objects.visible_to(mobile).get() == person
    assert not Person.objects.named_for(mobile).exists()


@pytest.mark.parametrize(
    ("model", "needed"),
    [
        (PersonIdentity, Level.IDENTITY),
        (CaseEvent, Level.OPERATIONAL),
        (CaseNote, Level.NARRATIVE),
        (Consent, Level.OPERATIONAL),
        (TraffickingStatus, Level.OPERATIONAL),
        (IncomeActivity, Level.OPERATIONAL),
        (IncomeActivitySession, Level.OPERATIONAL),
        (ServiceDelivered, Level.OPERATIONAL),
        (Visit, Level.OPERATIONAL),
        (LeafletGiven, Level.OPERATIONAL),
    ],
)
def test_what_belongs_to_a_case_is_seen_from_its_own_level_on(mobile, case, model, needed):
    factories.PersonIdentityFactory(person=case.person)
    factories.CaseEventFactory(case=case)
    factories.CaseNoteFactory(case=case)
    factories.ConsentFactory(case=case)
    factories.TraffickingStatusFactory(case=case)
    factories.IncomeActivitySessionFactory(activity__case=case)
    factories.ServiceDeliveredFactory(case=case)
    factories.LeafletGivenFactory(visit__person=case.person)
    assert not model.objects.visible_to(mobile).exists()

    seen = []
    for level in LEVELS:
        CaseAccess.objects.filter(user=mobile).delete()
        factories.CaseAccessFactory(content_object=case, user=mobile, level=level)
        seen += [level] if model.objects.visible_to(mobile).count() == 1 else []

    assert seen == [level for level in LEVELS if level >= needed]


def test_service_inside_a_case_is_not_the_teams(colleague, caseworker, case):
    factories.ServiceDeliveredFactory(case=case)
    at_the_desk = factories.ServiceDeliveredFactory(
        case=None,
        person=case.person,
        organization=case.organization,
        recorded_by=caseworker,
    )

    assert ServiceDelivered.objects.visible_to(colleague).get() == at_the_desk
    assert ServiceDelivered.objects.visible_to(caseworker).count() == 2


def test_headcounts_are_the_teams_and_the_coordinators(caseworker, mobile, coordinator, team):
    counted = factories.HeadcountFactory(team=team)
    factories.HeadcountFactory()

    assert Headcount.objects.visible_to(caseworker).get() == counted
    assert Headcount.objects.visible_to(coordinator).get() == counted
    assert not Headcount.objects.visible_to(mobile).exists()


# What is said of somebody

DAY = "2026-11-18"


@pytest.mark.parametrize(
    ("years", "source", "sex", "said"),
    [
        ((1992, 2000), "estimated", "female", "Woman, 25–34"),
        ((1926, 1965), "estimated", "male", "Man, 60+"),
        ((2010, 2010), "stated", "male", "Boy, 16"),
        ((2010, 2010), "estimated", "female", "Girl, about 16"),
        ((2008, 2009), "document", "other", "Child, 17"),
        ((1990, 1990), "stated", "unknown", "Adult, 36"),
        (None, "unknown", "female", "Woman, age not known"),
    ],
)
def test_who(years, source, sex, said):
    first, last = years or (None, None)
    person = Person(sex=sex, birth_year_from=first, birth_year_to=last, birth_year_source=source)

    with time_machine.travel(DAY, tick=False):
        assert person.who == said


@pytest.mark.parametrize(
    ("risk", "days"), [("high", 7), ("medium", 14), ("unknown", 14), ("low", 30)]
)
def test_contact_is_due_the_day_after_its_time(case, risk, days):
    today = timezone.localdate()

    Case.objects.update(risk=risk, last_contact_on=today - timedelta(days=days))
    assert not Case.objects.contact_due().exists()

    Case.objects.update(last_contact_on=today - timedelta(days=days + 1))
    case.refresh_from_db()
    assert Case.objects.contact_due().get() == case
    assert case.contact_due_on == today - timedelta(days=1)


def test_last_answer_to_each_question_counts(case):
    receiver = factories.OrganizationFactory()
    factories.ReferralConsentFactory(case=case, organization=receiver, given_on=date(2026, 1, 1))
    refused = factories.ReferralConsentFactory(
        case=case, organization=receiver, decision="refused", given_on=date(2026, 2, 1)
    )
    kept = factories.ConsentFactory(case=case)

    assert set(case.consents.latest_answers()) == {refused, kept}


@pytest.mark.parametrize(
    ("facts", "holds"),
    [
        ({}, True),
        ({"decision": "refused"}, False),
        ({"withdrawn_at": timezone.now()}, False),
        ({"valid_until": date(2020, 1, 2)}, False),
        ({"given_on": date(2999, 1, 1)}, False),
    ],
)
def test_consent_in_force(case, facts, holds):
    consent = factories.ConsentFactory(case=case, **{"given_on": date(2020, 1, 1), **facts})

    assert consent.is_in_force == holds
    assert Consent.objects.in_force().exists() == holds


# The archive


def test_nobody_meets_who_waits_to_be_erased(caseworker, coordinator, person, case):
    factories.PersonIdentityFactory(person=person)
    Person.objects.filter(pk=person.pk).update(archived_on=date(2026, 1, 1))
    Case.objects.filter(pk=case.pk).update(archived_on=date(2026, 1, 1))
    case.refresh_from_db()

    for user in (caseworker, coordinator):
        assert not Person.objects.visible_to(user).exists()
        assert not Case.objects.visible_to(user).exists()
        assert not PersonIdentity.objects.visible_to(user).exists()
        assert case.level_for(user) == Level.NONE


def test_an_archived_case_opens_no_way_to_its_person(caseworker, case):
    other = factories.TeamFactory()
    Person.objects.filter(pk=case.person_id).update(team=other)
    assert Person.objects.visible_to(caseworker).exists()

    Case.objects.filter(pk=case.pk).update(archived_on=date(2026, 1, 1))

    assert not Person.objects.visible_to(caseworker).exists()
