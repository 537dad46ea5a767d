import base64
import json

from stack.secretfiles import make_key_ring, make_secret


def test_key_ring_is_readable_by_its_owner_only(place):
    make_key_ring(place / "ring.json")

    assert (place / "ring.json").stat().st_mode & 0o777 == 0o400


def test_key_ring_holds_a_master_key_and_a_search_key(place):
    make_key_ring(place / "ring.json")

    ring = json.loads((place / "ring.json").read_text())
    keys = [*ring["kek"].values(), ring["search"]]
    assert (ring["current"], list(ring["kek"])) == (1, ["1"])
    assert [len(base64.b64decode(key)) for key in keys] == [32, 32]
    assert len(set(keys)) == 2


def test_key_ring_is_never_replaced(place):
    make_key_ring(place / "ring.json")
    before = (place / "ring.json").read_bytes()

    make_key_ring(place / "ring.json")

    assert (place / "ring.json").read_bytes() == before


def test_secret_is_made_once_and_read_again(place):
    first = make_secret(place / "secret")

    assert make_secret(place / "secret") == first
    assert make_secret(place / "other") != first
