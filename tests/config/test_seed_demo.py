import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from casework.models import Case, CaseEvent, Person, PersonIdentity
from outreach.models import OutreachSession, TrainingAttendance
from referrals.models import Referral
from screening.models import Screening
from tests import factories

UNTIL = "2026-11-20"


def seed(cases=60, number=1):
    out = StringIO()
    call_command(
        "seed_demo",
        cases=cases,
        seed=number,
        until=date.fromisoformat(UNTIL),
        json=True,
        stdout=out,
    )
    return json.loads(out.getvalue())


@pytest.mark.django_db
def test_lives_have_cases_screenings_referrals_and_sessions():
    seed()

    assert Case.objects.count() == 60
    assert Person.objects.count() > 60
    assert Screening.objects.filter(state="completed").exists()
    assert Referral.objects.filter(state="sent").exists()
    assert Referral.objects.filter(answered_at__isnull=False).exists()
    assert OutreachSession.objects.with_people_met().filter(people_met__gt=0).exists()
    assert TrainingAttendance.objects.exists()


@pytest.mark.django_db
def test_sealed_values_open_as_if_typed_by_a_person():
    seed()

    identity = PersonIdentity.objects.select_related("data_key")[0]
    screening = Screening.objects.exclude(answers=None).select_related("data_key")[0]
    referral = Referral.objects.select_related("data_key")[0]
    assert len(identity.name.split()) >= 2
    assert isinstance(screening.answers, dict)
    assert referral.message.startswith("Help as agreed")


@pytest.mark.django_db
def test_rows_keep_the_rules_of_their_models():
    seed()

    for model in (Person, Case, Screening, Referral):
        for row in model.objects.all()[:40]:
            row.full_clean()


def lives():
    return [
        list(Person.objects.order_by("pk").values_list("pk", "code", "sex", "birth_year_from")),
        list(CaseEvent.objects.order_by("pk").values_list("pk", "code", "case")),
        list(Referral.objects.order_by("pk").values_list("pk", "state", "service__name_en")),
    ]


@pytest.mark.django_db
def test_same_seed_gives_the_same_lives_and_another_seed_others():
    def lives_of(number):
        with transaction.atomic():
            seed(number=number)
            found = lives()
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
def test_number_of_cases_is_checked():
    with pytest.raises(CommandError, match="--cases"):
        seed(cases=0)


@pytest.mark.django_db
def test_referral_made_afterwards_gets_a_number_of_its_own():
    seed()
    invented = Referral.objects.select_related("case", "service", "created_by")[0]

    again = Referral.objects.create(
        case=invented.case,
        service=invented.service,
        organization_id=invented.organization_id,
        created_by=invented.created_by,
    )

    again.refresh_from_db()
    assert Referral.objects.filter(number=again.number).count() == 1
