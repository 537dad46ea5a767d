from io import BytesIO

import pytest

from vault.keys import SealError, new_data_key
from vault.streams import CHUNK, TAG_BYTES, open_stream, seal_stream

KEY = new_data_key()


def sealed(content, context=b"here"):
    target = BytesIO()
    seal_stream(KEY, BytesIO(content), target, context)
    return target.getvalue()


def opened(raw, context=b"here", key=KEY):
    return b"".join(open_stream(key, BytesIO(raw), context))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_what_was_sealed_is_read_again(size):
    content = bytes(range(256)) * (size // 256 + 1)
    content = content[:size]

    raw = sealed(content)

    assert opened(raw) == content
    assert size < 32 or content not in raw


def test_a_chunk_in_another_place_is_refused():
    raw = sealed(b"a" * (2 * CHUNK) + b"b")
    whole = CHUNK + TAG_BYTES
    swapped = raw[:1] + raw[1 + whole : 1 + 2 * whole] + raw[1 : 1 + whole] + raw[1 + 2 * whole :]

    with pytest.raises(SealError):
        opened(swapped)


@pytest.mark.parametrize("left", [0, 1, 1 + CHUNK + TAG_BYTES, -1])
def test_a_file_that_was_cut_off_is_refused(left):
    raw = sealed(b"a" * (2 * CHUNK))

    with pytest.raises(SealError):
        opened(raw[:left])


def test_something_added_is_refused():
    with pytest.raises(SealError):
        opened(sealed(b"a") + b"x")


def test_another_row_or_key_opens_nothing():
    with pytest.raises(SealError):
        opened(sealed(b"a"), context=b"there")
    with pytest.raises(SealError):
        opened(sealed(b"a"), key=new_data_key())


def test_another_version_is_refused():
    with pytest.raises(SealError):
        opened(b"\x02" + sealed(b"a")[1:])
