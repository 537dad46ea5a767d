"""Rows that carry a small sealed text under a key of their own, wrapped by the ring."""

import json
from typing import Any

from django.db import models

from vault.keys import key_provider, new_data_key, seal, unseal


class SealedRow(models.Model):
    """What it tells is bound to its table and its number: copied to another row it is noise."""

    key_version = models.PositiveSmallIntegerField(null=True, editable=False)
    wrapped_key = models.BinaryField(null=True, editable=False)
    sealed = models.BinaryField(null=True, editable=False)

    class Meta:
        abstract = True

    def close(self, told: Any) -> None:
        """Seal what may be written as JSON, under a new key."""
        key = new_data_key()
        self.key_version, self.wrapped_key = key_provider().wrap(key, self._context())
        self.sealed = seal(key, json.dumps(told).encode(), self._context())

    def open(self) -> Any:
        """What was sealed. Raises SealError when it belongs to another row or was changed."""
        version, wrapped = self.key_version or 0, bytes(self.wrapped_key or b"")
        key = key_provider().unwrap(version, wrapped, self._context())
        return json.loads(unseal(key, bytes(self.sealed or b""), self._context()))

    def wrap_again(self) -> None:
        """Wrap the row's own key with the master key of today. Raises SealError."""
        version, wrapped = self.key_version or 0, bytes(self.wrapped_key or b"")
        key = key_provider().unwrap(version, wrapped, self._context())
        self.key_version, self.wrapped_key = key_provider().wrap(key, self._context())

    def forget(self) -> None:
        self.key_version = self.wrapped_key = self.sealed = None

    def _context(self) -> bytes:
        return f"{self._meta.db_table}|{self.pk}".encode()
