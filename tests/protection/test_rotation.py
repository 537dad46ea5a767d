"""I10 and I16: master keys and data keys change under load, and no value repeats itself."""

import json
import os
import shutil
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from accounts import post
from accounts.models import AuditEvent, Delivery, PushSubscription
from casework.models import CaseNote, Person, PersonIdentity
from tests import factories
from tests.accounts.factories import PushSubscriptionFactory
from vault.actions import keys_on_old_versions, sealed_models
from vault.fields import DataKeyField, SealedTextField
from vault.keys import FileKeyProvider, KeyRingError, key_provider, seal
from vault.models import DataKey
from vault.ring import add_version

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def ring(tmp_path, settings):
    """A ring of this test's own, with the keys that the test database began with."""
    path = tmp_path / "ring.json"
    shutil.copy(settings.KEY_RING_FILE, path)
    settings.KEY_RING_FILE = str(path)
    return path


def make_keys(count):
    DataKey.objects.bulk_create(DataKey.make(uuid4()) for _ in range(count))


def rotate(capsys, **options):
    call_command("rotate_kek", json=True, **options)
    return json.loads(capsys.readouterr().out)


@pytest.mark.django_db
def test_rewrapping_turns_every_key_over_and_opens_the_same(ring, capsys):
    identity = factories.PersonIdentityFactory(name="Zahra Rahimi")
    make_keys(25)
    count = DataKey.objects.count()
    before = DataKey.objects.get(pk=identity.data_key_id)

    told = rotate(capsys, new=True, batch=10)

    assert told == {
        "current": 2,
        "rewrapped": count,
        "factors": 0,
        "messages": 0,
        "left": 0,
        "unopened": [],
        "retired": [],
    }
    after = DataKey.objects.get(pk=identity.data_key_id)
    assert (after.kek_version, after.unwrap()) == (2, before.unwrap())
    assert PersonIdentity.objects.get(pk=identity.pk).name == "Zahra Rahimi"
    event = AuditEvent.objects.get(verb="rotate_kek")
    assert event.note == f"{count} to 2"


@pytest.mark.django_db
def test_messages_and_browsers_are_carried_over(ring, capsys):
    browser = PushSubscriptionFactory()
    told = browser.open()
    post.send("mail", to="a@example.org", text="address_changed", language="en", key="one")
    broken = PushSubscriptionFactory()
    PushSubscription.objects.filter(pk=broken.pk).update(wrapped_key=b"x" * 60)

    answer = rotate(capsys, new=True, retire=True, stopped=True)

    assert (answer["messages"], answer["retired"]) == (2, [1])
    assert PushSubscription.objects.get().open() == told
    assert Delivery.objects.get().open() == {"to": "a@example.org", "facts": {}}


@pytest.mark.django_db
def test_second_run_has_nothing_to_do(ring, capsys):
    make_keys(3)
    rotate(capsys, new=True)

    assert rotate(capsys)["rewrapped"] == 0


@pytest.mark.django_db
def test_key_that_does_not_open_is_named_and_stops_no_other(ring, capsys):
    make_keys(3)
    broken = DataKey.objects.order_by("pk")[1]
    DataKey.objects.filter(pk=broken.pk).update(wrapped=b"x" * 60)

    with pytest.raises(CommandError, match="1 data keys do not open"):
        call_command("rotate_kek", new=True, json=True)

    told = json.loads(capsys.readouterr().out)
    assert (told["unopened"], told["left"]) == ([str(broken.pk)], 1)
    with pytest.raises(CommandError, match="1 data keys still need an old master key"):
        call_command("rotate_kek", retire=True, stopped=True, verbosity=0)
    assert key_provider().versions == [1, 2]


@pytest.mark.django_db
def test_young_master_key_is_waited_for_unless_everything_is_stopped(ring, capsys):
    make_keys(1)

    with pytest.raises(CommandError, match="too young"):
        call_command("rotate_kek", new=True, retire=True)

    assert rotate(capsys, retire=True, stopped=True)["retired"] == [1]
    assert AuditEvent.objects.get(verb="retire_kek").note == "1"


