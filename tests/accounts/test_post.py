"""Messages to the outside: promised with the effect, sent once, telling nothing, forgotten."""

import json
import re
import socket
import threading
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone, translation

from accounts import outgoing, post
from accounts.actions import sweep_deliveries
from accounts.actions.deliveries import TRY_LASTS, WAITS, _begin
from accounts.models import Delivery, OutboxJob, PasswordReset
from tests.accounts.test_notices import FORBIDDEN
from tests.posting import leave, mail_server, web_server

pytestmark = pytest.mark.django_db

SEAL = f"7:{'a' * 64}"
# What neither subject nor text may say: topics, our own name, those of institutions.
NEVER = (*FORBIDDEN, "casework", "atina", "astra", "case ", "client", "slučaj", "klijent", "ngo")
MAIL, SMS = Delivery.Channel.MAIL, Delivery.Channel.SMS


@pytest.fixture
def letters(settings):
    with mail_server(settings) as found:
        yield found


def promise(key="one", **facts):
    post.send(
        MAIL,
        to="somebody@example.org",
        text="number_of_the_day",
        language="en",
        key=key,
        **({"seal": SEAL} | facts),
    )


def test_a_message_leaves_once_and_is_forgotten(letters):
    promise()
    promise()
    before = Delivery.objects.get()
    assert before.open() == {"to": "somebody@example.org", "facts": {"seal": SEAL}}

    leave()
    leave()

    row = Delivery.objects.get()
    (letter,) = letters.taken
    assert letter.rcpt_tos == ["somebody@example.org"]
    assert (row.state, row.attempts, row.sealed, row.wrapped_key) == ("sent", 1, None, None)


def test_K09_a_mail_says_neither_who_sends_nor_what_it_is_about(letters):
    promise()

    leave()

    message = message_from_bytes(letters.taken[0].content, policy=policy.default)
    row = Delivery.objects.get()
    assert {name.lower() for name in message} - {"x-peer", "x-mailfrom", "x-rcptto"} == {
        "content-type",
        "mime-version",
        "content-transfer-encoding",
        "subject",
        "from",
        "to",
        "date",
        "message-id",
        "auto-submitted",
    }
    assert (message["From"], message["To"]) == ("noreply@post.example", "somebody@example.org")
    assert message["Message-ID"] == f"<{row.pk}@post.example>"
    assert message["Subject"] == "Number of the day"
    said = " ".join(message.get_content().split())
    assert said == f"Keep this message. It is the number of the day. {SEAL}"


def test_an_address_is_nowhere_in_clear():
    promise()

    with connection.cursor() as cursor:
        cursor.execute("SELECT d::text FROM accounts_delivery d")
        row = cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(j::text, ' ') FROM accounts_outboxjob j")
        jobs = cursor.fetchone()[0]

    assert "somebody" not in row + jobs
    assert b"somebody".hex() not in row


def test_what_is_rolled_back_is_not_sent(letters):
    with transaction.atomic():
        promise()
        transaction.set_rollback(True)
    leave()

    assert (letters.taken, Delivery.objects.count()) == ([], 0)


def test_a_server_that_is_away_is_tried_again(letters):
    letters.answers = ["451 Later", "451 Later"]
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        promise()
        leave()
        leave()
    assert Delivery.objects.get().state == "failed"
    key = Delivery.objects.get().pk

    with time_machine.travel(now + WAITS[0] + timedelta(seconds=1), tick=False):
        leave()
    with time_machine.travel(now + WAITS[0] + WAITS[1] + timedelta(seconds=3), tick=False):
        leave()

    row = Delivery.objects.get()
    assert (row.state, row.attempts, len(letters.taken)) == ("sent", 3, 1)
    assert f"<{key}@".encode() in letters.taken[0].content


def test_after_the_last_try_it_is_given_up_and_forgotten(letters):
    letters.answers = ["451 Later"] * 20
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        promise()
        leave()
    for wait in WAITS:
        now += wait + timedelta(seconds=1)
        with time_machine.travel(now, tick=False):
            leave()

    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.sealed) == ("given_up", len(WAITS) + 1, None)
    assert OutboxJob.objects.filter(event="delivery_given_up").count() == 1


