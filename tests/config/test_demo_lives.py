"""What the invented people of one call have been through."""

import pytest

from casework.models import (
    Case,
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
from reports.models import Report
from screening.models import Screening
from tests import factories
from tests.config.seeding import account, seed


@pytest.fixture(scope="module", autouse=True)
def demo(file_long):
    seed()


@pytest.mark.django_db
def test_lives_have_cases_screenings_referrals_and_sessions():
    assert Case.objects.count() == 60
    assert Person.objects.count() > 60
    assert Screening.objects.filter(state="completed").exists()
    assert Referral.objects.filter(state="sent").exists()
    assert Referral.objects.filter(answered_at__isnull=False).exists()
    assert OutreachSession.objects.with_people_met().filter(people_met__gt=0).exists()
    assert TrainingAttendance.objects.exists()


@pytest.mark.django_db
def test_sealed_values_open_as_if_typed_by_a_person():
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
    rows = list(model.objects.order_by("pk")[:30])

    assert rows
    for row in rows:
        row.full_clean()


@pytest.mark.django_db
def test_nobody_is_named_without_a_case():
    assert PersonIdentity.objects.exists()
    assert not PersonIdentity.objects.filter(person__cases=None).exists()


@pytest.mark.django_db
def test_every_step_of_a_referral_follows_the_one_before():
    for referral in Referral.objects.prefetch_related("steps"):
        steps = sorted(referral.steps.all(), key=lambda step: step.at)
        states = ["draft", *(step.to_state for step in steps)]
        assert [step.from_state for step in steps] == states[:-1]
        assert referral.state == states[-1]


@pytest.mark.django_db
def test_next_referral_gets_a_number_of_its_own():
    last = Referral.objects.order_by("-number")[0].number

    referral = factories.ReferralFactory()

    referral.refresh_from_db()
    assert referral.number == last + 1


@pytest.mark.django_db
def test_mobile_team_is_out_once():
    open_now = OutreachSession.objects.visible_to(account("mobile")).filter(ended_at=None)

    assert open_now.with_people_met().get().people_met > 0


@pytest.mark.django_db
def test_coordinator_has_a_report_and_the_donor_sees_the_released_one():
    house = Report.objects.visible_to(account("coordinator"))
    told = Report.objects.visible_to(account("donor"))

    assert [row.is_done for row in house] == [True, True]
    assert [str(row.starts_on) for row in house] == ["2026-07-01", "2026-04-01"]
    assert [str(row.starts_on) for row in told] == ["2026-04-01"]
