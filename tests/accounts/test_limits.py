import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import RequestFactory

from accounts import limits
from accounts.addresses import client_address
from accounts.models import LimitCount

pytestmark = pytest.mark.django_db

FROM_ANOTHER_PROCESS = """
import django
django.setup()
from accounts.limits import hit
print(sum(hit("try", "key", limit=20, seconds=600) for _ in range(15)))
"""


def hits(name, key, times, limit=3, seconds=600):
    return [limits.hit(name, key, limit=limit, seconds=seconds) for _ in range(times)]


def test_the_limit_is_reached_and_not_passed():
    assert hits("try", "one", 5) == [True, True, True, False, False]
    assert hits("try", "another", 1) == [True]
    assert hits("other", "one", 1) == [True]


def test_a_refused_hit_is_not_counted_so_the_window_ends():
    hits("try", "one", 6)
    assert LimitCount.objects.get(name="try").hits[3:] == []

    age("try", seconds=601)

    assert hits("try", "one", 4) == [True, True, True, False]


def test_the_window_slides():
    hits("try", "one", 2)
    age("try", seconds=400)
    hits("try", "one", 1)
    assert hits("try", "one", 1) == [False]

    age("try", seconds=250)

    assert hits("try", "one", 3) == [True, True, False]


def test_a_clock_that_was_set_back_holds_nobody_up():
    hits("try", "one", 3)
    age("try", seconds=-3600)

    assert hits("try", "one", 1) == [True]


@pytest.mark.django_db(transaction=True)
def test_a_hit_outlives_the_transaction_of_the_request():
    class RefusedError(Exception):
        pass

    @transaction.atomic
    def refused():
        hits("try", "one", 3)
        raise RefusedError

    with pytest.raises(RefusedError):
        refused()

    assert hits("try", "one", 1) == [False]


def test_counting_opens_one_connection_however_often():
    opened = "SELECT pid, backend_start FROM pg_stat_activity WHERE query LIKE '%%limitcount%%'"
    opened += " AND pid <> pg_backend_pid() AND datname = current_database()"

    def counters():
        with connection.cursor() as cursor:
            cursor.execute(opened)
            return cursor.fetchall()

    hits("try", "one", 1)
    first = counters()
    hits("try", "another", 20)

    assert len(first) == 1
    assert counters() == first


def test_a_connection_that_broke_is_opened_anew():
    hits("try", "one", 2)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE query LIKE '%%limitcount%%' AND pid <> pg_backend_pid()"
            " AND datname = current_database()"
        )

    assert hits("try", "one", 2) == [True, False]


@pytest.mark.django_db(transaction=True)
def test_two_processes_count_together(database_url):
    environment = {**os.environ, "DATABASE_URL": database_url("casework_web")}
    command = [sys.executable, "-c", FROM_ANOTHER_PROCESS]
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings"

    running = [
        subprocess.Popen(  # noqa: S603  # our own interpreter and a text of ours
            command, env=environment, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    counted = [int(process.communicate(timeout=60)[0]) for process in running]

    assert sum(counted) == 20


@pytest.mark.django_db(transaction=True)
def test_many_at_once_take_no_more_than_there_are():
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: hits("try", "one", 5, limit=7), range(8)))

    assert sum(map(sum, taken)) == 7


def test_neither_address_nor_login_is_in_the_table():
    hits("sign_in", "milena|198.51.100.7", 1)

    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_limitcount::text FROM accounts_limitcount")
        (row,) = cursor.fetchone()
    assert "milena" not in row
    assert "198.51" not in row


def test_what_is_over_is_forgotten():
    hits("try", "old", 1)
    age("try", seconds=601)
    hits("try", "new", 1)

    limits.forget_expired()

    assert [count.key for count in LimitCount.objects.all()] == [limits.blind("try", "new")]


AGE = """
UPDATE accounts_limitcount
SET hits = ARRAY(SELECT each - %(ago)s FROM unnest(hits) AS each), expires_at = expires_at - %(ago)s
WHERE name = %(name)s
"""


def age(name, seconds):
    """Let time pass for what was counted, as seen by everybody."""
    with closing(connection.copy()) as own, own.cursor() as cursor:
        cursor.execute(AGE, {"ago": timedelta(seconds=seconds), "name": name})


# From where


def request(remote="198.51.100.7", **headers):
    return RequestFactory().get("/", REMOTE_ADDR=remote, **headers)


def test_a_forwarded_address_is_not_believed_without_a_proxy():
    spoofed = request(HTTP_X_FORWARDED_FOR="203.0.113.9", HTTP_X_REAL_IP="203.0.113.9")

    assert client_address(spoofed) == "198.51.100.7"


def test_a_trusted_proxy_tells_the_address_it_saw(settings):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8", "socket"]

    assert client_address(request("10.1.2.3", HTTP_X_FORWARDED_FOR="203.0.113.9")) == "203.0.113.9"
    assert client_address(request("", HTTP_X_FORWARDED_FOR="203.0.113.9")) == "203.0.113.9"


def test_what_the_client_put_before_the_proxys_word_is_not_believed(settings):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    spoofed = request("10.1.2.3", HTTP_X_FORWARDED_FOR="192.0.2.1, 203.0.113.9, 10.9.9.9")

    assert client_address(spoofed) == "203.0.113.9"


@pytest.mark.parametrize(
    ("remote", "counted"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("", "unknown"),
        ("not an address", "unknown"),
    ],
)
def test_an_address_counts_in_one_spelling(remote, counted):
    assert client_address(request(remote)) == counted
