"""Being told of notices beside the page: how and when somebody wants it, and neutrally."""

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts import actions, tasks
from accounts.actions import (
    add_push,
    lock_everything,
    remove_push,
    set_notice_preference,
    tell_notices,
)
from accounts.actions.sessions import end_session
from accounts.models import (
    AuditEvent,
    Delivery,
    Notice,
    NoticePreference,
    OutboxJob,
    PushSubscription,
    Session,
)
from accounts.notices import CODES, URGENT, notify
from tests.accounts.conftest import code_of
from tests.accounts.test_webpush import Browser
from tests.posting import leave, mail_server, web_server

pytestmark = pytest.mark.django_db

# Noon in Belgrade.
NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)
LATER = timedelta(minutes=4)
PAGE = "/settings/notices/"


@pytest.fixture
def letters(settings):
    with mail_server(settings) as found:
        yield found


@pytest.fixture
def mailed(caseworker):
    """A caseworker who wants mail."""
    caseworker.email = "worker@example.org"
    caseworker.save()
    prefer(caseworker)
    return caseworker


def prefer(user, *, by_mail=True, quiet_from=None, quiet_until=None):
    return set_notice_preference(
        user, by_mail=by_mail, quiet_from=quiet_from, quiet_until=quiet_until, actor=user
    )


def told_at(at):
    """How the clock starts telling, and everything leaves."""
    with time_machine.travel(at, tick=False):
        tell_notices()
        leave()


def noticed_at(at, user, code="task_given"):
    with time_machine.travel(at, tick=False):
        notify([user], code)


def test_notices_of_some_minutes_are_one_neutral_mail(mailed, letters):
    for minutes in (0, 1, 2):
        noticed_at(NOON + timedelta(minutes=minutes), mailed)

    told_at(NOON + timedelta(minutes=2))
    assert letters.taken == []
    told_at(NOON + LATER)
    told_at(NOON + LATER * 2)

    (letter,) = letters.taken
    text = letter.content.decode()
    assert letter.rcpt_tos == ["worker@example.org"]
    assert "Subject: Something new\r\n" in text
    assert "There is something new for you. Sign in to see it." in text
    assert "task" not in text.lower()


def test_whoever_said_nothing_is_told_in_the_page_only(caseworker, letters):
    caseworker.email = "worker@example.org"
    caseworker.save()
    noticed_at(NOON, caseworker)

    told_at(NOON + LATER)

    assert (letters.taken, Delivery.objects.count()) == ([], 0)
    assert Notice.objects.get().told_at == NOON + LATER


def test_a_partner_who_said_nothing_is_told_by_mail(partner, letters):
    partner.email = "partner@example.org"
    partner.save()
    noticed_at(NOON, partner)

    told_at(NOON + LATER)

    assert [letter.rcpt_tos for letter in letters.taken] == [["partner@example.org"]]


def test_what_was_read_in_the_page_is_not_mailed(mailed, letters):
    noticed_at(NOON, mailed)
    Notice.objects.update(read_at=NOON)

    told_at(NOON + LATER)

    assert letters.taken == []


@pytest.mark.parametrize("fields", [{"is_active": False}, {"leaves_on": NOON.date() - LATER * 400}])
def test_whoever_left_is_not_told(mailed, letters, fields):
    noticed_at(NOON, mailed)
    for name, value in fields.items():
        setattr(mailed, name, value)
    mailed.save()

    told_at(NOON + LATER)

    assert (letters.taken, Notice.objects.untold().count()) == ([], 0)


def test_quiet_hours_hold_back_till_their_end(mailed, letters):
    prefer(mailed, quiet_from=time(20), quiet_until=time(7))
    at_night = NOON + timedelta(hours=9)
    noticed_at(at_night, mailed)

    told_at(at_night + timedelta(hours=1))
    told_at(NOON + timedelta(hours=18, minutes=59))
    assert letters.taken == []
    told_at(NOON + timedelta(hours=19))

    assert len(letters.taken) == 1


def test_what_does_not_wait_comes_in_quiet_hours_at_once(mailed, letters):
    prefer(mailed, quiet_from=time(8), quiet_until=time(20))
    with time_machine.travel(NOON, tick=False):
        notify([mailed], "supervisor_needed")
        job = OutboxJob.objects.get(event="notice_urgent")
        job.task, job.state = "accounts.tasks.tell_urgent_notices", OutboxJob.State.SENT
        job.save()
        tasks.tell_urgent_notices(str(job.pk))
        leave()

    (letter,) = letters.taken
    assert "does not wait" in letter.content.decode()


def test_urgent_codes_are_codes():
    assert set(CODES) >= URGENT


@pytest.mark.parametrize(
    ("begins", "ends", "at", "is_quiet"),
    [
        (time(20), time(7), time(19, 59), False),
        (time(20), time(7), time(20), True),
        (time(20), time(7), time(6, 59), True),
        (time(20), time(7), time(7), False),
        (time(12), time(13), time(12, 30), True),
        (time(12), time(13), time(13), False),
        (None, None, time(3), False),
    ],
)
def test_quiet_hours_are_those_of_the_house(begins, ends, at, is_quiet):
    local = datetime.combine(NOON.date(), at, tzinfo=timezone.get_default_timezone())
    row = NoticePreference(quiet_from=begins, quiet_until=ends)

    assert row.is_quiet(local.astimezone(UTC)) is is_quiet


