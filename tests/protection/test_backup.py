"""H10 and H11: a backup comes back whole on an empty machine, and nothing else comes back."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import psycopg2
import pyrage
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone
from psycopg2 import sql

from accounts.models import AuditEvent
from casework.models import PersonIdentity
from protection.actions.backup import make_backup, prune_backups
from protection.manifest import Manifest
from tests import factories

ROOT = Path(__file__).resolve().parents[2]
NAME = "CANARY Zahra Rahimi"


@pytest.fixture(scope="module")
def identity():
    return pyrage.x25519.Identity.generate()


@pytest.fixture
def identity_file(identity, tmp_path):
    path = tmp_path / "identity"
    path.write_text(f"# kept on paper\n{identity}\n")
    return path


@pytest.fixture
def place(settings, tmp_path, identity, database_url):
    """Where backups go, files lie and lines are kept; one of two people opens them."""
    other = pyrage.x25519.Identity.generate()
    settings.BACKUP_RECIPIENTS = [str(identity.to_public()), str(other.to_public())]
    settings.BACKUP_DATABASE_URL = database_url("casework_backup")
    settings.FILES_DIR = tmp_path / "files"
    settings.ERASURE_LEDGER_FILE = str(tmp_path / "ledger.jsonl")
    settings.AUDIT_ANCHORS_FILE = str(tmp_path / "anchors.jsonl")
    (tmp_path / "files/ab").mkdir(parents=True)
    (tmp_path / "files/ab/abcdef").write_bytes(b"sealed bytes")
    return tmp_path / "backups"


def back_up(place, capsys, **options):
    call_command("backup", out=place, json=True, **options)
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def made(place, capsys, transactional_db):
    """A backup of a house with one name in it."""
    factories.PersonIdentityFactory(name=NAME)
    return Path(back_up(place, capsys)["folder"])


@pytest.fixture(scope="module")
def whole(identity, tmp_path_factory, django_db_setup, django_db_blocker):
    """A backup made once, for what only looks at it."""
    place = tmp_path_factory.mktemp("whole")
    (place / "sealed/ab").mkdir(parents=True)
    (place / "sealed/ab/abcdef").write_bytes(b"sealed bytes")
    told = {
        "BACKUP_RECIPIENTS": [str(identity.to_public())],
        "FILES_DIR": place / "sealed",
        "AUDIT_ANCHORS_FILE": "",
    }
    with django_db_blocker.unblock(), override_settings(**told), transaction.atomic():
        make_backup(place / "backups")
        transaction.set_rollback(True)
    return place / "backups"


@pytest.fixture
def copied(whole, tmp_path):
    """A copy of it that may be harmed."""
    shutil.copytree(whole, tmp_path / "copy")
    return next((tmp_path / "copy").glob("2*"))


def restore(folder, identity_file, **options):
    call_command("restore", folder, identity=identity_file, **options)


def test_nothing_of_a_backup_is_readable_and_the_keys_are_apart(made, place, identity):
    names = sorted(path.name for path in made.iterdir())

    assert names == [
        "SHA256SUMS",
        "a.dump.age",
        "anchors.age",
        "b.dump.age",
        "ledger.age",
        "manifest.age",
    ]
    for path in made.iterdir():
        assert b"CANARY" not in path.read_bytes()
        assert path.suffix != ".age" or path.read_bytes().startswith(b"age-encryption.org/v1")
    set_a = pyrage.decrypt((made / "a.dump.age").read_bytes(), [identity])
    set_b = pyrage.decrypt((made / "b.dump.age").read_bytes(), [identity])
    assert (set_a[:5], set_b[:5]) == (b"PGDMP", b"PGDMP")
    assert b"CANARY" not in set_a
    assert (place / "files/ab/abcdef").read_bytes() == b"sealed bytes"


def test_backup_is_told_in_the_trail_and_checked_by_anybody(made):
    event = AuditEvent.objects.get(verb="backup")

    assert event.note == made.name
    done = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=made, check=False)  # noqa: S607
    assert done.returncode == 0


def test_manifest_counts_every_table(made, identity):
    manifest = Manifest.load(pyrage.decrypt((made / "manifest.age").read_bytes(), [identity]))

    assert manifest.rows["casework_personidentity"] == 1
    assert manifest.rows["vault_datakey"] == 1
    assert manifest.files.keys() == {"ab/abcdef"}


def on_empty_database(database_url, name, tmp_path, *command):
    """Run a command of ours against another database, beside other files."""
    told = {
        "DATABASE_URL": database_url().replace(connection.settings_dict["NAME"], name),
        "FILES_DIR": str(tmp_path / "elsewhere"),
        "ERASURE_LEDGER_FILE": str(tmp_path / "ledger-elsewhere"),
        "AUDIT_ANCHORS_FILE": str(tmp_path / "anchors-elsewhere"),
        "BACKUP_DATABASE_URL": "",
    }
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=os.environ | told,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def empty(database_url):
    """The name of an empty database beside the one of the test."""
    name = f"{connection.settings_dict['NAME']}_empty"

    def run(statement):
        with closing(psycopg2.connect(database_url(), dbname="postgres")) as wire:
            wire.autocommit = True
            wire.cursor().execute(statement)

    run(f"CREATE DATABASE {name}")
    yield name
    run(f"DROP DATABASE {name} WITH (FORCE)")


def contents(url, name):
    """{table: rows} of the tables that a restore does not touch itself."""
    with closing(psycopg2.connect(url.replace(connection.settings_dict["NAME"], name))) as wire:
        cursor = wire.cursor()
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        found = {}
        for (table,) in cursor.fetchall():
            rows = sql.SQL("SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM {} t")
            cursor.execute(rows.format(sql.Identifier(table)))
            found[table] = cursor.fetchone()[0]
    # The backup and the restore are told there.
    del found["accounts_auditevent"]
    return found


def test_H10_backup_comes_back_whole_into_an_empty_database(
    made, identity_file, empty, database_url, tmp_path
):
    done = on_empty_database(
        database_url, empty, tmp_path, "restore", str(made), "--identity", str(identity_file)
    )

    assert done.returncode == 0, done.stderr
    assert "You may start the house" in done.stdout
    before = contents(database_url(), connection.settings_dict["NAME"])
    assert contents(database_url(), empty) == before
    assert (tmp_path / "elsewhere/ab/abcdef").read_bytes() == b"sealed bytes"


def test_restore_into_a_database_with_tables_is_refused(made, identity_file):
    with pytest.raises(CommandError, match="not empty"):
        restore(made, identity_file)

    assert PersonIdentity.objects.get().name == NAME


def test_drill_restores_the_newest_and_leaves_nothing_behind(
    made, place, identity_file, capsys, settings
):
    call_command("restore_drill", out=place, identity=identity_file, json=True)

    told = json.loads(capsys.readouterr().out)
    assert told["folder"] == str(made)
    assert told["opened"] >= 1
    assert AuditEvent.objects.get(verb="restore_drill").result == "ok"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'casework_drill%'")
        assert cursor.fetchone() == (0,)


def test_failed_drill_says_why_and_is_written_down(made, place, identity_file):
    (made / "a.dump.age").write_bytes(b"")

    with pytest.raises(CommandError, match=r"a\.dump\.age was changed or cut"):
        call_command("restore_drill", out=place, identity=identity_file)

    assert AuditEvent.objects.get(verb="restore_drill").result == "failed"


def test_drill_without_a_backup_says_so(tmp_path):
    with pytest.raises(CommandError, match="no backup"):
        call_command("restore_drill", out=tmp_path, identity=tmp_path / "x")


# H11


def flip(path):
    told = bytearray(path.read_bytes())
    told[len(told) // 2] ^= 1
    path.write_bytes(told)


def cut(path):
    path.write_bytes(path.read_bytes()[:-40])


@pytest.mark.parametrize("part", ["a.dump.age", "b.dump.age", "ledger.age"])
@pytest.mark.parametrize("harm", [flip, cut], ids=["flipped", "cut"])
def test_H11_harmed_part_is_refused_by_its_name(copied, identity_file, part, harm):
    harm(copied / part)

    with pytest.raises(CommandError, match=f"{part} was changed or cut"):
        restore(copied, identity_file, check=True)


@pytest.mark.parametrize("harm", [flip, cut], ids=["flipped", "cut"])
def test_H11_harmed_manifest_is_refused(copied, identity_file, harm):
    harm(copied / "manifest.age")

    with pytest.raises(CommandError, match="manifest does not open"):
        restore(copied, identity_file, check=True)


def test_H11_harmed_sealed_file_is_refused(copied, identity_file):
    flip(copied.parent / "files/ab/abcdef")

    with pytest.raises(CommandError, match="abcdef was changed or cut"):
        restore(copied, identity_file, check=True)


def test_H11_wrong_identity_is_refused(copied, tmp_path):
    path = tmp_path / "another"
    path.write_text(str(pyrage.x25519.Identity.generate()))

    with pytest.raises(CommandError, match="not one of the people"):
        restore(copied, path, check=True)


@pytest.mark.parametrize("text", ["", "AGE-SECRET-KEY-nonsense"])
def test_H11_file_without_an_identity_is_refused(copied, tmp_path, text):
    path = tmp_path / "another"
    path.write_text(text)

    with pytest.raises(CommandError, match="identity file"):
        restore(copied, path, check=True)


def test_H11_key_ring_of_another_house_is_refused(copied, identity_file, settings, tmp_path):
    call_command("key_ring", "make", file=tmp_path / "other-ring", verbosity=0)
    settings.KEY_RING_FILE = str(tmp_path / "other-ring")

    with pytest.raises(CommandError, match="key ring is not the one"):
        restore(copied, identity_file, check=True)


def test_H11_made_up_backup_is_refused(copied, identity, identity_file):
    told = json.loads(pyrage.decrypt((copied / "manifest.age").read_bytes(), [identity]))
    told["rows"]["casework_personidentity"] = 7
    forged = pyrage.encrypt(json.dumps(told).encode(), [identity.to_public()])
    (copied / "manifest.age").write_bytes(forged)

    with pytest.raises(CommandError, match="manifest was changed"):
        restore(copied, identity_file, check=True)


@pytest.mark.parametrize("part", ["a.dump.age", "ledger.age"])
def test_H11_missing_part_is_named(copied, identity_file, part):
    (copied / part).unlink()

    with pytest.raises(CommandError, match=f"{part} is missing"):
        restore(copied, identity_file, check=True)


def test_whole_backup_passes_the_check(copied, identity_file, capsys):
    restore(copied, identity_file, check=True)

    assert capsys.readouterr().out.startswith("Whole: made ")


# What makes none


def test_backup_without_recipients_is_refused(place, settings, transactional_db):
    settings.BACKUP_RECIPIENTS = []

    with pytest.raises(CommandError, match="BACKUP_RECIPIENTS names 0"):
        call_command("backup", out=place)


def test_backup_for_one_person_is_refused_where_data_are_real(place, settings, transactional_db):
    settings.LOCAL = False
    settings.BACKUP_RECIPIENTS = settings.BACKUP_RECIPIENTS[:1]

    with pytest.raises(CommandError, match="give 2"):
        call_command("backup", out=place)


def test_recipient_that_is_no_key_is_refused(place, settings, transactional_db):
    settings.BACKUP_RECIPIENTS = ["somebody@example.org", "x"]

    with pytest.raises(CommandError, match="no age key"):
        call_command("backup", out=place)


def test_role_that_does_not_see_everything_makes_no_backup(
    place, settings, database_url, transactional_db
):
    settings.BACKUP_DATABASE_URL = database_url("casework_web")

    with pytest.raises(CommandError, match="does not give all"):
        call_command("backup", out=place)

    assert list(place.iterdir()) == []


def test_missing_program_is_named(place, settings, transactional_db):
    settings.PG_BIN = "/nowhere"

    with pytest.raises(CommandError, match="PG_BIN"):
        call_command("backup", out=place)

    assert list(place.iterdir()) == []


# What is kept


def test_keys_go_after_thirty_days_and_the_rest_after_a_year(copied, identity_file):
    old = copied.with_name((timezone.now() - timedelta(days=31)).strftime("%Y%m%dT%H%M%SZ"))
    ancient = copied.with_name((timezone.now() - timedelta(days=366)).strftime("%Y%m%dT%H%M%SZ"))
    shutil.copytree(copied, old)
    shutil.copytree(copied, ancient)
    (copied.parent / "files/cd").mkdir()
    (copied.parent / "files/cd/cdef").write_bytes(b"named by no backup")

    gone = prune_backups(copied.parent, timezone.now())

    assert gone == [ancient.name, f"{old.name}/b.dump.age"]
    assert copied.exists()
    assert (copied / "b.dump.age").exists()
    assert (old / "a.dump.age").exists()
    assert not (copied.parent / "files/cd/cdef").exists()
    assert (copied.parent / "files/ab/abcdef").exists()
    with pytest.raises(CommandError, match="30 days"):
        restore(old, identity_file, check=True)
