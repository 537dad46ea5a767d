"""Verbs of the vault: wrap all data keys anew, give one owner a new data key.

Both touch every row of their kind, so they are run by commands, as the database's owner.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

import pgtrigger
from django.apps import apps
from django.db import connection, models, transaction

from vault.fields import VERSION, DataKeyField, SealedTextField
from vault.keys import KeyRingError, SealError, key_provider, new_data_key, seal, unseal
from vault.models import DataKey

BATCH = 1_000
# How long the renewal of a key waits for those who are reading, before it lets others pass.
PATIENCE = "3s"

REWRAP = """
UPDATE vault_datakey SET kek_version = %s, wrapped = fresh.wrapped
FROM unnest(%s::uuid[], %s::bytea[]) AS fresh (id, wrapped) WHERE vault_datakey.id = fresh.id
"""


class Rewrapped(NamedTuple):
    """How many data keys were wrapped anew, and which ones the ring does not open."""

    done: int
    unopened: list[UUID]


def keys_on_old_versions() -> int:
    return DataKey.objects.exclude(kek_version=key_provider().current_version).count()


def rewrap_keys(most: int = BATCH) -> Iterator[Rewrapped]:
    """Wrap all data keys with the current master key, a batch in each transaction.

    What was done stays done when it is killed; the next run goes on. Readers never wait, and a
    key that is made meanwhile has the current version already.
    """
    last: UUID | None = None
    while True:
        batch, last = _rewrap_batch(last, most)
        if last is None:
            return
        yield batch


@transaction.atomic
def _rewrap_batch(after: UUID | None, most: int) -> tuple[Rewrapped, UUID | None]:
    provider = key_provider()
    rows = DataKey.objects.exclude(kek_version=provider.current_version).order_by("pk")
    if after is not None:
        rows = rows.filter(pk__gt=after)
    keys = list(rows.select_for_update()[:most])
    fresh: dict[UUID, bytes] = {}
    unopened: list[UUID] = []
    for key in keys:
        try:
            _, fresh[key.pk] = provider.wrap(key.unwrap(), key.pk.bytes)
        except (KeyRingError, SealError):
            unopened.append(key.pk)
    with connection.cursor() as cursor:
        cursor.execute(REWRAP, [provider.current_version, list(fresh), list(fresh.values())])
    return Rewrapped(len(fresh), unopened), keys[-1].pk if keys else None


class Renewed(NamedTuple):
    """{table: rows} that were sealed anew, and the owner's old key and new key for her files."""

    rows: dict[str, int]
    old: bytes
    new: bytes


@transaction.atomic
def renew_data_key(key_id: UUID) -> Renewed:
    """Give a person or a case a new data key and seal all that is hers with it.

    The context of a value stays the same: it names the key by its owner's id. What was copied
    before, a dump or a backup, still opens with the old key and the old master key; nothing
    that is written from now on does. Raises DataKey.DoesNotExist; SealError for a value that was
    tampered with; OperationalError when readers did not finish in time. Then nothing was changed.
    """
    with connection.cursor() as cursor:
        # Whoever has read a key holds this table until the end of her transaction: after the
        # lock nobody is left who would still seal with the old one.
        cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        cursor.execute("LOCK TABLE vault_datakey IN ACCESS EXCLUSIVE MODE")
    key = DataKey.objects.get(pk=key_id)
    old, new = key.unwrap(), new_data_key()
    # Nothing of what is told changes: the same words under another key are no earlier version.
    with pgtrigger.ignore():
        counts = {
            model._meta.db_table: _reseal_rows(model, fields, key, old, new)
            for model, fields in sealed_models()
        }
    key.kek_version, key.wrapped = key_provider().wrap(new, key.pk.bytes)
    key.save(update_fields=["kek_version", "wrapped"])
    return Renewed({table: count for table, count in counts.items() if count}, old, new)


def sealed_models() -> Iterator[tuple[type[models.Model], list[SealedTextField]]]:
    """Every model that keeps something sealed, its history too, with its sealed fields."""
    for model in apps.get_models():
        if not model._meta.managed or model._meta.proxy:
            continue
        fields = [each for each in model._meta.local_fields if isinstance(each, SealedTextField)]
        if fields and any(isinstance(each, DataKeyField) for each in model._meta.local_fields):
            yield model, fields


def _reseal_rows(
    model: type[models.Model],
    fields: list[SealedTextField],
    key: DataKey,
    old: bytes,
    new: bytes,
) -> int:
    rows: Any = model._base_manager.filter(data_key=key.pk)
    count = 0
    for row in rows.select_for_update().iterator(chunk_size=BATCH):
        changed = {}
        for field in fields:
            sealed = row.__dict__[field.attname]
            if isinstance(sealed, bytes):
                changed[field.attname] = _reseal(field.context(row), sealed, old, new)
        model._base_manager.filter(pk=row.pk).update(**changed)
        count += 1
    return count


def _reseal(context: bytes, sealed: bytes, old: bytes, new: bytes) -> bytes:
    try:
        return VERSION + seal(new, unseal(old, sealed[1:], context), context)
    except SealError as error:
        raise SealError(f"This does not open: {context.decode()}") from error
