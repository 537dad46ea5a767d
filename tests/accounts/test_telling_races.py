"""Two at once, each with a connection of its own: what is told is told once."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from accounts.actions import add_push, set_notice_preference, tell_notices
from accounts.models import Delivery, NoticePreference, OutboxJob, PushSubscription, Session
from accounts.notices import notify
from accounts.outbox import _fan_out
from accounts.tasks import deliver
from tests.accounts.test_webpush import Browser
from tests.posting import mail_server

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """All begun together; nobody may fail."""
    start, done = Barrier(len(acts)), []

    def run(act):
        try:
            start.wait()
            act()
            done.append(act)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == len(acts)


def prefer(user):
    set_notice_preference(user, by_mail=True, quiet_from=None, quiet_until=None, actor=user)


def test_two_clocks_and_two_workers_tell_once(caseworker, settings):
    caseworker.email = "worker@example.org"
    caseworker.save()
    prefer(caseworker)
    notify([caseworker], "task_given")
    caseworker.notices.update(at=timezone.now() - timedelta(minutes=4))

    with mail_server(settings) as letters:
        at_once(tell_notices, tell_notices)
        _fan_out(OutboxJob.objects.get(event="delivery_due"))
        job = OutboxJob.objects.get(task="accounts.tasks.deliver")
        at_once(lambda: deliver(str(job.pk)), lambda: deliver(str(job.pk)))

    assert (Delivery.objects.get().state, len(letters.taken)) == ("sent", 1)


def test_two_presses_keep_one(caseworker, settings):
    settings.PUSH_HOSTS = ["push.example"]
    session = Session.objects.create(
        digest="one", user=caseworker, ends_at=timezone.now() + timedelta(hours=1)
    )
    keys = Browser().keys

    def press():
        add_push(session, endpoint="https://push.example/1", **keys, actor=caseworker)

    at_once(press, press)
    at_once(lambda: prefer(caseworker), lambda: prefer(caseworker))

    assert PushSubscription.objects.get().user == caseworker
    assert NoticePreference.objects.count() == 1
