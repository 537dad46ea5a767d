"""Factories of outreach: required fields only."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from casework.models import Person
from outreach.models import OutreachSession, Professional, Training, TrainingAttendance
from tests import factories


class SessionFactory(DjangoModelFactory):
    """An open session, two hours old."""

    class Meta:
        model = OutreachSession

    team = factory.SubFactory(factories.TeamFactory, kind="mobile")
    organization = factory.SelfAttribute("team.organization")
    area_id = "bg-hub"
    age_band_set_id = "programme"
    started_at = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=2))
    recorded_by = factory.SubFactory(factories.UserFactory)


class ForgottenSessionFactory(SessionFactory):
    """Open since the day before yesterday."""

    started_at = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=50))


class FinishedSessionFactory(SessionFactory):
    started_at = datetime(2026, 11, 2, 18, 0, tzinfo=UTC)
    ended_at = datetime(2026, 11, 2, 21, 0, tzinfo=UTC)


class TrainingFactory(DjangoModelFactory):
    class Meta:
        model = Training

    organization = factory.SubFactory(factories.HouseFactory)
    topic_id = "thb_risks"
    programme = factory.Sequence(lambda n: f"Programme {n}")
    hours = 8
    starts_on = ends_on = date(2026, 10, 5)
    area_id = "bg-hub"
    recorded_by = factory.SubFactory(factories.UserFactory)


class ProfessionalFactory(DjangoModelFactory):
    class Meta:
        model = Professional

    id = factory.LazyFunction(uuid4)
    registered_by_organization = factory.SubFactory(factories.HouseFactory)
    data_key = factory.LazyAttribute(lambda row: factories.make_key(row.id))
    profession = Professional.Profession.SOCIAL_WORKER
    institution_type = "LocalGovernmentOrganisation"
    sex = Person.Sex.FEMALE


class AttendanceFactory(DjangoModelFactory):
    class Meta:
        model = TrainingAttendance

    training = factory.SubFactory(TrainingFactory)
    professional = factory.SubFactory(ProfessionalFactory)
    recorded_by = factory.SubFactory(factories.UserFactory)
