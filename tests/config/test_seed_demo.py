import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from casework.models import (
    Case,
    CaseEvent,
    CaseNote,
    Consent,
    Headcount,
    IncomeActivity,
    Person,
    PersonIdentity,
    ServiceDelivered,
    TraffickingStatus,
    Visit,
)
from config.demo.cases import NOTES
from config.demo.referrals import MESSAGES
from outreach.models import OutreachSession, Professional, TrainingAttendance
from referrals.models import Referral, ReferralStep
from referrals.states import Side
from reports.models import Report
from screening.models import Screening
from tests import factories

UNTIL = "2026-11-20"


def seed(cases=60, number=1, until=UNTIL):
    out = StringIO()
    call_command(
        "seed_demo",
        cases=cases,
        seed=number,
        until=date.fromisoformat(until),
        json=True,
        stdout=out,
    )
    return json.loads(out.getvalue())


def account(login):
    return User.objects.get(username=login)


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
    note = CaseNote.objects.select_related("data_key")[0]
    professional = Professional.objects.select_related("data_key")[0]
    assert (len(identity.name.split()) >= 2, len(professional.name.split())) == (True, 2)
    assert isinstance(screening.answers, dict)
    assert (referral.message in MESSAGES, note.text in NOTES) == (True, True)


ALL = (
    Person, Case, Consent, Visit, ServiceDelivered, Headcount, IncomeActivity, Screening,
    TraffickingStatus, Referral, ReferralStep, OutreachSession, Professional,
)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("model", ALL, ids=lambda model: model.__name__)
def test_rows_keep_the_rules_of_their_models(model):
    seed()

    rows = list(model.objects.order_by("pk")[:30])

    assert rows
    for row in rows:
        row.full_clean()


@pytest.mark.django_db
def test_nothing_lies_in_the_future_when_it_ends_today():
    today, now = timezone.localdate(), timezone.now()

    seed(until=str(today))

    assert Visit.objects.filter(at__date=today).exists()
    assert not Visit.objects.filter(at__gt=now + timedelta(minutes=1)).exists()
    assert not CaseEvent.objects.filter(at__gt=now + timedelta(minutes=1)).exists()
    assert not Referral.objects.filter(sent_at__gt=now + timedelta(minutes=1)).exists()
    assert not OutreachSession.objects.filter(ended_at__gt=now).exists()


@pytest.mark.django_db
def test_nobody_is_named_without_a_case():
    seed()

    assert PersonIdentity.objects.exists()
    assert not PersonIdentity.objects.filter(person__cases=None).exists()


@pytest.mark.django_db
def test_every_step_of_a_referral_follows_the_one_before():
    seed()

    for referral in Referral.objects.prefetch_related("steps"):
        steps = sorted(referral.steps.all(), key=lambda step: step.at)
        states = ["draft", *(step.to_state for step in steps)]
        assert [step.from_state for step in steps] == states[:-1]
        assert referral.state == states[-1]


@pytest.mark.django_db
def test_next_referral_gets_a_number_of_its_own():
    seed()
    last = Referral.objects.order_by("-number")[0].number

    referral = factories.ReferralFactory()

    referral.refresh_from_db()
    assert referral.number == last + 1


@pytest.mark.django_db
def test_desk_of_the_caseworker_has_a_working_day_on_it():
    seed(cases=120, until=str(timezone.localdate()))
    jelena = account("caseworker")
    mine = Case.objects.visible_to(jelena).open()
    asked = Referral.objects.visible_to(jelena).filter(case__owner=jelena)

    assert 20 <= mine.count() <= 27
    assert 3 <= mine.contact_due().count() <= 10
    assert mine.filter(risk="high").exists()
    assert Screening.objects.visible_to(jelena).undecided().exists()
    assert Screening.objects.visible_to(jelena).open().exists()
    assert asked.overdue().exists()
    assert {"sent", "accepted", "declined", "started", "delivered"} <= set(
        asked.values_list("state", flat=True)
    )
    assert Visit.objects.filter(team__in=jelena.team_ids, at__date=timezone.localdate()).exists()


@pytest.mark.django_db
def test_partner_finds_new_late_and_accepted_referrals():
    seed(cases=120, until=str(timezone.localdate()))

    rows = Referral.objects.visible_to(account("partner"), Side.RECEIVER)

    assert {"sent", "received", "accepted", "started"} <= set(rows.values_list("state", flat=True))
    assert rows.overdue().exists()


@pytest.mark.django_db
def test_mobile_team_is_out_once():
    seed()

    open_now = OutreachSession.objects.visible_to(account("mobile")).filter(ended_at=None)

    assert open_now.with_people_met().get().people_met > 0


@pytest.mark.django_db
def test_coordinator_has_a_report_and_the_donor_sees_the_released_one():
    seed()

    house = Report.objects.visible_to(account("coordinator"))
    told = Report.objects.visible_to(account("donor"))

    assert [row.is_done for row in house] == [True, True]
    assert [str(row.starts_on) for row in house] == ["2026-07-01", "2026-04-01"]
    assert [str(row.starts_on) for row in told] == ["2026-04-01"]


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


@pytest.mark.django_db
def test_same_seed_gives_the_same_lives_and_another_seed_others():
    def lives_of(number):
        began = timezone.now()
        with transaction.atomic():
            seed(number=number)
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