@pytest.mark.django_db
def test_missing_ring_is_told(settings, tmp_path):
    settings.KEY_RING_FILE = str(tmp_path / "none")

    with pytest.raises(CommandError, match="cannot be read"):
        call_command("rotate_kek")


def users(stop, errors):
    """What people do meanwhile: open names, register, save."""
    try:
        while not stop.is_set():
            row = factories.PersonIdentityFactory(name="Zahra Rahimi")
            again = PersonIdentity.objects.select_related("data_key").get(pk=row.pk)
            assert again.name == "Zahra Rahimi"
            for each in PersonIdentity.objects.select_related("data_key").order_by("?")[:5]:
                assert each.name == "Zahra Rahimi"
    except Exception as error:  # noqa: BLE001 - whatever a user meets is counted
        errors.append(error)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_I10_rotation_under_load_killed_half_way_resumed_and_retired(ring, database_url, capsys):
    make_keys(600)
    for _ in range(20):
        factories.PersonIdentityFactory(name="Zahra Rahimi")
    old_ring = FileKeyProvider.read(ring)
    add_version(ring)
    stop, errors = threading.Event(), []
    threads = [threading.Thread(target=users, args=(stop, errors)) for _ in range(2)]
    for thread in threads:
        thread.start()

    command = [sys.executable, "manage.py", "rotate_kek", "--batch", "2"]
    environment = os.environ | {"DATABASE_URL": database_url(), "KEY_RING_FILE": str(ring)}
    process = subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    with closing(process.stdout):
        while keys_on_old_versions() > 300:
            assert process.poll() is None, process.stdout.read()
        process.kill()
        process.wait()
    left = keys_on_old_versions()
    told = rotate(capsys)
    stop.set()
    for thread in threads:
        thread.join()

    assert 0 < left <= 300
    assert errors == []
    assert (told["rewrapped"], told["left"]) == (left, 0)
    assert rotate(capsys, retire=True, stopped=True)["retired"] == [1]
    opened = [row.name for row in PersonIdentity.objects.select_related("data_key")[:500]]
    assert set(opened) == {"Zahra Rahimi"}
    new = DataKey.objects.order_by("?")[0]
    with pytest.raises(KeyRingError, match="no version 2"):
        old_ring.unwrap(new.kek_version, bytes(new.wrapped), new.pk.bytes)


# One owner's data key


@pytest.mark.django_db
def test_I10_new_data_key_opens_everything_of_the_owner_and_the_old_one_nothing(case, caseworker):
    factories.PersonIdentityFactory(
        person=case.person, data_key=case.person.data_key, name="Zahra Rahimi", phone="+381 60 555"
    )
    note = CaseNote.objects.create(
        case=case, data_key=case.data_key, text="In her own words", written_by=caseworker
    )
    other = factories.PersonIdentityFactory(name="Somebody else")
    old = {key.pk: key.unwrap() for key in DataKey.objects.all()}

    call_command("rotate_dek", case.person.code, verbosity=0)

    identity = PersonIdentity.objects.select_related("data_key").get(person=case.person)
    assert (identity.name, identity.phone) == ("Zahra Rahimi", "+381 60 555")
    assert CaseNote.objects.get(pk=note.pk).text == "In her own words"
    assert PersonIdentity.objects.get(pk=other.pk).name == "Somebody else"
    turned = {key.pk for key in DataKey.objects.all() if key.unwrap() != old[key.pk]}
    assert turned == {case.person_id, case.pk}
    events = AuditEvent.objects.filter(verb="rotate_dek")
    assert {event.object_id for event in events} == {str(case.person_id), str(case.pk)}


@pytest.mark.django_db
def test_earlier_versions_open_under_the_new_key_and_none_is_added(person):
    row = factories.PersonIdentityFactory(person=person, data_key=person.data_key, name="Zahra")
    row.name = "Zohra"
    row.save()

    call_command("rotate_dek", person.code, verbosity=0)

    version = row.history.select_related("data_key").get()
    assert version.name == "Zahra"
    assert PersonIdentity.objects.get(pk=row.pk).name == "Zohra"