def test_nobody_is_told_oftener_than_some_times_in_an_hour(mailed, letters, settings):
    settings.NOTICES_TOLD_PER_HOUR = 2
    for minutes in range(0, 50, 10):
        noticed_at(NOON + timedelta(minutes=minutes), mailed)
        told_at(NOON + timedelta(minutes=minutes) + LATER)
    assert len(letters.taken) == 2

    told_at(NOON + timedelta(minutes=70))

    assert (len(letters.taken), Notice.objects.untold().count()) == (3, 0)


def test_nothing_is_told_while_everything_is_locked(mailed, letters):
    noticed_at(NOON, mailed)
    lock_everything(reason="raid", actor=None)

    told_at(NOON + LATER)

    assert (letters.taken, Notice.objects.untold().count()) == ([], 1)


# The page


def test_she_says_how_she_wants_to_be_told(caseworker, signed_in):
    client = signed_in(caseworker)

    answer = client.post(PAGE, {"by_mail": "on", "quiet_from": "20:00", "quiet_until": "07:00"})

    row = NoticePreference.objects.get(user=caseworker)
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    assert (row.by_mail, row.quiet_from, row.quiet_until) == (True, time(20), time(7))
    assert AuditEvent.objects.filter(verb="set_notice_preference", actor=caseworker).exists()
    assert 'value="20:00"' in client.get(PAGE).content.decode()


@pytest.mark.parametrize("hours", [("20:00", ""), ("", "07:00"), ("07:00", "07:00")])
def test_quiet_hours_begin_and_end(caseworker, signed_in, hours):
    answer = signed_in(caseworker).post(PAGE, {"quiet_from": hours[0], "quiet_until": hours[1]})

    assert answer.status_code == 400
    assert "Say when the quiet hours begin" in answer.content.decode()
    assert NoticePreference.objects.count() == 0


def test_nobody_sets_anothers(caseworker, colleague):
    with pytest.raises(PermissionDenied):
        set_notice_preference(
            caseworker, by_mail=True, quiet_from=None, quiet_until=None, actor=colleague
        )

    assert NoticePreference.objects.count() == 0


# Browsers


@pytest.fixture
def service(settings, tmp_path):
    """The push service of a browser's maker, on loopback."""
    with web_server(settings, tmp_path) as server:
        settings.PUSH_HOSTS = [server.host]
        settings.DEFAULT_FROM_EMAIL = "noreply@post.example"
        yield server


@pytest.fixture
def browser():
    return Browser()


@pytest.fixture
def subscribed(caseworker, signed_in, service, browser):
    """Her browser, which she lets be told: (client, row)."""
    client = signed_in(caseworker)
    answer = client.post(
        f"{PAGE}browser/", {"endpoint": f"https://{service.host}/one", **browser.keys}
    )
    assert answer.status_code == 302, answer.content.decode()
    return client, PushSubscription.objects.get()


def test_a_browser_is_told_sealed_and_neutrally(subscribed, caseworker, service, browser):
    service.answers = [201]
    noticed_at(timezone.now() - LATER, caseworker)

    tell_notices()
    leave()

    ((path, headers, body),) = service.asked
    delivery = Delivery.objects.get()
    assert (path, delivery.state, delivery.channel) == ("/one", "sent", "push")
    assert headers["Topic"] == delivery.pk.hex
    assert (headers["Content-Encoding"], headers["Urgency"]) == ("aes128gcm", "normal")
    assert headers["Authorization"].startswith("vapid t=")
    assert browser.opened(body) == {
        "title": "Something new",
        "body": "There is something new for you. Sign in to see it.",
    }


def test_the_address_of_a_browser_is_kept_sealed(subscribed, service):
    _client, row = subscribed

    assert row.open()["endpoint"] == f"https://{service.host}/one"
    assert service.host.encode() not in bytes(row.sealed)
    assert AuditEvent.objects.filter(verb="add_push").count() == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(subscribed, caseworker, service, status):
    service.answers = [status]
    noticed_at(timezone.now() - LATER, caseworker)

    tell_notices()
    leave()

    assert (Delivery.objects.get().state, PushSubscription.objects.count()) == ("given_up", 0)


def test_signed_out_it_is_silent_and_signed_in_again_it_is_told(
    worker, subscribed, visitor, service
):
    client, row = subscribed
    end_session(row.session, actor=worker)
    noticed_at(timezone.now() - LATER, worker)
    tell_notices()
    leave()
    row.refresh_from_db()
    assert (row.session, service.asked) == (None, [])

    visitor.cookies["device"] = client.cookies["device"].value
    visitor.sign_in(worker)
    visitor.give_code(code_of())

    assert list(PushSubscription.objects.live()) == [row]


