"""I11, I12, F08 and the ledger: what is erased is gone, whatever interrupts, and nobody else."""

import json
import os
import subprocess
import sys
import threading
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, connections, transaction
from django.db.utils import InternalError, ProgrammingError
from django.test.client import MULTIPART_CONTENT
from django.utils import timezone

from accounts.models import AuditEvent, Draft, Session
from casework.models import Case, CaseFile, CaseNote, Person, PersonIdentity, PersonSearch, Visit
from files.actions import store
from files.models import StoredFile
from protection.actions import apply_ledger, check_ledger, erase, place_hold
from protection.actions.erasure import STEPS
from protection.actions.ledger import LedgerError, read_ledger_file
from protection.models import ErasureLedger, Subject
from protection.reach import belongings, keys_of, mentions
from reports.models import KeptFact
from screening.models import Screening
from tests import factories
from tests.protection.breaking import break_at, mend
from tests.protection.conftest import HERS, live
from vault.models import DataKey

ROOT = Path(__file__).resolve().parents[2]
# Where the random number of somebody who went may stand: who did what, and what went.
MAY_NAME = {
    "accounts_auditevent",
    "protection_erasureledger",
    "protection_erasurerequest",
}


def tables_naming(ids):
    """Every table in which one of these random numbers stands in any column."""
    wanted = "|".join(sorted(ids))
    with connection.cursor() as cursor:
        found = set()
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT count(*) FROM {name} t WHERE t::text ~ %s", [wanted])  # noqa: S608
            if cursor.fetchone()[0]:
                found.add(table)
    return found


def add_file(case, actor):
    upload = SimpleUploadedFile("a.jpg", b"\xff\xd8\xff\xe0" + b"0" * 100, "image/jpeg")
    stored = store(upload, data_key=case.data_key, actor=actor)
    return CaseFile.objects.create(
        case=case,
        data_key=case.data_key,
        stored_file=stored,
        kind=CaseFile.Kind.PHOTO,
        label=HERS,
        added_by=actor,
    )


def test_I11_nothing_of_her_is_left_anywhere(life, caseworker):
    add_file(life, caseworker)
    ids = mentions(Subject.PERSON, life.person_id)
    assert tables_naming(ids) > {"casework_person", "vault_datakey", "files_storedfile"}

    row = erase(Subject.PERSON, life.person_id)

    assert tables_naming(ids) <= MAY_NAME
    assert (row.erased, row.kind) == (life.person_id, Subject.PERSON)
    assert AuditEvent.objects.filter(verb="erase").count() == 1


def test_I11_others_lose_nothing(life, other_life):
    hers = {each.model: len(each.ids(other_life.person_id)) for each in belongings("person")}

    erase(Subject.PERSON, life.person_id)

    after = {each.model: len(each.ids(other_life.person_id)) for each in belongings("person")}
    assert after == hers
    assert PersonIdentity.objects.get().name == "Other Canary"
    assert CaseNote.objects.select_related("data_key").get().text == "Other Canary said"


def test_I11_what_was_counted_stays(life):
    before = KeptFact.objects.count()

    erase(Subject.PERSON, life.person_id)

    assert KeptFact.objects.count() > before


def test_I11_a_case_goes_and_the_person_stays(life):
    ids = mentions(Subject.CASE, life.pk)

    erase(Subject.CASE, life.pk)

    assert tables_naming(ids) <= MAY_NAME
    person = Person.objects.select_related("data_key").get()
    assert person.archived_on is None
    assert PersonIdentity.objects.get().name == HERS
    assert Visit.objects.count() == 1


