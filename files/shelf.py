"""The place on disk: random names, sealed contents, nothing in the clear, not even for a moment."""

import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from django.conf import settings

from vault.streams import open_stream, seal_stream

FOLDER_MODE = 0o700
FILE_MODE = 0o600
# Of the disk, in per cent: below it nothing new is taken in.
LEAST_FREE = 5


class DiskFullError(Exception):
    """There is no room for another file."""


def root() -> Path:
    return Path(settings.FILES_DIR)


def path_of(place: str) -> Path:
    return root() / place[:2] / place


def put(place: str, content: bytes, key: bytes, context: bytes) -> None:
    """Seal a content on disk; it is there for good when this returns. Raises DiskFullError."""
    path = path_of(place)
    path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    if not _has_room(len(content)):
        raise DiskFullError
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE), "wb") as out:
            seal_stream(key, BytesIO(content), out, context)
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)
        raise DiskFullError from error
    _settle(path.parent)


def _has_room(size: int) -> bool:
    disk = os.statvfs(root())
    free = disk.f_bavail * disk.f_frsize - size
    return free * 100 >= LEAST_FREE * disk.f_blocks * disk.f_frsize


def _settle(folder: Path) -> None:
    """Make the folder's new entry survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def get(place: str, key: bytes, context: bytes) -> bytes:
    """The whole content, checked to the last byte. Raises OSError, SealError."""
    with path_of(place).open("rb") as source:
        return b"".join(open_stream(key, source, context))


def drop(place: str) -> None:
    """Take a file away; one that is gone already is gone."""
    path_of(place).unlink(missing_ok=True)


def places() -> Iterator[tuple[str, float]]:
    """Name and time of last change of every file on disk."""
    for path in root().glob("??/*"):
        try:
            yield path.name, path.stat().st_mtime
        except FileNotFoundError:
            continue