def test_signed_in_in_another_browser_it_stays_silent(worker, subscribed, visitor):
    _client, row = subscribed
    end_session(row.session, actor=worker)

    visitor.sign_in(worker)
    visitor.give_code(code_of())

    assert visitor.is_in
    assert list(PushSubscription.objects.live()) == []


def test_between_promise_and_leaving_she_may_sign_out(subscribed, caseworker, service):
    _client, row = subscribed
    noticed_at(timezone.now() - LATER, caseworker)
    tell_notices()

    end_session(row.session, actor=caseworker)
    leave()

    assert (Delivery.objects.get().state, service.asked) == ("given_up", [])


def test_a_screen_in_other_hands_is_told_nothing(subscribed):
    _client, row = subscribed
    Session.objects.filter(pk=row.session_id).update(handed_over={"home": "/", "routes": []})

    assert list(PushSubscription.objects.live()) == []


def test_a_browser_belongs_to_whoever_is_signed_in_there(
    subscribed, colleague, signed_in, service, browser
):
    address = {"endpoint": f"https://{service.host}/one", **browser.keys}

    signed_in(colleague).post(f"{PAGE}browser/", address)

    assert PushSubscription.objects.get().user == colleague


def test_she_ends_it_on_her_page(subscribed):
    client, row = subscribed
    assert "Tell this browser" not in client.get(PAGE).content.decode()

    client.post(reverse("accounts:remove_push", args=[row.pk]))

    assert PushSubscription.objects.count() == 0
    assert AuditEvent.objects.filter(verb="remove_push").count() == 1
    assert "Tell this browser" in client.get(PAGE).content.decode()


def test_nobody_ends_anothers(subscribed, colleague, signed_in):
    _client, row = subscribed

    answer = signed_in(colleague).post(reverse("accounts:remove_push", args=[row.pk]))

    assert (answer.status_code, PushSubscription.objects.count()) == (404, 1)
    with pytest.raises(PermissionDenied):
        remove_push(row, actor=colleague)
    with pytest.raises(PermissionDenied):
        add_push(row.session, endpoint="", p256dh="", auth="", actor=colleague)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example/one",
        "https://evil.example/one",
        "https://push.example:444/one",
        "https://push.example@evil.example/one",
        "https://127.0.0.1/one",
        "https://push.example/" + "x" * 1000,
    ],
)
def test_only_named_push_services_are_spoken_to(caseworker, signed_in, settings, browser, endpoint):
    settings.PUSH_HOSTS = ["push.example"]

    answer = signed_in(caseworker).post(f"{PAGE}browser/", {"endpoint": endpoint, **browser.keys})

    assert (answer.status_code, PushSubscription.objects.count()) == (400, 0)


def test_keys_that_are_none_are_refused(caseworker, signed_in, settings, browser):
    settings.PUSH_HOSTS = ["push.example"]
    told = {"endpoint": "https://push.example/one", **browser.keys, "auth": "AAAA"}

    answer = signed_in(caseworker).post(f"{PAGE}browser/", told)

    assert "This browser cannot be told from here." in answer.content.decode()
    assert (answer.status_code, PushSubscription.objects.count()) == (400, 0)


def test_a_push_service_whose_name_leads_inside_is_not_asked(subscribed, caseworker, settings):
    _client, row = subscribed
    settings.PUSH_HOSTS = ["localhost"]
    row.close({**row.open(), "endpoint": "https://localhost/one"})
    row.save()
    noticed_at(timezone.now() - LATER, caseworker)

    tell_notices()
    leave()

    assert Delivery.objects.get().state == "given_up"


def test_without_push_services_it_is_off(caseworker, signed_in):
    page = signed_in(caseworker).get(PAGE).content.decode()

    assert "This is switched off here." in page
    assert "data-push" not in page


def test_browsers_of_whoever_left_are_forgotten(subscribed, caseworker):
    actions.drop_old_pushes()
    assert PushSubscription.objects.count() == 1
    caseworker.is_active = False
    caseworker.save()

    actions.drop_old_pushes()

    assert PushSubscription.objects.count() == 0


def test_so_many_browsers_and_no_more(subscribed, caseworker, service, browser):
    _client, row = subscribed
    for number in range(9):
        add_push(
            row.session,
            endpoint=f"https://{service.host}/{number}",
            **browser.keys,
            actor=caseworker,
        )

    assert PushSubscription.objects.count() == 8


@pytest.mark.parametrize("rows", [1, 3])
def test_page_costs_the_same_for_one_and_three(
    subscribed, caseworker, service, browser, rows, django_assert_num_queries
):
    client, row = subscribed
    for number in range(rows - 1):
        add_push(
            row.session,
            endpoint=f"https://{service.host}/{number}",
            **browser.keys,
            actor=caseworker,
        )

    with django_assert_num_queries(8):
        client.get(PAGE)


def test_what_hours_are_is_validated_before_anything_is_kept(caseworker):
    with pytest.raises(ValidationError):
        prefer(caseworker, quiet_from=time(7), quiet_until=time(7))