def test_I11_drafts_on_the_way_to_her_go_and_others_stay(life, caseworker):
    ends_at = timezone.now() + timedelta(hours=1)
    session = Session.objects.create(digest="0" * 64, data="", user=caseworker, ends_at=ends_at)
    for path in (f"/cases/{life.pk}/notes/", "/visits/new/"):
        draft = Draft(session=session, user=caseworker, ends_at=ends_at)
        draft.close(json.dumps([path, [["text", HERS]], False]).encode())
        draft.save()

    erase(Subject.PERSON, life.person_id)

    assert [json.loads(draft.open())[0] for draft in Draft.objects.all()] == ["/visits/new/"]


def test_a_screen_in_her_hands_forgets_her_and_no_other_does(life, caseworker):
    talk = Screening.objects.get(case=life)
    rows = [
        Session.objects.create(
            digest=digit * 64,
            data="",
            user=caseworker,
            ends_at=timezone.now() + timedelta(hours=1),
            handed_over={"home": "/questions/", "routes": [], "told": {"screening": number}},
        )
        for digit, number in [("0", str(talk.pk)), ("1", str(uuid4()))]
    ]
    ids = mentions(Subject.PERSON, life.person_id)

    erase(Subject.PERSON, life.person_id)

    told = [Session.objects.get(pk=row.pk).handed_over["told"] for row in rows]
    assert told == [{}, rows[1].handed_over["told"]]
    assert tables_naming(ids) <= MAY_NAME


def test_every_table_that_leads_to_a_person_is_reached():
    reached = {each.model._meta.label for each in belongings(Subject.PERSON)}

    assert reached >= {
        "casework.Case",
        "casework.CaseAccess",
        "casework.CaseEvent",
        "casework.CaseFile",
        "casework.CaseNote",
        "casework.Consent",
        "casework.IncomeActivitySession",
        "casework.LeafletGiven",
        "casework.PersonIdentity",
        "casework.PersonSearch",
        "casework.ServiceDelivered",
        "casework.TraffickingStatus",
        "casework.Visit",
        "casework.Visit_explained",
        "protection.DueRow",
        "protection.LegalHold",
        "referrals.Referral",
        "referrals.ReferralStep",
        "screening.Screening",
    }
    assert [each.model for each in belongings(Subject.PERSON)][-1] is Person


def test_children_go_before_their_parents():
    order = [each.model._meta.label for each in belongings(Subject.PERSON)]

    assert order.index("referrals.ReferralStep") < order.index("referrals.Referral")
    assert order.index("casework.LeafletGiven") < order.index("casework.Visit")
    assert order.index("referrals.Referral") < order.index("casework.Consent")


# I12: cut off anywhere, finished by running it again

PLACES = [
    ("vault_datakey", "DELETE"),
    ("protection_erasureledger", "INSERT"),
    ("casework_personsearch", "DELETE"),
    ("accounts_notice", "DELETE"),
    ("accounts_outboxjob", "DELETE"),
    ("files_storedfile", "UPDATE"),
    ("reports_keptfact", "INSERT"),
    ("casework_casenote", "DELETE"),
    ("screening_screening", "DELETE"),
    ("casework_case", "DELETE"),
    ("casework_person", "DELETE"),
]


@pytest.mark.parametrize(("table", "event"), PLACES)
def test_I12_cut_off_and_run_again_it_is_complete(life, caseworker, table, event):
    add_file(life, caseworker)
    ids = mentions(Subject.PERSON, life.person_id)
    break_at(table, event)

    with pytest.raises(InternalError, match="cut off"):
        erase(Subject.PERSON, life.person_id)
    keys_are_gone = not DataKey.objects.filter(pk=life.person_id).exists()
    mend(table)
    erase(Subject.PERSON, life.person_id)

    # Only where the first step itself was cut off can she still be read.
    assert keys_are_gone == (table not in {"vault_datakey", "protection_erasureledger"})
    assert tables_naming(ids) <= MAY_NAME
    assert ErasureLedger.objects.count() == 1