def test_an_address_that_is_refused_is_not_tried_again(letters):
    letters.answers = ["550 Nobody here"]
    promise()

    leave()

    assert (Delivery.objects.get().state, letters.taken) == ("given_up", [])


def lose_worker():
    """A worker begins a try and is no more: nobody says how it ended."""
    return _begin("one", settle=lambda: True)


def test_a_worker_that_died_in_the_middle_costs_one_more_try(letters):
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        promise()
        first = lose_worker()
        leave()
    assert letters.taken == []

    with time_machine.travel(now + TRY_LASTS + timedelta(seconds=1), tick=False):
        leave()

    assert Delivery.objects.get().state == "sent"
    assert f"<{first.key}@".encode() in letters.taken[0].content


def test_a_second_death_ends_it(letters):
    now = timezone.now()
    for tries in range(2):
        with time_machine.travel(now + tries * (TRY_LASTS + timedelta(seconds=1)), tick=False):
            promise()
            assert lose_worker() is not None

    with time_machine.travel(now + 3 * TRY_LASTS, tick=False):
        leave()

    assert (Delivery.objects.get().state, letters.taken) == ("given_up", [])


def test_a_line_that_breaks_in_the_middle_is_tried_once_more(settings):
    """Nobody knows whether the other side has it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.getsockname()[1]
        settings.EMAIL_USE_SSL, settings.OUTGOING_HOSTS = False, ["127.0.0.1"]
        thread = threading.Thread(target=hang_up, args=[server, 2])
        thread.start()
        now = timezone.now()
        for at in (now, now + WAITS[0] + timedelta(seconds=1)):
            with time_machine.travel(at, tick=False):
                promise()
                leave()
        thread.join(10)

    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.is_doubtful) == ("given_up", 2, True)


def hang_up(server, times):
    """Greet like a mail server, and be gone with the first letter."""
    for _ in range(times):
        line, _address = server.accept()
        with line, line.makefile("rwb", buffering=0) as wire:
            wire.write(b"220 mail\r\n")
            while not wire.readline().upper().startswith(b"MAIL"):
                wire.write(b"250 mail\r\n")


def test_without_a_way_out_it_ends_at_once(settings):
    settings.OUTGOING_HOSTS = []
    promise()

    leave()

    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.sealed) == ("given_up", 0, None)


def test_what_never_ended_is_forgotten_after_days():
    with time_machine.travel(timezone.now() - timedelta(days=3)):
        promise()

    sweep_deliveries()

    row = Delivery.objects.get()
    assert (row.state, row.sealed) == ("given_up", None)

    with time_machine.travel(timezone.now() + timedelta(days=91)):
        sweep_deliveries()
    assert Delivery.objects.count() == 0


def test_a_link_is_mailed_only_where_it_can_lead(letters, settings, caseworker):
    settings.SITE_URL = ""
    reset = PasswordReset.objects.create(
        user=caseworker, expires_at=timezone.now() + timedelta(minutes=30)
    )
    fields = {"to": "somebody@example.org", "text": "password_link", "language": "en"}
    post.send(MAIL, key="one", reset=reset.pk, **fields)
    leave()
    assert (Delivery.objects.get().state, letters.taken) == ("given_up", [])

    settings.SITE_URL = "https://house.example/"
    post.send(MAIL, key="two", reset=reset.pk, **fields)
    leave()

    (letter,) = letters.taken
    assert b"https://house.example/login/reset/" in letter.content


def test_a_secret_whose_time_is_over_is_not_mailed(letters, caseworker):
    reset = PasswordReset.objects.create(user=caseworker, expires_at=timezone.now())
    post.send(
        MAIL, to="a@example.org", text="password_link", language="en", key="k", reset=reset.pk
    )

    leave()

    assert (Delivery.objects.get().state, letters.taken) == ("given_up", [])


@pytest.mark.parametrize(
    ("to", "facts"),
    [
        ("somebody@example.org\nBcc: all@example.org", {}),
        ("nobody", {}),
        ("somebody@example.org", {"seal": "Amina"}),
        ("somebody@example.org", {"name": "Amina"}),
        ("somebody@example.org", {"number": "7KM-2XQ Amina"}),
        ("somebody@example.org", {"link": "//evil example"}),
    ],
)
def test_C07_nothing_else_can_stand_in_a_message(to, facts):
    with pytest.raises(ValueError, match=r"message|address"):
        post.send(MAIL, to=to, text="number_of_the_day", language="en", key="k", **facts)

    assert Delivery.objects.count() == 0


def test_demo_puts_the_same_message_into_one_file(settings, tmp_path):
    settings.GATEWAYS = {**settings.GATEWAYS, "sms": "folder"}
    settings.POST_DIR = str(tmp_path)
    post.send(SMS, to="+381600000000", text="number_of_the_day", language="en", key="a", seal=SEAL)

    leave()

    (path,) = (tmp_path / "sms").iterdir()
    assert path.read_text().splitlines()[0] == "To: +381600000000"


# The gateway for text messages: a real one, with a certificate of its own


@pytest.fixture
def sms(settings, tmp_path):
    """A gateway on loopback; `answers` in turn, what it was asked in `asked`."""
    (tmp_path / "token").write_text("a token\n")
    settings.SMS_GATEWAY_TOKEN_FILE = str(tmp_path / "token")
    with web_server(settings, tmp_path) as server:
        settings.SMS_GATEWAY_URL = f"https://{server.host}/send"
        settings.OUTGOING_HOSTS = [server.host]
        yield server


def test_a_text_message_leaves_by_the_gateway_with_its_key(sms):
    sms.answers = [503, 200]
    now = timezone.now()
    for at in (now, now + WAITS[0] + timedelta(seconds=1)):
        with time_machine.travel(at, tick=False):
            post.send(
                SMS, to="+381600000000", text="number_of_the_day", language="en", key="a", seal=SEAL
            )
            leave()

    row = Delivery.objects.get()
    assert row.state == "sent"
    assert [asked[1]["Idempotency-Key"] for asked in sms.asked] == [str(row.pk)] * 2
    path, headers, raw = sms.asked[0]
    body = json.loads(raw)
    assert (path, headers["Authorization"]) == ("/send", "Bearer a token")
    assert body["to"] == "+381600000000"


@pytest.mark.parametrize(
    ("status", "state"), [(200, "sent"), (409, "sent"), (400, "given_up"), (302, "failed")]
)
def test_what_the_gateway_answers(sms, status, state):
    sms.answers = [status]
    post.send(SMS, to="+381600000000", text="number_of_the_day", language="en", key="a", seal=SEAL)

    leave()

    assert (Delivery.objects.get().state, len(sms.asked)) == (state, 1)


@pytest.mark.parametrize(
    "url",
    [
        "http://gate.example/",
        "https://user@gate.example/",
        "https://gate.example:8443/",
        "https://gate.example.evil/",
        "https://evil.example/?gate.example",
        "https://[::1/",
        "https://example.net/",
        "file:///etc/passwd",
    ],
)
def test_only_named_hosts_are_spoken_to(url):
    with pytest.raises(outgoing.ForbiddenError):
        outgoing.allowed(url, ["gate.example", "*.example.net"])


def test_a_name_that_leads_inside_is_not_followed():
    with pytest.raises(outgoing.ForbiddenError):
        outgoing.post(
            "https://localhost/", body=b"", headers={}, hosts=["localhost"], is_public=True
        )


# The words


@pytest.mark.parametrize("language", ["en", "sr-latn"])
def test_J05_no_text_says_what_it_is_about(language):
    assert set(post.TEXTS) >= {"password_link", "address_changed", "number_of_the_day"}
    with translation.override(language):
        said = {code: f"{text.subject}\n{text.body}".lower() for code, text in post.TEXTS.items()}

    assert {code: w for code, text in said.items() for w in NEVER if w in text} == {}
    found = {code: set(re.findall(r"%\((\w+)\)s", text)) for code, text in said.items()}
    assert {name for names in found.values() for name in names} - set(post.FORMS) == set()
    assert [code for code, text in said.items() if re.search(r"%(?!\(\w+\)s)", text)] == []
