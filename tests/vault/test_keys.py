import base64
import json
import os
from uuid import uuid4

import pytest

from vault.keys import FileKeyProvider, KeyRingError, SealError, key_provider, seal, unseal
from vault.models import DataKey


def key():
    return base64.b64encode(os.urandom(32)).decode()


def ring(path, mode=0o400, **changes):
    path.write_text(json.dumps({"current": 1, "kek": {"1": key()}, "search": key(), **changes}))
    path.chmod(mode)
    return path


def test_key_is_wrapped_for_its_owner_only(tmp_path):
    provider = FileKeyProvider.read(ring(tmp_path / "ring"))
    version, wrapped = provider.wrap(b"k" * 32, b"owner")

    assert provider.unwrap(version, wrapped, b"owner") == b"k" * 32
    with pytest.raises(SealError):
        provider.unwrap(version, wrapped, b"somebody else")


def test_version_that_the_ring_lacks_is_named(tmp_path):
    provider = FileKeyProvider.read(ring(tmp_path / "ring"))

    with pytest.raises(KeyRingError, match="version 7"):
        provider.unwrap(7, b"", b"")


@pytest.mark.parametrize("mode", [0o440, 0o444, 0o404])
def test_ring_that_others_can_read_is_refused(tmp_path, mode):
    with pytest.raises(KeyRingError, match="0400"):
        FileKeyProvider.read(ring(tmp_path / "ring", mode=mode))


def test_ring_that_a_container_mounts_readable_is_taken_when_that_is_said(tmp_path, settings):
    settings.KEY_RING_READABLE_BY_GROUP = True

    assert FileKeyProvider.read(ring(tmp_path / "ring", mode=0o440)).current_version == 1


def test_missing_ring_is_told(tmp_path):
    with pytest.raises(KeyRingError, match="cannot be read"):
        FileKeyProvider.read(tmp_path / "none")


@pytest.mark.parametrize(
    "changes", [{"current": 2}, {"kek": {"1": "c2hvcnQ="}}, {"search": "c2hvcnQ="}]
)
def test_ring_without_the_right_keys_is_refused(tmp_path, changes):
    with pytest.raises(KeyRingError, match="lacks a key"):
        FileKeyProvider.read(ring(tmp_path / "ring", **changes))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"current": "x", "kek": {}, "search": ""}'])
def test_file_that_is_no_ring_is_refused(tmp_path, text):
    path = tmp_path / "ring"
    path.write_text(text)
    path.chmod(0o400)

    with pytest.raises(KeyRingError, match="form"):
        FileKeyProvider.read(path)


def test_ring_is_read_again_when_it_changed(tmp_path, settings):
    path = ring(tmp_path / "ring")
    settings.KEY_RING_FILE = str(path)
    first = key_provider()
    path.unlink()
    ring(path, current=2, kek={"1": key(), "2": key()})
    os.utime(path, ns=(1, 1))

    assert key_provider().current_version == 2
    assert first.current_version == 1


def test_ring_that_vanished_while_running_is_told(tmp_path, settings):
    settings.KEY_RING_FILE = str(tmp_path / "none")

    with pytest.raises(KeyRingError, match="cannot be read"):
        key_provider()


def test_flipped_bit_is_noticed():
    sealed = bytearray(seal(b"k" * 32, b"text", b"place"))
    sealed[-1] ^= 1

    with pytest.raises(SealError):
        unseal(b"k" * 32, bytes(sealed), b"place")


def test_cut_value_is_noticed():
    with pytest.raises(SealError):
        unseal(b"k" * 32, b"short", b"place")


def test_blind_hash_depends_on_purpose_and_value(tmp_path):
    provider = FileKeyProvider.read(ring(tmp_path / "ring"))

    assert provider.blind("a", "x") == provider.blind("a", "x")
    assert len({provider.blind("a", "x"), provider.blind("b", "x"), provider.blind("a", "y")}) == 3


def test_each_owner_has_another_key():
    first, second = DataKey.make(uuid4()), DataKey.make(uuid4())

    assert first.unwrap() != second.unwrap()