def test_I12_the_key_goes_first(life):
    break_at("casework_personsearch", "DELETE")

    with pytest.raises(InternalError):
        erase(Subject.PERSON, life.person_id)

    assert PersonIdentity.objects.select_related("data_key").get().name == ""
    assert [note.text for note in CaseNote.objects.select_related("data_key")] == [""]
    assert not Person.objects.visible_to(life.owner).exists()
    mend("casework_personsearch")


@pytest.mark.django_db(transaction=True)
def test_I12_a_killed_process_leaves_nothing_half_done(life, database_url, ledger):
    ids = mentions(Subject.PERSON, life.person_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN PERFORM pg_sleep(60); RETURN NULL; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER wait BEFORE DELETE ON casework_visit"
            " FOR EACH STATEMENT EXECUTE FUNCTION wait()"
        )
    told = {"DATABASE_URL": database_url("casework_worker"), "ERASURE_LEDGER_FILE": str(ledger)}
    command = [sys.executable, "manage.py", "erase", "person", str(life.person_id)]
    quiet = {"cwd": ROOT, "env": {**os.environ, **told}, "stdout": subprocess.DEVNULL}
    child = subprocess.Popen(command, **quiet)  # noqa: S603  # our own command
    _until(_sleeping)
    child.kill()
    child.wait(30)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        cursor.execute("DROP TRIGGER wait ON casework_visit")

    assert not DataKey.objects.filter(pk=life.person_id).exists()
    assert Visit.objects.exists()
    again = subprocess.run(command, **quiet, timeout=120)  # noqa: S603  # as above

    assert again.returncode == 0
    assert tables_naming(ids) <= MAY_NAME


def _until(true, seconds=30):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def _sleeping():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE wait_event = 'PgSleep' AND datname = current_database()"
        )
        return cursor.fetchone()[0] == 1


# F08: erasing twice at once, and writing meanwhile


@pytest.mark.django_db(transaction=True)
def test_F08_two_erasures_at_once_are_one(life, ledger):
    ids = mentions(Subject.PERSON, life.person_id)
    failures = []

    def run():
        try:
            erase(Subject.PERSON, life.person_id)
        except Exception as error:  # noqa: BLE001 - told to the test below
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert ErasureLedger.objects.count() == 1
    assert tables_naming(ids) <= MAY_NAME


def test_F08_who_writes_afterwards_meets_nothing(life, caseworker, signed_in):
    client = signed_in(caseworker)
    assert client.get(f"/cases/{life.pk}/").status_code == 200

    erase(Subject.PERSON, life.person_id)

    assert client.get(f"/cases/{life.pk}/").status_code == 404
    assert client.post(f"/cases/{life.pk}/notes/", {"text": "late"}).status_code == 404
    assert CaseNote.objects.count() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("door", "form"),
    [("/cases/{}/notes/", MULTIPART_CONTENT), ("/api/v1/notes/", "application/json")],
)
def test_F08_who_writes_while_it_is_erased_meets_nothing(life, caseworker, signed_in, door, form):
    """She passed the gate and waits for the row; when it is hers it is gone."""
    client, answers = signed_in(caseworker), []
    # The note moves the day of the last contact, and so needs the row.
    Case.objects.filter(pk=life.pk).update(last_contact_on="2026-01-01", opened_on="2026-01-01")
    body = {"case": str(life.pk), "text": "late"}

    def write():
        answers.append(client.post(door.format(life.pk), body, form).status_code)
        connections.close_all()

    with transaction.atomic():
        Case.objects.select_for_update().get(pk=life.pk)
        writer = threading.Thread(target=write)
        writer.start()
        _until(_waits_for_a_lock)
        for step in STEPS:
            step(Subject.CASE, life.pk)
    writer.join(30)

    assert answers == [404]
    assert not CaseNote.objects.exists()


def _waits_for_a_lock():
    with connection.cursor() as cursor:
        # Inside a transaction the same answer is given again otherwise.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return cursor.fetchone()[0] >= 1


# What must stay


