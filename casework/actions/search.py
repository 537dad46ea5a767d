"""Keep what people can be found by: keyed hashes of how their names sound."""

from uuid import UUID

from django.db import transaction

from accounts.audit import record
from casework.models import PersonIdentity, PersonSearch
from casework.names import parts_of, phonetic_keys

BATCH = 500


def index_names(identity: PersonIdentity) -> None:
    """Keep the keys of a person's names as they are now."""
    entry = _entry(identity)
    if entry is None:
        forget_names(identity.person_id)
    else:
        told = {"keys": entry.keys, "parts": entry.parts}
        PersonSearch.objects.update_or_create(person_id=entry.person_id, defaults=told)


def forget_names(person_id: UUID) -> None:
    """She can no longer be found by a name: at erasure, or when no name is left."""
    PersonSearch.objects.filter(person=person_id).delete()


def _entry(identity: PersonIdentity) -> PersonSearch | None:
    keys: set[int] = set()
    counts = []
    for name in identity.names:
        keys |= phonetic_keys(name)
        counts.append(len(parts_of(name)))
    if not keys:
        return None
    several = [count for count in counts if count > 1]
    parts = min(several, default=1)
    return PersonSearch(person_id=identity.person_id, keys=sorted(keys), parts=parts)


def rebuild_search() -> int:
    """Make the whole index anew, a batch in each transaction; how many people it holds.

    Somebody whose name was changed meanwhile keeps the newer entry: her row is locked.
    """
    last: UUID | None = None
    count = 0
    while True:
        rows = PersonIdentity.objects.order_by("pk")
        if last is not None:
            rows = rows.filter(pk__gt=last)
        with transaction.atomic():
            locked = rows.select_for_update(of=("self",)).select_related("data_key")
            batch = list(locked.only("name", "other_names", "person", "data_key")[:BATCH])
            entries = [entry for entry in map(_entry, batch) if entry]
            PersonSearch.objects.filter(person__in=[row.person_id for row in batch]).delete()
            PersonSearch.objects.bulk_create(entries)
        count += len(entries)
        if len(batch) < BATCH:
            break
        last = batch[-1].pk
    with transaction.atomic():
        PersonSearch.objects.exclude(person__in=PersonIdentity.objects.values("person")).delete()
        record(None, "rebuild_search", PersonSearch(), note=str(count))
    return count