@pytest.mark.django_db
def test_data_key_of_one_case_is_renewed_by_its_id(case, caseworker, capsys):
    CaseNote.objects.create(case=case, data_key=case.data_key, text="Words", written_by=caseworker)

    call_command("rotate_dek", str(case.pk), json=True)

    told = json.loads(capsys.readouterr().out)
    assert list(told) == [str(case.pk)]
    assert told[str(case.pk)]["casework_casenote"] == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("owner", "why"),
    [("nobody", "neither a code"), ("6f0d7f1e-3a52-4f7e-9d53-2f1c5f0a4b11", "Nobody with this")],
)
def test_owner_that_is_not_there_is_told(owner, why):
    with pytest.raises(CommandError, match=why):
        call_command("rotate_dek", owner)


@pytest.mark.django_db
def test_value_that_was_tampered_with_stops_the_renewal_and_is_named(person):
    row = factories.PersonIdentityFactory(person=person, data_key=person.data_key, name="Zahra")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE casework_personidentity SET phone = name WHERE id = %s", [row.pk])
    before = DataKey.objects.get(pk=person.pk).wrapped

    with pytest.raises(CommandError, match=r"casework_personidentity\|phone"):
        call_command("rotate_dek", person.code)

    assert bytes(DataKey.objects.get(pk=person.pk).wrapped) == bytes(before)


@pytest.mark.django_db(transaction=True)
def test_renewal_gives_way_to_somebody_who_is_reading(person, monkeypatch):
    monkeypatch.setattr("vault.actions.PATIENCE", "50ms")
    monkeypatch.setattr("protection.management.commands.rotate_dek.TRIES", 2)
    reader = connection.copy()
    with closing(reader):
        reader.set_autocommit(False)
        with reader.cursor() as cursor:
            cursor.execute("SELECT wrapped FROM vault_datakey")
        with pytest.raises(CommandError, match="reading all the time"):
            call_command("rotate_dek", person.code)

    call_command("rotate_dek", person.code, verbosity=0)

    assert AuditEvent.objects.filter(verb="rotate_dek").count() == 1


def test_walk_finds_every_model_with_something_sealed():
    found = {model for model, _ in sealed_models()}

    assert {Person, PersonIdentity, CaseNote} <= found
    for model, fields in sealed_models():
        assert any(isinstance(each, DataKeyField) for each in model._meta.local_fields), model
        assert all(isinstance(each, SealedTextField) for each in fields)


# I16


def test_I16_two_hundred_thousand_nonces_are_all_different():
    key = os.urandom(32)

    nonces = {seal(key, b"", b"")[:12] for _ in range(200_000)}

    assert len(nonces) == 200_000


@pytest.mark.slow
def test_I16_a_million_nonces_are_all_different():
    key = os.urandom(32)

    nonces = {seal(key, b"", b"")[:12] for _ in range(1_000_000)}

    assert len(nonces) == 1_000_000


@pytest.mark.django_db
def test_I16_two_saves_of_one_text_differ_and_each_owner_has_her_own_key():
    def stored(row):
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM casework_personidentity WHERE id = %s", [row.pk])
            return bytes(cursor.fetchone()[0])

    row = factories.PersonIdentityFactory(name="Zahra Rahimi")
    first = stored(row)
    row.name = "Zahra Rahimi"
    row.save()
    make_keys(300)
    keys = [key.unwrap() for key in DataKey.objects.all()]

    assert stored(row) != first
    assert len(set(keys)) == len(keys)


@pytest.mark.django_db
def test_I16_another_secret_key_breaks_nothing(settings):
    row = factories.PersonIdentityFactory(name="Zahra Rahimi")

    settings.SECRET_KEY = "another one, which is just as long as the first one was before"

    assert PersonIdentity.objects.get(pk=row.pk).name == "Zahra Rahimi"
