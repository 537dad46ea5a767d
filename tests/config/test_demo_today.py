"""The demo as it is on the day when it is started."""

from datetime import timedelta

import pytest
from django.utils import timezone

from casework.models import (
    Case,
    CaseEvent,
    Visit,
)
from outreach.models import OutreachSession
from referrals.models import Referral
from referrals.states import Side
from screening.models import Screening
from tests.config.seeding import account, seed


@pytest.fixture(scope="module", autouse=True)
def demo(file_long):
    seed(cases=120, until=str(timezone.localdate()))


@pytest.mark.django_db
def test_nothing_lies_in_the_future_when_it_ends_today():
    today, now = timezone.localdate(), timezone.now()

    assert Visit.objects.filter(at__date=today).exists()
    assert not Visit.objects.filter(at__gt=now + timedelta(minutes=1)).exists()
    assert not CaseEvent.objects.filter(at__gt=now + timedelta(minutes=1)).exists()
    assert not Referral.objects.filter(sent_at__gt=now + timedelta(minutes=1)).exists()
    assert not OutreachSession.objects.filter(ended_at__gt=now).exists()


@pytest.mark.django_db
def test_desk_of_the_caseworker_has_a_working_day_on_it():
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
    rows = Referral.objects.visible_to(account("partner"), Side.RECEIVER)

    assert {"sent", "received", "accepted", "started"} <= set(rows.values_list("state", flat=True))
    assert rows.overdue().exists()
