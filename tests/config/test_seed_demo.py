from datetime import timedelta

import pytest
from django.core.management import CommandError
from django.db import transaction
from django.utils import timezone

from casework.models import (
    CaseEvent,
    Person,
)
from outreach.models import OutreachSession
from referrals.models import Referral
from tests import factories
from tests.config.seeding import account, seed


def lives(until):
    """What was invented; what the verbs of the house added in this moment has ids of its own."""
    people = Person.objects.filter(registered_at__lt=until).order_by("pk")
    events = CaseEvent.objects.filter(at__lt=until).order_by("pk")
    return [
        list(people.values_list("pk", "code", "sex", "birth_year_from")),
        list(events.values_list("pk", "code", "case", "at")),
        list(Referral.objects.order_by("pk").values_list("pk", "state", "service__name_en")),
        list(OutreachSession.objects.order_by("pk").values_list("pk", "area", "started_at")),
    ]


@pytest.mark.slow
@pytest.mark.django_db
def test_same_seed_gives_the_same_lives_and_another_seed_others():
    def lives_of(number):
        began = timezone.now()
        with transaction.atomic():
            seed(cases=20, number=number)
            found = lives(began)
            transaction.set_rollback(True)
        return found

    first, again, other = lives_of(1), lives_of(1), lives_of(2)

    assert first == again
    assert first != other


@pytest.mark.django_db
def test_second_call_adds_nothing():
    seed()
    people = Person.objects.count()

    assert seed() == {"already": True}
    assert Person.objects.count() == people


@pytest.mark.django_db
def test_second_call_keeps_a_password_that_was_given(settings):
    first, second = "four invented words", "four other words here"
    settings.DEMO_PASSWORD = first
    seed()
    settings.DEMO_PASSWORD = second

    seed()

    assert account("caseworker").check_password(second)
    assert not account("mobile2").has_usable_password()


@pytest.mark.django_db
def test_database_with_something_else_is_left_alone():
    factories.PersonFactory()

    with pytest.raises(CommandError, match="something else"):
        seed()


@pytest.mark.django_db
def test_production_refuses_invented_people(settings):
    settings.LOCAL = False

    with pytest.raises(CommandError, match="demo"):
        seed()


@pytest.mark.django_db
@pytest.mark.parametrize("cases", [0, 2_000_000])
def test_number_of_cases_is_checked(cases):
    with pytest.raises(CommandError, match="--cases"):
        seed(cases=cases)


@pytest.mark.django_db
def test_last_day_is_not_to_come():
    with pytest.raises(CommandError, match="--until"):
        seed(until=str(timezone.localdate() + timedelta(days=1)))
