"""The trail is sealed, and every change to it is found. Checks I06 and I08."""

import base64
import json
import os
import secrets
import signal
import subprocess
import sys
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import psycopg2
import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, connections, transaction
from django.utils import timezone

from accounts import audit_seals, tasks
from accounts.actions.seals import (
    anchor_outside,
    check_trail,
    drop_old_segments,
    note_restore,
    seal_trail,
)
from accounts.audit import record
from accounts.models import AuditEvent, AuditSeal, Notice, OutboxJob
from tests import factories
from tests.posting import leave

# A transaction that is open anywhere on the server holds the sealing back.
pytestmark = pytest.mark.alone

ROOT = Path(__file__).resolve().parents[2]
AT_ONCE = timedelta(0)
TABLES = ["accounts_auditevent", "accounts_auditseal", "accounts_auditkey"]


@pytest.fixture
def key_file(tmp_path):
    path = tmp_path / "signing-key"
    path.write_text(base64.b64encode(secrets.token_bytes(32)).decode())
    path.chmod(0o400)
    return path


@pytest.fixture
def key(key_file):
    return audit_seals.SigningKey.read(key_file)


@pytest.fixture
def house_row(transactional_db):
    return factories.OrganizationFactory()


def act(row, times=1):
    for _ in range(times):
        with transaction.atomic():
            record(None, "look", row)


def take_back(row):
    with transaction.atomic():
        record(None, "look", row)
        transaction.set_rollback(True)


