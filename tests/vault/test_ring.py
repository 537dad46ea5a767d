import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from vault.keys import FileKeyProvider, KeyRingError
from vault.ring import add_version, is_settled, make_ring, retire_versions


@pytest.fixture
def ring(tmp_path):
    path = tmp_path / "ring"
    make_ring(path)
    return path


def age(path, minutes):
    told = json.loads(path.read_text())
    made = datetime.now(UTC) - timedelta(minutes=minutes)
    told["made"] = {str(told["current"]): made.isoformat()}
    path.chmod(0o600)
    path.write_text(json.dumps(told))
    path.chmod(0o400)


def test_new_ring_is_readable_by_its_owner_only(ring):
    assert ring.stat().st_mode & 0o777 == 0o400
    assert FileKeyProvider.read(ring).versions == [1]


def test_ring_is_never_replaced(ring):
    before = ring.read_text()

    with pytest.raises(KeyRingError, match="never replaced"):
        make_ring(ring)

    assert ring.read_text() == before


def test_added_version_wraps_and_the_old_one_still_opens(ring):
    version, wrapped = FileKeyProvider.read(ring).wrap(b"k" * 32, b"owner")

    provider = add_version(ring)

    assert (provider.current_version, provider.versions) == (2, [1, 2])
    assert provider.unwrap(version, wrapped, b"owner") == b"k" * 32
    assert ring.stat().st_mode & 0o777 == 0o400


def test_search_key_outlives_a_new_version(ring):
    before = FileKeyProvider.read(ring).blind("name", "x")

    assert add_version(ring).blind("name", "x") == before


def test_retired_version_is_gone(ring):
    add_version(ring)

    assert retire_versions(ring) == [1]
    assert FileKeyProvider.read(ring).versions == [2]
    assert retire_versions(ring) == []


def test_version_number_is_never_used_again(ring):
    add_version(ring)
    retire_versions(ring)

    assert add_version(ring).versions == [2, 3]


@pytest.mark.parametrize(("minutes", "settled"), [(0, False), (14, False), (16, True)])
def test_version_is_settled_after_a_quarter_of_an_hour(ring, minutes, settled):
    age(ring, minutes)

    assert is_settled(ring) is settled


def test_ring_of_before_ages_were_written_is_settled(ring):
    told = json.loads(ring.read_text())
    del told["made"]
    ring.chmod(0o600)
    ring.write_text(json.dumps(told))
    ring.chmod(0o400)

    assert is_settled(ring)
    assert add_version(ring).current_version == 2


def test_ring_that_cannot_be_written_is_told_and_left_as_it_was(tmp_path):
    with pytest.raises(KeyRingError, match="cannot be written"):
        make_ring(tmp_path / "nowhere" / "ring")


def test_command_makes_adds_and_checks_without_printing_a_key(tmp_path, settings, capsys):
    path = tmp_path / "ring"
    settings.KEY_RING_FILE = str(path)

    call_command("key_ring", "make")
    call_command("key_ring", "add", file=path)
    printed = capsys.readouterr().out
    call_command("key_ring", "check", json=True)

    assert json.loads(capsys.readouterr().out) == {"current": 2, "versions": [1, 2]}
    told = json.loads(path.read_text())
    assert not any(key in printed for key in [*told["kek"].values(), told["search"]])


def test_command_names_what_is_wrong(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("key_ring", "check", file=tmp_path / "none")
