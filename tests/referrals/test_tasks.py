import json

from django.conf import settings
from django.core.management import call_command

from accounts.models import OutboxJob
from accounts.outbox import deliver_due
from casework.actions import withdraw_consent
from referrals import tasks
from referrals.models import Referral
from referrals.states import State
from tests import factories


def job_of(event):
    return OutboxJob.objects.get(event=event, task="referrals.tasks.recall_referrals")


def test_consent_taken_back_reaches_the_referrals_through_the_outbox(sent, consent, caseworker):
    withdraw_consent(consent, actor=caseworker)
    deliver_due()
    job = job_of("consent_withdrawn")

    tasks.recall_referrals(str(job.pk))
    tasks.recall_referrals(str(job.pk))

    job.refresh_from_db()
    sent.refresh_from_db()
    assert (sent.state, sent.steps.count()) == (State.RECALLED, 1)
    assert job.state == OutboxJob.State.DONE


def test_scheduler_marks_what_is_overdue(make):
    late = make(factories.OverdueReferralFactory)

    tasks.mark_overdue_referrals()

    assert Referral.objects.get(pk=late.pk).overdue_at is not None


def test_the_schedule_names_the_task():
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert "referrals.tasks.mark_overdue_referrals" in scheduled


def test_command_says_how_many_are_newly_overdue(make, capsys):
    make(factories.OverdueReferralFactory)

    call_command("mark_overdue_referrals")
    call_command("mark_overdue_referrals", "--json")

    first, second = capsys.readouterr().out.splitlines()
    assert (first, json.loads(second)) == (
        "1 newly overdue, 0 reminded of",
        {"marked": 0, "reminded": 0},
    )