def test_I14_a_hold_keeps_everything(life, coordinator):
    place_hold(life.person, case=life, reason="criminal", actor=coordinator)

    for kind, pk in ((Subject.PERSON, life.person_id), (Subject.CASE, life.pk)):
        with pytest.raises(ValidationError, match="hold"):
            erase(kind, pk)

    assert PersonIdentity.objects.get().name == HERS
    assert not ErasureLedger.objects.exists()


def test_an_open_referral_keeps_everything(life):
    factories.SentReferralFactory(case=life)

    with pytest.raises(ValidationError, match="referral"):
        erase(Subject.PERSON, life.person_id)


def test_nobody_is_erased_by_a_number_that_nobody_has(db):
    with pytest.raises(ValidationError, match="no record"):
        erase(Subject.PERSON, uuid4())


# The ledger


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE protection_erasureledger SET kind = 'case'",
        "DELETE FROM protection_erasureledger",
        "TRUNCATE protection_erasureledger",
    ],
)
def test_I06_the_ledger_is_only_added_to(life, change):
    erase(Subject.PERSON, life.person_id)

    with (
        pytest.raises(ProgrammingError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)


def test_the_ledger_stands_in_a_file_too(life, ledger):
    row = erase(Subject.PERSON, life.person_id)

    (line,) = read_ledger_file()

    assert (line["erased"], line["kind"]) == (str(row.erased), "person")
    assert HERS not in ledger.read_text()
    assert ledger.stat().st_mode & 0o777 == 0o600
    check_ledger()


def test_who_comes_back_by_a_restore_goes_again(life, caseworker, ledger):
    """As a restore does it: rows and key are back, ledger and ticket are older."""
    person, at = life.person_id, "2026-01-01T00:00:00+00:00"
    erase(Subject.PERSON, person)
    told = ledger.read_text()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE protection_erasureledger DISABLE TRIGGER ALL")
        cursor.execute("DELETE FROM protection_erasureledger")
        cursor.execute("ALTER TABLE protection_erasureledger ENABLE TRIGGER ALL")
    back = factories.PersonFactory(id=person, team=caseworker.teams.get(), registered_by=caseworker)
    live(back, caseworker)
    with pytest.raises(ValidationError, match="erased records are back"):
        check_ledger()
    with pytest.raises(CommandError, match="are back"):
        call_command("apply_erasure_ledger", "--check", stdout=StringIO())

    out = StringIO()
    call_command("apply_erasure_ledger", stdout=out)

    assert "Erased again: 1" in out.getvalue()
    assert not Person.objects.filter(pk=person).exists()
    assert not DataKey.objects.filter(pk=person).exists()
    assert ledger.read_text().startswith(told)
    assert apply_ledger() == 0
    assert at


@pytest.mark.parametrize("line", ["{", "{}", json.dumps({"erased": "0", "mark": "x"})])
def test_a_ledger_that_was_changed_is_not_believed(db, ledger, line):
    ledger.parent.mkdir()
    ledger.write_text(line + "\n")

    with pytest.raises(LedgerError, match="Line 1"):
        check_ledger()
    with pytest.raises(CommandError, match="Line 1"):
        call_command("apply_erasure_ledger", stdout=StringIO())


def test_the_command_erases_and_says_so(life):
    out = StringIO()

    call_command("erase", "person", str(life.person_id), stdout=out)

    assert out.getvalue().startswith("Erased.")
    assert ErasureLedger.objects.get().why == ErasureLedger.Why.COMMAND
    with pytest.raises(CommandError, match="no record"):
        call_command("erase", "case", str(uuid4()), stdout=StringIO())


def test_the_keys_are_those_of_the_person_and_her_cases(life):
    assert keys_of(Subject.PERSON, life.person_id) == {life.person_id, life.pk}
    assert keys_of(Subject.CASE, life.pk) == {life.pk}
    assert PersonSearch.objects.count() == 1
    assert StoredFile.objects.count() == 0
    assert Case.objects.count() == 1
