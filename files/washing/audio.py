"""Recordings: checked to hold sound and nothing else; what was written beside it is blanked."""

from collections.abc import Iterator

from files.kinds import Media, RefusedError

DEEPEST = 8
CONTAINERS = {b"moov", b"trak", b"mdia"}
BLANKED = {b"udta", b"meta", b"uuid"}
# Of a track's header: what kind of track it is.
HANDLER = slice(16, 20)
SOUND = b"soun"
PAGE_HEADER = 27
CRC = slice(22, 26)
TAGS = b"OpusTags"


def wash_m4a(content: bytes, media: Media) -> bytes:
    """The same recording; titles, places and pictures become empty space. Raises RefusedError."""
    clean = bytearray(content)
    handlers = list(_walk(clean, 0, len(clean), 0))
    if not handlers:
        raise RefusedError("broken")
    if set(handlers) != {SOUND}:
        raise RefusedError("not_sound")
    return bytes(clean)


def _walk(data: bytearray, at: int, end: int, depth: int) -> Iterator[bytes]:
    """The kinds of the tracks in these boxes; blanks what tells of more on the way."""
    if depth > DEEPEST:
        raise RefusedError("broken")
    while at < end:
        size, head = _size(data, at, end)
        kind, body = bytes(data[at + 4 : at + 8]), at + head
        if kind in BLANKED:
            data[at + 4 : at + 8] = b"free"
            data[body : at + size] = bytes(at + size - body)
        elif kind == b"hdlr":
            yield bytes(data[at:][HANDLER])
        elif kind in CONTAINERS:
            yield from _walk(data, body, at + size, depth + 1)
        at += size


def _size(data: bytearray, at: int, end: int) -> tuple[int, int]:
    """Length of the box here and of its head. Raises RefusedError where it does not fit."""
    size, head = int.from_bytes(data[at : at + 4], "big"), 8
    if size == 1:
        size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
    elif size == 0:
        size = end - at
    if size < head or at + size > end:
        raise RefusedError("broken")
    return size, head


def wash_opus(content: bytes, media: Media) -> bytes:
    """The same recording with empty tags. Raises RefusedError."""
    clean, at, seen = bytearray(content), 0, 0
    while at < len(clean):
        length, body = _page(clean, at)
        if clean[body : body + len(TAGS)] == TAGS:
            _blank_tags(clean, at, body, at + length)
            seen += 1
        at += length
    if seen != 1:
        raise RefusedError("broken")
    return bytes(clean)


def _page(data: bytearray, at: int) -> tuple[int, int]:
    """Length of the page here, and where its body begins. Raises RefusedError."""
    if data[at : at + 4] != b"OggS" or at + PAGE_HEADER > len(data):
        raise RefusedError("broken")
    segments = data[at + PAGE_HEADER - 1]
    body = at + PAGE_HEADER + segments
    length = body - at + sum(data[at + PAGE_HEADER : body])
    if at + length > len(data):
        raise RefusedError("broken")
    return length, body


def _blank_tags(data: bytearray, page: int, body: int, end: int) -> None:
    """Keep the encoder's name, say that no tag follows, and fill the rest with nothing."""
    vendor = int.from_bytes(data[body + 8 : body + 12], "little")
    first = body + 12 + vendor
    # A packet that goes on in the next page ends here with a full segment.
    goes_on = data[body - 1] == 255
    if first + 4 > end or goes_on:
        raise RefusedError("not_sound")
    data[first:end] = bytes(end - first)
    data[page + CRC.start : page + CRC.stop] = bytes(4)
    data[page + CRC.start : page + CRC.stop] = _crc(data[page:end]).to_bytes(4, "little")


def _crc(page: bytearray) -> int:
    """Ogg's own checksum (RFC 3533): 0x04c11db7, from zero, not reflected."""
    value = 0
    for byte in page:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1) ^ (0x04C11DB7 if value & 0x80000000 else 0)
        value &= 0xFFFFFFFF
    return value
