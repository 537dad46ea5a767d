"""What was counted stays counted when the record goes (E15)."""

from datetime import date, timedelta

import pytest

from casework.models import Consent, LeafletGiven, Person, ServiceDelivered, Visit
from reports.actions import compute_report, keep_case_counted, keep_person_counted
from reports.actions.keeping import Grain, fact_key
from reports.models import KeptCount, KeptFact, PersonFact, Report, Uncounted
from tests import factories
from tests.reports.factories import INSIDE, FinishedReportFactory, ReportFactory


def figures(report):
    """Count the same period again, from what is there now."""
    version = Report.objects.count() + 1
    again = ReportFactory(organization=report.organization, version=version)
    compute_report(again, lambda: True)
    again.refresh_from_db()
    return again.figures


@pytest.fixture
def life(case, team):
    """A person with a visit, leaflets, a service, a course and a status, and others around her."""
    visit = factories.VisitFactory(person=case.person, team=team, at=f"{INSIDE}T10:00Z")
    factories.LeafletGivenFactory(visit=visit, quantity=3)
    factories.ServiceDeliveredFactory(
        case=case, person=case.person, organization=team.organization, delivered_on=INSIDE
    )
    factories.IncomeActivitySessionFactory(activity__case=case, attended_on=INSIDE)
    factories.TraffickingStatusFactory(case=case, decided_on=INSIDE - timedelta(days=3))
    other = factories.CaseFactory(person__team=team)
    factories.IncomeActivitySessionFactory(activity__case=other, attended_on=INSIDE)
    return case


def forget_rows(case):
    """What erasure does with these rows afterwards, shortened."""
    for row in (*case.person.services.all(), *Visit.objects.filter(person=case.person)):
        row.delete()
    for activity in case.income_activities.all():
        activity.delete()
    case.delete()


def test_E15_a_period_counted_again_after_a_person_went_is_the_same(life):
    before = FinishedReportFactory(organization=life.organization)
    assert PersonFact.objects.filter(person=fact_key("person", life.person_id)).count() >= 4

    kept = keep_person_counted(life.person)
    forget_rows(life)
    life.person.delete()

    assert kept == KeptFact.objects.count() + KeptCount.objects.count() > 4
    assert figures(before) == before.figures
    assert {row.code for row in KeptCount.objects.all()} == {"trafficking"}


def test_kept_facts_lead_to_nobody_and_are_coarse(life):
    keep_person_counted(life.person)
    forget_rows(life)

    rows = KeptFact.objects.all()
    assert len({row.person for row in rows}) == 1
    assert rows[0].person != fact_key("person", life.person_id)
    assert {row.day for row in rows} == {INSIDE.replace(day=1)}
    edges = Grain.now().ages
    assert {row.age for row in rows} <= {None, *edges}


def test_keeping_twice_keeps_nothing_twice(life):
    keep_person_counted(life.person)
    forget_rows(life)
    counted = KeptFact.objects.count()

    assert keep_person_counted(life.person) == 0
    assert KeptFact.objects.count() == counted


def test_E15_a_case_that_goes_changes_no_count_and_keeps_the_visits(life):
    before = FinishedReportFactory(organization=life.organization)
    person = life.person

    keep_case_counted(life)
    ServiceDelivered.objects.filter(case=life).delete()
    for activity in life.income_activities.all():
        activity.delete()
    life.delete()

    assert figures(before) == before.figures
    assert Visit.objects.filter(person=person).count() == 1
    keep_person_counted(person)
    LeafletGiven.objects.all().delete()
    Visit.objects.filter(person=person).delete()
    person.delete()
    assert figures(before)["IRC-05"] == before.figures["IRC-05"]


def test_a_refusal_to_be_counted_outlives_its_case(life):
    factories.RefusedConsentFactory(case=life, purpose=Consent.Purpose.STATISTICS)
    person = life.person
    mine = PersonFact.objects.filter(person=fact_key("person", person.pk))
    assert not mine.exists()

    assert keep_case_counted(life) == 0
    ServiceDelivered.objects.filter(case=life).delete()
    for activity in life.income_activities.all():
        activity.delete()
    life.delete()

    assert not mine.exists()
    again = factories.CaseFactory(person=Person.objects.get(pk=person.pk))
    factories.ConsentFactory(case=again, purpose=Consent.Purpose.STATISTICS)
    assert mine.exists()


def test_who_refused_leaves_no_fact_behind(life):
    factories.RefusedConsentFactory(case=life, purpose=Consent.Purpose.STATISTICS)
    Uncounted.objects.create(person=fact_key("person", life.person_id))

    keep_person_counted(life.person)

    assert (KeptFact.objects.count(), Uncounted.objects.count()) == (0, 0)
    assert KeptCount.objects.count() == 1


def test_days_are_cut_where_periods_and_grants_begin():
    grain = Grain([date(2026, 3, 10), date(2026, 4, 1)], [0, 12, 18])

    assert grain.day(date(2026, 3, 9)) == date(2026, 3, 1)
    assert grain.day(date(2026, 3, 10)) == date(2026, 3, 10)
    assert grain.day(date(2026, 3, 31)) == date(2026, 3, 10)
    assert grain.day(date(2026, 4, 20)) == date(2026, 4, 1)
    assert Grain([], [0]).day(date(2026, 5, 5)) == date(2026, 5, 1)


@pytest.mark.parametrize(("age", "kept"), [(None, None), (0, 0), (11, 0), (12, 12), (40, 18)])
def test_ages_are_cut_where_bands_begin(age, kept):
    assert Grain([], [0, 12, 18]).age(age) == kept
