"""Compare disk and table: bytes that no row points at go; rows without bytes are told."""

import logging
import time
from typing import NamedTuple

from django.db import transaction

from files import shelf
from files.models import StoredFile

log = logging.getLogger(__name__)

# A file is written before its row is committed.
YOUNG_SECONDS = 3600


class Swept(NamedTuple):
    """How many were taken off the disk, and how many rows have lost their bytes."""

    dropped: int
    missing: int


class BlindError(Exception):
    """There are files, but no row can be seen: a sweep would take everything away."""


@transaction.atomic
def sweep() -> Swept:
    """Drop what an upload or a job that died has left behind. Raises BlindError."""
    on_disk = dict(shelf.places())
    known = set(StoredFile.objects.exclude(place="").values_list("place", flat=True))
    old = {place for place, changed in on_disk.items() if time.time() - changed > YOUNG_SECONDS}
    if old and not StoredFile.objects.exists():
        raise BlindError
    # A row committed meanwhile is known by now, or its file is young.
    orphans = old - known
    for place in orphans:
        shelf.drop(place)
    missing = [place for place in known - set(on_disk) if not shelf.path_of(place).exists()]
    if missing:
        log.error("files missing on disk: %s", len(missing))
    return Swept(len(orphans), len(missing))
