"""What it takes to run the clocks of ten thousand open referrals, all of them due at once."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Notice, OutboxJob
from accounts.scope import system
from casework.models import CaseEvent
from referrals import actions
from referrals.models import Referral
from tests import factories

pytestmark = [pytest.mark.bench, pytest.mark.django_db]

CASES, EACH = 200, 50


def open_referrals():
    """Sent a while ago to some institutions, from cases of one house; nobody has answered."""
    rows, number = [], 500_000
    partners = [factories.UserFactory(role="partner") for _ in range(20)]
    services = [factories.ServiceFactory(organization=user.organization) for user in partners]
    past = timezone.now() - timedelta(days=20)
    for each in range(CASES):
        pattern = factories.SentReferralFactory(
            service=services[each % len(services)],
            sent_at=past,
            due_at=past + timedelta(days=14),
            next_check_at=past + timedelta(days=3),
        )
        names = [f.name for f in Referral._meta.concrete_fields if f.name not in {"id", "number"}]
        values = {name: getattr(pattern, name) for name in names}
        for _copy in range(EACH - 1):
            number += 1
            rows.append(Referral(number=number, **values))
    Referral.objects.bulk_create(rows, batch_size=1_000)


def test_ten_thousand_open_referrals_are_looked_at_in_under_five_seconds(db):
    open_referrals()

    begun = time.perf_counter()
    with system("bench"):
        marked, reminded = actions.mark_overdue_referrals(), actions.remind_of_referrals()
    took = time.perf_counter() - begun
    begun = time.perf_counter()
    with system("bench"):
        again = actions.mark_overdue_referrals() + actions.remind_of_referrals()
    second = time.perf_counter() - begun

    print(f"{marked} marked, {reminded} reminded of in {took:.1f} s; again in {second:.2f} s")
    assert (marked, reminded, again) == (CASES * EACH, CASES * EACH, 0)
    assert CaseEvent.objects.filter(code="referral_reminded").count() == CASES * EACH
    assert OutboxJob.objects.filter(event="referral_reminder").count() == CASES * EACH
    people = Notice.objects.filter(code="referral_silent").values("user").distinct().count()
    assert Notice.objects.filter(code="referral_silent").count() == people
    assert took < 5
