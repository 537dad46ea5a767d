"""Nouns of the vault: one data key for each person and each case."""

from typing import Self
from uuid import UUID

from django.db import models

from vault.keys import key_provider, new_data_key


class DataKey(models.Model):
    """The wrapped key of one person or one case; without it her sealed fields are noise.

    Its primary key is the id of the person or case it belongs to. It lives in a table of
    its own so that backups can keep it apart and erasure can destroy it.
    """

    id = models.UUIDField(primary_key=True)
    kek_version = models.PositiveSmallIntegerField()
    wrapped = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["kek_version"], name="data_key_by_kek_version")]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def make(cls, owner_id: UUID) -> Self:
        """A new, unsaved key for the person or case with this id."""
        version, wrapped = key_provider().wrap(new_data_key(), owner_id.bytes)
        return cls(id=owner_id, kek_version=version, wrapped=wrapped)

    def unwrap(self) -> bytes:
        return key_provider().unwrap(self.kek_version, bytes(self.wrapped), self.pk.bytes)
