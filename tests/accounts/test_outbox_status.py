import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import OutboxJob


def job(state, key, minutes=0):
    return OutboxJob.objects.create(
        event="report_requested",
        dedupe_key=key,
        state=state,
        available_at=timezone.now() - timedelta(minutes=minutes),
    )


def status(capsys):
    call_command("outbox_status", json=True)
    return json.loads(capsys.readouterr().out)


@pytest.mark.django_db
def test_empty_outbox_is_well(capsys):
    told = {"new": 0, "sent": 0, "done": 0, "dead": 0, "oldest_due_seconds": 0, "ok": True}

    assert status(capsys) == told


@pytest.mark.django_db
def test_waiting_jobs_are_counted_with_the_age_of_the_oldest(capsys):
    job("new", "a", minutes=1)
    job("sent", "b", minutes=2)
    job("done", "c", minutes=60)
    job("new", "d", minutes=-5)

    told = status(capsys)

    assert (told["new"], told["sent"], told["done"], told["ok"]) == (2, 1, 1, True)
    assert 120 <= told["oldest_due_seconds"] < 180


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "minutes"), [("dead", 0), ("new", 11)])
def test_job_that_was_given_up_or_overlooked_is_an_error(capsys, state, minutes):
    job(state, "a", minutes=minutes)

    with pytest.raises(SystemExit) as ended:
        call_command("outbox_status")

    assert ended.value.code == 1
    assert f"{state}: 1" in capsys.readouterr().out
