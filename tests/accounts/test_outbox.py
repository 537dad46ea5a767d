from datetime import timedelta

import pytest
from celery import current_app
from django.db import connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts import actions, outbox
from accounts.models import Organization, OutboxJob

SENT = []


@outbox.answers("test_event")
def rename(organization_id):
    Organization.objects.filter(pk=organization_id).update(name_en="Renamed")


@outbox.answers("test_failure")
def fail(organization_id):
    Organization.objects.filter(pk=organization_id).update(name_en="Half done")
    raise ValueError("a text that could name a client")


@outbox.answers("test_own_transactions", atomic=False)
def slowly(settle, organization_id):
    with transaction.atomic():
        if settle():
            Organization.objects.filter(pk=organization_id).update(name_en="Slowly")


@pytest.fixture
def organization(db):
    return Organization.objects.first()


@pytest.fixture
def broker(monkeypatch):
    """The broker is outside: remember what would have been sent."""
    SENT.clear()
    monkeypatch.setattr(
        current_app, "send_task", lambda name, args, **options: SENT.append((name, args))
    )
    return SENT


def work_off(broker):
    """What the worker does with everything that was sent."""
    for name, args in broker:
        current_app.tasks[name](*args)


def test_H12_nothing_is_delivered_while_everything_is_locked(
    organization, broker, coordinator, director
):
    outbox.enqueue("test_event", key="1", organization_id=organization.pk)
    outbox.deliver_due()
    outbox.deliver_due()
    actions.lock_everything(reason="raid", actor=None)
    OutboxJob.objects.update(available_at=timezone.now())

    work_off(broker)
    organization.refresh_from_db()

    assert outbox.deliver_due() == 0
    assert organization.name_en != "Renamed"
    for who in (coordinator, director):
        actions.lift_lock(actor=who)
    outbox.deliver_due()
    work_off(broker)
    organization.refresh_from_db()
    assert organization.name_en == "Renamed"


def test_event_reaches_its_task_and_is_done_once(organization, broker):
    outbox.enqueue("test_event", key="1", organization_id=organization.pk)
    outbox.deliver_due()
    outbox.deliver_due()

    work_off(broker)

    organization.refresh_from_db()
    assert organization.name_en == "Renamed"
    assert set(OutboxJob.objects.values_list("state", flat=True)) == {OutboxJob.State.DONE}


def test_job_delivered_twice_has_one_effect(organization, broker):
    outbox.enqueue("test_event", key="1", organization_id=organization.pk)
    outbox.deliver_due()
    outbox.deliver_due()
    work_off(broker)
    Organization.objects.filter(pk=organization.pk).update(name_en="Changed since")

    work_off(broker)

    organization.refresh_from_db()
    assert organization.name_en == "Changed since"


def test_same_event_and_key_is_promised_once(organization):
    outbox.enqueue("test_event", key="1", organization_id=organization.pk)
    outbox.enqueue("test_event", key="1", organization_id=organization.pk)

    assert OutboxJob.objects.count() == 1


def test_promise_of_a_rolled_back_transaction_is_none(organization):
    with transaction.atomic():
        outbox.enqueue("test_event", key="1", organization_id=organization.pk)
        transaction.set_rollback(True)

    assert OutboxJob.objects.count() == 0


def test_failed_job_leaves_nothing_half_done_and_keeps_no_text(organization, broker):
    outbox.enqueue("test_failure", key="1", organization_id=organization.pk)
    outbox.deliver_due()
    outbox.deliver_due()

    with pytest.raises(ValueError, match="client"):
        work_off(broker)

    organization.refresh_from_db()
    job = OutboxJob.objects.exclude(task="").get()
    assert organization.name_en != "Half done"
    assert (job.state, job.last_error) == (OutboxJob.State.SENT, "ValueError")


def test_lost_job_is_sent_again_after_its_time(organization, broker):
    outbox.enqueue("test_event", key="1", organization_id=organization.pk)
    outbox.deliver_due()
    outbox.deliver_due()
    OutboxJob.objects.exclude(task="").update(available_at=timezone.now() - timedelta(seconds=1))

    outbox.deliver_due()

    assert len(broker) == 2
    assert OutboxJob.objects.exclude(task="").get().attempts == 2


def test_job_is_given_up_after_eight_attempts(organization, broker):
    outbox.enqueue("test_event", key="1", organization_id=organization.pk)
    outbox.deliver_due()
    OutboxJob.objects.exclude(task="").update(attempts=outbox.MAX_ATTEMPTS)

    outbox.deliver_due()

    assert OutboxJob.objects.exclude(task="").get().state == OutboxJob.State.DEAD
    assert broker == []


def test_absent_broker_costs_no_attempt(organization, monkeypatch):
    def away(*args, **options):
        raise OperationalError

    monkeypatch.setattr(current_app, "send_task", away)
    outbox.enqueue("test_event", key="1", organization_id=organization.pk)
    outbox.deliver_due()

    outbox.deliver_due()

    job = OutboxJob.objects.exclude(task="").get()
    assert (job.state, job.attempts) == (OutboxJob.State.NEW, 0)
    assert job.available_at > timezone.now()


def test_task_with_its_own_transactions_settles_itself(organization, broker):
    outbox.enqueue("test_own_transactions", key="1", organization_id=organization.pk)
    outbox.deliver_due()
    outbox.deliver_due()

    work_off(broker)
    work_off(broker)

    organization.refresh_from_db()
    assert organization.name_en == "Slowly"


def test_event_that_nobody_answers_is_done(db, broker):
    outbox.enqueue("nobody_cares", key="1")

    outbox.deliver_due()

    assert OutboxJob.objects.get().state == OutboxJob.State.DONE


def test_old_done_jobs_are_forgotten(db, broker):
    outbox.enqueue("nobody_cares", key="1")
    outbox.deliver_due()
    OutboxJob.objects.update(created_at=timezone.now() - timedelta(days=8))

    actions.sweep_outbox()

    assert OutboxJob.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_relays_do_not_send_the_same_job(broker):
    outbox.enqueue("test_event", key="1", organization_id=Organization.objects.first().pk)
    outbox.deliver_due()
    with transaction.atomic():
        list(OutboxJob.objects.due().select_for_update())
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM (SELECT 1 FROM accounts_outboxjob"
                    " WHERE state = 'new' FOR UPDATE SKIP LOCKED) AS free"
                )
                assert cursor.fetchone() == (0,)
        finally:
            other.close()
