"""Factories of reports: asked for, counted, released."""

from datetime import date

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from reports.actions import compute_report, release_report
from reports.actions.studies import quarter_after
from reports.models import Report, ReportTemplate, Study
from reports.studying import study
from screening.models import Instrument, Screening
from tests import factories

# The period of all reports here, and days in and around it.
FIRST, AFTER = date(2025, 7, 1), date(2025, 10, 1)
INSIDE, LAST, BEFORE = date(2025, 8, 12), date(2025, 9, 30), date(2025, 6, 30)


def template():
    return ReportTemplate.objects.get(code="irc", is_current=True)


class ReportFactory(DjangoModelFactory):
    """A report that waits to be counted."""

    class Meta:
        model = Report

    template = factory.LazyFunction(template)
    organization = factory.SubFactory(factories.HouseFactory)
    starts_on = FIRST
    ends_before = AFTER
    requested_by = factory.SubFactory(
        factories.UserFactory, organization=factory.SelfAttribute("..organization")
    )


class FailedReportFactory(ReportFactory):
    state = Report.State.FAILED


class FinishedReportFactory(ReportFactory):
    """A report as the worker leaves it: counted from what the database holds by then."""

    class Meta:
        model = Report
        skip_postgeneration_save = True

    @factory.post_generation
    def count(self, create, extracted, **kwargs):
        compute_report(self, lambda: True)
        self.refresh_from_db()


class ReleasedReportFactory(FinishedReportFactory):
    @factory.post_generation
    def release(self, create, extracted, **kwargs):
        coordinator = factories.UserFactory(organization=self.organization, role="coordinator")
        release_report(self, actor=coordinator)
        self.refresh_from_db()


class StudyFactory(DjangoModelFactory):
    """A study that waits to be counted; a later one is of the quarter before."""

    class Meta:
        model = Study

    instrument = factory.LazyFunction(lambda: Instrument.objects.get(code="thb"))
    organization = factory.SubFactory(factories.HouseFactory)
    starts_on = factory.Sequence(lambda n: date(2025 - n // 4, 10 - 3 * (n % 4), 1))
    ends_before = factory.LazyAttribute(lambda row: quarter_after(row.starts_on))
    requested_by = factory.SubFactory(
        factories.UserFactory, organization=factory.SelfAttribute("..organization")
    )


class FinishedStudyFactory(StudyFactory):
    state = Study.State.DONE
    finished_at = factory.LazyFunction(timezone.now)
    figures = factory.LazyFunction(lambda: study([], Screening.Band.values))
