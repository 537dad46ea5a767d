"""A merge and its undo keep every figure of every report."""

from datetime import UTC, datetime

import pytest

from casework.models import Case, Person
from reports.actions import compute_report, request_report
from reports.counting import EVERYBODY
from reports.models import PersonFact, Report, ReportTemplate
from reports.scope import report_role
from tests import factories
from tests.casework.test_merging import merged, pair, parted, ticket  # noqa: F401  # fixtures
from tests.reports.factories import AFTER, FIRST, INSIDE
from tests.screening.factories import CompletedScreeningFactory

WHEN = datetime(INSIDE.year, INSIDE.month, INSIDE.day, 10, tzinfo=UTC)
SERVICES = ("info_thb_risks", "counselling", "recovery_workshop", "life_skills")


def lived(person, *, services):
    """One life as pages write it: a visit, services, a screening, a status, a course."""
    case = Case.objects.get(person=person)
    visit = factories.VisitFactory(person=person, at=WHEN)
    factories.LeafletGivenFactory(visit=visit)
    for code in services:
        factories.ServiceDeliveredFactory(case=case, service_type_id=code, delivered_on=INSIDE)
    factories.ServiceDeliveredFactory(
        case=case, visit=visit, service_type_id="food", delivered_on=INSIDE
    )
    CompletedScreeningFactory(case=case, completed_at=WHEN)
    factories.TraffickingStatusFactory(case=case, decided_on=FIRST)
    activity = factories.IncomeActivityFactory(case=case)
    factories.IncomeActivitySessionFactory(activity=activity, attended_on=INSIDE)


def figures(coordinator):
    """{template: figures}, counted now; each is a report that stays."""
    told = {}
    for template in ReportTemplate.objects.filter(is_current=True):
        report = request_report(
            template=template, starts_on=FIRST, ends_before=AFTER, actor=coordinator
        )
        compute_report(report, settle=lambda: True)
        report = Report.objects.get(pk=report.pk)
        assert report.state == Report.State.DONE
        told[template.code] = report.figures
    return told


def facts():
    """How many facts of each kind there are, and of how many people."""
    with report_role():
        rows = list(PersonFact.objects.values_list("kind", "record", "person"))
    kinds = [kind for kind, _record, _person in rows]
    people = {person for _kind, _record, person in rows}
    return {kind: kinds.count(kind) for kind in kinds}, len(people)


@pytest.mark.django_db
def test_merge_and_undo_keep_every_figure(pair, ticket, coordinator, colleague):  # noqa: F811
    first, second = ticket.people
    Person.objects.filter(pk__in=ticket.pair).update(birth_year_from=1995, birth_year_to=1995)
    lived(first, services=SERVICES)
    lived(second, services=SERVICES[:2])
    other = factories.AssignedCaseFactory(person__team=first.team, owner=colleague)
    lived(other.person, services=SERVICES)
    before, done = figures(coordinator), facts()
    frozen = list(Report.objects.order_by("pk").values("figures", "released_figures", "sha256"))
    assert frozen

    merge = merged(ticket, colleague)

    after, now = figures(coordinator), facts()
    assert now == (done[0], done[1] - 1)
    earlier = Report.objects.filter(version=1).order_by("pk")
    assert list(earlier.values("figures", "released_figures", "sha256")) == frozen
    for template, told in before.items():
        for code, figure in told.items():
            both = code == EVERYBODY or code in {"IRC-01", "IRC-02", "IRC-05"}
            total = figure["total"]
            assert after[template][code]["total"] == total - both * (total == 3), code

    parted(merge, colleague)

    assert figures(coordinator) == before
    assert facts() == done