def as_owner(statement, *values):
    """What somebody does who owns the tables and takes the guards away first."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
        cursor.execute(statement, values)
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER append_only")


@pytest.fixture
def sealed(house_row, key):
    """Three seals over three rows each; the ids of the nine rows."""
    for _ in range(3):
        act(house_row, 3)
        seal_trail(key)
    return list(AuditEvent.objects.order_by("id").values_list("id", flat=True))


def test_seals_follow_each_other_and_cover_every_row(sealed):
    seals = list(AuditSeal.objects.order_by("number"))

    verdict = audit_seals.verify()

    assert [(seal.number, seal.count) for seal in seals] == [(1, 3), (2, 3), (3, 3)]
    assert [seal.prev for seal in seals[1:]] == [seal.hash for seal in seals[:2]]
    assert (verdict.problem, verdict.seals, verdict.rows) == ("", 3, 9)


def test_nothing_new_makes_no_seal(sealed, key):
    assert seal_trail(key) is None


@pytest.mark.usefixtures("sealed")
def test_row_of_an_open_transaction_waits_and_what_follows_it_too(house_row, key):
    """A gap is not sealed as a gap while its transaction may still end well."""
    entered, leave = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            record(None, "look", house_row)
            entered.set()
            leave.wait(20)
        connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    entered.wait(20)
    act(house_row)
    waiting = seal_trail(key)
    leave.set()
    thread.join()
    seal = seal_trail(key)

    assert waiting is None
    assert (seal.count, seal.gaps) == (2, [])
    assert audit_seals.verify().is_good


def test_row_that_comes_into_a_sealed_gap_is_sealed_late(house_row, key):
    act(house_row)
    seal_trail(key)
    entered, leave = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic(), connection.cursor() as cursor:
            # The number is taken long before the row gets a transaction of its own.
            cursor.execute("SELECT nextval(pg_get_serial_sequence('accounts_auditevent', 'id'))")
            number = cursor.fetchone()[0]
            entered.set()
            leave.wait(20)
            AuditEvent.objects.create(id=number, verb="look", object_type="x")
        connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    entered.wait(20)
    act(house_row)
    early = seal_trail(key, hold=AT_ONCE)
    leave.set()
    thread.join()
    late = seal_trail(key)

    assert (early.gaps, early.count) == ([[early.first, early.first]], 1)
    assert (late.late, late.count, late.last) == ([early.first], 1, early.last)
    assert audit_seals.verify().is_good


def test_rollback_is_a_gap_and_no_alarm(house_row, key):
    act(house_row)
    take_back(house_row)
    act(house_row)

    seal = seal_trail(key, hold=AT_ONCE)

    assert (seal.count, len(seal.gaps)) == (2, 1)
    assert audit_seals.verify().is_good


def test_gap_waits_until_its_transaction_must_have_ended(house_row, key):
    act(house_row)
    seal_trail(key)
    take_back(house_row)
    act(house_row)

    assert seal_trail(key) is None
    assert seal_trail(key, hold=AT_ONCE).count == 1


def test_changed_row_is_found(sealed):
    as_owner("UPDATE accounts_auditevent SET verb = 'other' WHERE id = %s", sealed[4])

    verdict = audit_seals.verify()

    assert (verdict.first_bad, verdict.problem) == (
        sealed[4],
        "a row was changed, added or taken away",
    )


def test_deleted_row_is_found(sealed):
    as_owner("DELETE FROM accounts_auditevent WHERE id = %s", sealed[7])

    assert audit_seals.verify().first_bad == sealed[7]


def test_swapped_rows_are_found(sealed):
    as_owner("UPDATE accounts_auditevent SET id = -1 WHERE id = %s", sealed[0])
    as_owner("UPDATE accounts_auditevent SET id = %s WHERE id = %s", sealed[0], sealed[5])
    as_owner("UPDATE accounts_auditevent SET id = %s WHERE id = -1", sealed[5])

    assert audit_seals.verify().first_bad == sealed[0]


def test_row_slipped_into_an_old_gap_is_found(house_row, key):
    act(house_row)
    take_back(house_row)
    act(house_row)
    seal = seal_trail(key, hold=AT_ONCE)
    ((gap, _end),) = seal.gaps
    long_ago = timezone.now() - timedelta(hours=2)
    as_owner("DELETE FROM accounts_auditseal")
    seal.at = long_ago
    seal.hash = audit_seals.hash_of(seal)
    seal.signature = key.sign(seal.hash)
    seal.save(force_insert=True)
    AuditEvent.objects.create(id=gap, verb="look", object_type="x")

    verdict = audit_seals.verify()

    assert (verdict.first_bad, verdict.problem) == (gap, "a row stands where a sealed gap was")
    assert seal_trail(key) is None


@pytest.mark.usefixtures("sealed")
def test_missing_seal_is_found():
    third = AuditSeal.objects.get(number=3)
    as_owner("DELETE FROM accounts_auditseal WHERE number = 2")

    assert audit_seals.verify().first_bad == third.first


@pytest.mark.usefixtures("sealed")
def test_changed_seal_is_found():
    second = AuditSeal.objects.get(number=2)
    as_owner("UPDATE accounts_auditseal SET count = 2 WHERE number = 2")

    verdict = audit_seals.verify()

    assert (verdict.first_bad, verdict.problem) == (second.first, "a seal was changed")


@pytest.mark.usefixtures("sealed")
def test_seal_of_an_unknown_key_is_found(key, tmp_path):
    """Whoever owns the database can sign anew, but not with the key that was published."""
    path = tmp_path / "other"
    path.write_text(base64.b64encode(secrets.token_bytes(32)).decode())
    path.chmod(0o400)
    other = audit_seals.SigningKey.read(path)
    third = AuditSeal.objects.get(number=3)
    third.key = other.name
    third.hash = audit_seals.hash_of(third)
    third.signature = other.sign(third.hash)
    as_owner("DELETE FROM accounts_auditseal WHERE number = 3")
    third.save(force_insert=True)
    as_owner(
        "INSERT INTO accounts_auditkey (key, public, since) VALUES (%s, %s, now())",
        other.name,
        other.public,
    )
    published = audit_seals.Outside(keys={key.name: key.public})

    assert audit_seals.verify().is_good
    verdict = audit_seals.verify(published)
    assert (verdict.first_bad, verdict.problem) == (
        third.first,
        "a seal is not signed by a key we know",
    )


def test_cut_tail_is_found_by_what_was_told_outside(sealed, key, tmp_path):
    anchors = tmp_path / "audit" / "anchors.jsonl"
    anchor_outside(anchors, key, None)
    as_owner("DELETE FROM accounts_auditseal WHERE number = 3")
    as_owner("DELETE FROM accounts_auditevent WHERE id >= %s", sealed[6])

    alone = audit_seals.verify()
    told = audit_seals.verify(audit_seals.Outside.read(anchors))

    assert alone.is_good
    assert (told.is_good, told.first_bad) == (False, sealed[6])


@pytest.mark.usefixtures("sealed")
def test_anchor_of_another_chain_is_found():
    verdict = audit_seals.verify(audit_seals.Outside(anchors={2: "0" * 64}))

    assert verdict.first_bad == AuditSeal.objects.get(number=2).first


def test_after_a_restore_the_trail_continues(sealed, key, tmp_path):
    anchors = tmp_path / "anchors.jsonl"
    anchor_outside(anchors, key, None)
    as_owner("DELETE FROM accounts_auditseal WHERE number = 3")
    as_owner("DELETE FROM accounts_auditevent WHERE id >= %s", sealed[6])

    note_restore(anchors)
    verdict = audit_seals.verify(audit_seals.Outside.read(anchors))

    assert (verdict.is_good, verdict.lost_anchors) == (True, 1)


@pytest.mark.usefixtures("sealed")
def test_anchor_goes_outside_once_an_hour(key, tmp_path):
    anchors = tmp_path / "anchors.jsonl"

    first = anchor_outside(anchors, key, None)
    again = anchor_outside(anchors, key, first)
    later = anchor_outside(anchors, key, first - timedelta(hours=1))

    assert again == first < later
    assert len(anchors.read_text().splitlines()) == 3
    assert str(audit_seals.latest_anchor()).startswith("3:")


def test_no_anchor_before_the_first_seal(db, key, tmp_path):
    assert audit_seals.latest_anchor() is None
    assert anchor_outside(tmp_path / "anchors.jsonl", key, None) is None


def test_command_says_where_it_broke(sealed, settings, capsys):
    settings.AUDIT_ANCHORS_FILE = ""
    call_command("verify_audit", "--json")
    whole = json.loads(capsys.readouterr().out)
    as_owner("UPDATE accounts_auditevent SET note = 'x' WHERE id = %s", sealed[2])

    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit")

    assert (whole["ok"], whole["rows"]) == (True, 9)
    assert ended.value.code == 1
    assert f"row {sealed[2]}" in capsys.readouterr().out


def test_command_takes_an_anchor_from_paper(sealed, capsys):
    third = AuditSeal.objects.get(number=3)

    call_command("verify_audit", "--anchor", f"3:{third.hash}")

    assert "1 anchors outside" in capsys.readouterr().out


@pytest.mark.parametrize("mode", [0o444, 0o440])
def test_key_that_others_can_read_is_refused(key_file, mode):
    key_file.chmod(mode)

    with pytest.raises(audit_seals.SigningKeyError, match="read by others"):
        audit_seals.SigningKey.read(key_file)


def test_key_that_is_none_is_refused(tmp_path):
    path = tmp_path / "key"
    path.write_text("short")

    with pytest.raises(audit_seals.SigningKeyError, match="32 bytes"):
        audit_seals.SigningKey.read(path)
    with pytest.raises(audit_seals.SigningKeyError, match="cannot be read"):
        audit_seals.SigningKey.read(tmp_path / "none")


# I06


STATEMENTS = ["UPDATE {} SET {} = now()", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
MOMENTS = {"accounts_auditkey": "since"}
EACH = [(table, statement) for table in TABLES for statement in STATEMENTS]


@pytest.mark.usefixtures("transactional_db")
@pytest.mark.parametrize("role", ["casework_web", "casework_worker", "casework_seal"])
def test_I06_no_process_changes_what_was_written(database_url, role):
    wire = psycopg2.connect(database_url(role))
    wire.autocommit = True

    with closing(wire), wire.cursor() as cursor:
        for table, statement in EACH:
            with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="permission denied"):
                cursor.execute(statement.format(table, MOMENTS.get(table, "at")))


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(("table", "statement"), EACH)
def test_I06_not_even_the_owner_by_mistake(table, statement):
    told = statement.format(table, MOMENTS.get(table, "at"))

    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="never changed"):
        cursor.execute(told)


# I08


def test_I08_parallel_reads_with_rollbacks_give_no_false_alarm(house_row, key):
    total, workers = 2_000, 8

    def read(number):
        for each in range(total // workers):
            (take_back if each % 10 == number % 10 else act)(house_row)
        connections.close_all()

    threads = [threading.Thread(target=read, args=[number]) for number in range(workers)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        seal_trail(key)
        threads[0].join(0.2)
    for thread in threads:
        thread.join()
    while seal_trail(key, hold=AT_ONCE):
        pass

    verdict = audit_seals.verify()
    gaps = [high - low + 1 for seal in AuditSeal.objects.all() for low, high in seal.gaps]
    assert (verdict.problem, verdict.unsealed, verdict.rows) == ("", 0, total * 9 // 10)
    assert sum(gaps) - sum(len(seal.late) for seal in AuditSeal.objects.all()) == total // 10


def test_I08_killed_sealer_catches_up(house_row, key_file, tmp_path, database_url):
    act(house_row, 3)
    environment = os.environ | {
        "DATABASE_URL": database_url("casework_seal"),
        "AUDIT_SIGNING_KEY_FILE": str(key_file),
        "AUDIT_ANCHORS_FILE": str(tmp_path / "anchors.jsonl"),
    }
    command = [sys.executable, "manage.py", "seal_audit"]

    sealer = subprocess.Popen(command, cwd=ROOT, env=environment)  # noqa: S603 - our own command
    while not AuditSeal.objects.exists():
        assert sealer.poll() is None
    sealer.send_signal(signal.SIGKILL)
    sealer.wait()
    act(house_row, 4)
    subprocess.run([*command, "--once"], cwd=ROOT, env=environment, check=True)  # noqa: S603

    outside = audit_seals.Outside.read(tmp_path / "anchors.jsonl")
    verdict = audit_seals.verify(outside)
    assert (verdict.problem, verdict.rows, verdict.unsealed) == ("", 7, 0)
    assert verdict.anchors >= 1


# What the clock starts


def aged(seal, key, years):
    """The seal and its rows as they would be after some years."""
    moment = timezone.now() - timedelta(days=366 * years + 1)
    as_owner(
        "UPDATE accounts_auditevent SET at = %s WHERE id BETWEEN %s AND %s",
        moment,
        seal.first,
        seal.last,
    )
    as_owner("DELETE FROM accounts_auditseal WHERE number = %s", seal.number)
    seal.at = moment
    seal.root, marks = audit_seals.sums(audit_seals.rows_of(seal))
    seal.marks = marks
    seal.hash = audit_seals.hash_of(seal)
    seal.signature = key.sign(seal.hash)
    seal.save(force_insert=True)


@pytest.fixture
def old(house_row, key):
    """A first seal over two rows; `old(years, verb)` ages it and seals a new row above it."""

    def make(years, verb="look"):
        with transaction.atomic():
            record(None, verb, house_row)
            record(None, "look", house_row)
        seal = seal_trail(key)
        aged(seal, key, years)
        act(house_row)
        seal_trail(key)
        return AuditSeal.objects.get(number=1)

    return make


def ids():
    return set(AuditEvent.objects.values_list("id", flat=True))


@pytest.mark.parametrize(
    ("years", "verb", "goes"),
    [
        (1, "look", False),
        (2, "look", True),
        (2, "show_identity", False),
        (4, "read_notes", False),
        (5, "show_identity", True),
    ],
)
def test_segment_goes_after_its_time_and_the_seal_stays(old, years, verb, goes):
    seal = old(years, verb)

    gone = drop_old_segments()

    assert gone == (2 if goes else 0)
    assert ({seal.first, seal.last} & ids() == set()) is goes
    verdict = audit_seals.verify()
    assert (verdict.problem, verdict.dropped) == ("", 2 if goes else 0)


def test_the_database_looks_at_the_age_itself_whatever_the_clock_says(old):
    old(3, "show_identity")
    drop_old_segments()

    later = timezone.now() + timedelta(days=366 * 2 + 1)

    assert drop_old_segments(later) == 0
    assert AuditEvent.objects.filter(verb="drop_segments").count() == 4


@pytest.mark.usefixtures("sealed")
def test_night_check_is_written_down(tmp_path):
    check_trail(tmp_path / "none")

    event = AuditEvent.objects.get(verb="verify_audit")

    assert (event.result, event.meta["rows"], event.meta["ok"]) == ("ok", 9, True)


def test_night_check_tells_the_keepers_what_does_not_fit(sealed, dpo, director, caseworker):
    as_owner("UPDATE accounts_auditevent SET note = 'x' WHERE id = %s", sealed[3])

    tasks.check_trail()

    event = AuditEvent.objects.get(verb="verify_audit")
    assert (event.result, event.meta["first_bad"]) == ("failed", sealed[3])
    assert {n.user for n in Notice.objects.filter(code="audit_broken")} == {dpo, director}


def test_seal_of_the_day_is_mailed_to_those_who_keep_it(
    sealed, dpo, caseworker, settings, mailoutbox
):
    settings.SITE_URL, settings.EMAIL_HOST = "https://casework.example", "mail.example"
    settings.OUTGOING_HOSTS = ["mail.example"]
    dpo.email = "keeper@example.org"
    dpo.save()
    caseworker.email = "other@example.org"
    caseworker.save()

    tasks.promise_anchor()
    tasks.promise_anchor()
    job = OutboxJob.objects.get(event="anchor_due")
    promised = OutboxJob.objects.create(
        event=job.event, args=job.args, task="accounts.tasks.mail_anchor", dedupe_key="one"
    )
    tasks.mail_anchor(str(promised.pk))
    leave()

    (mail,) = mailoutbox
    assert mail.to == ["keeper@example.org"]
    assert str(audit_seals.latest_anchor()) in mail.body


@pytest.mark.usefixtures("sealed")
def test_without_a_mail_server_nothing_is_promised():
    tasks.promise_anchor()
    tasks.drop_old_segments()

    assert OutboxJob.objects.filter(event="anchor_due").count() == 0
