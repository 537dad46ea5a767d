"""Take files away: the key first, the bytes after the transaction."""

from functools import partial
from uuid import UUID

from django.db import transaction

from files import shelf
from files.models import StoredFile


def drop_after_commit(place: str) -> None:
    """Take bytes off the disk once nothing points at them any more."""
    if place:
        transaction.on_commit(partial(shelf.drop, place))


@transaction.atomic
def remove_file(stored: StoredFile) -> None:
    """Destroy one file's key and take it off the disk; the row says that there was one."""
    for row in StoredFile.objects.select_for_update().filter(
        pk__in=[stored.pk, stored.original_id]
    ):
        _remove(row)


@transaction.atomic
def remove_files(owner_id: UUID) -> int:
    """Destroy all files of a case, person or export, whose key has this id; returns how many.

    Works before and after that key itself was destroyed.
    """
    rows = StoredFile.objects.select_for_update().filter(data_key_id=owner_id)
    for row in rows:
        _remove(row)
    return len(rows)


def _remove(row: StoredFile) -> None:
    drop_after_commit(row.place)
    # By update, which needs no key.
    StoredFile.objects.filter(pk=row.pk).update(
        state=StoredFile.State.REMOVED, place="", name=None, secret=None
    )
