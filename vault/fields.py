"""Fields that are sealed at rest: AES-256-GCM under the key of the person or case.

Stored form: one version byte, nonce (12 bytes), ciphertext with tag. The context bound into each
value is table, column, row id and key id, so a value copied to another row cannot be read.
A model with such a field declares `data_key = DataKeyField()`; lists read it with
`select_related("data_key")`. A value whose key was destroyed reads as empty.
"""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from vault.keys import KeyGoneError, seal, unseal

VERSION = b"\x01"


class DataKeyField(models.ForeignKey):  # type: ignore[type-arg]  # generic at type time only
    """The key that a row's sealed fields are sealed with.

    No constraint and nullable on purpose: erasure destroys the key and leaves the row.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.update(
            to="vault.DataKey",
            on_delete=models.DO_NOTHING,
            db_constraint=False,
            null=True,
            editable=False,
            related_name="+",
        )
        super().__init__(**kwargs)

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        """Nobody chooses a key, and a new one is seen only together with what it opens."""

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("to", "on_delete", "db_constraint", "null", "editable", "related_name"):
            kwargs.pop(fixed, None)
        return name, path, args, kwargs


def _sealing(row: models.Model) -> Any:
    """The row, with the `data_key` that each model with sealed fields declares."""
    return row


class _Sealed(bytes):
    """A value as it came from the database, not opened yet."""


class _SealedValue:
    """Opens a sealed value at first use and keeps it opened on the row."""

    def __init__(self, field: "SealedTextField") -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type | None = None) -> Any:
        if instance is None:
            return self
        if self.field.attname not in instance.__dict__:
            instance.refresh_from_db(fields=[self.field.attname])
        value = instance.__dict__[self.field.attname]
        if isinstance(value, _Sealed):
            value = self.field.open(instance, value)
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedTextField(models.BinaryField):  # type: ignore[type-arg]  # generic at type time only
    """Text that only the holder of the row's data key can read; empty text is stored as NULL."""

    empty: Any = ""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("editable", True)
        kwargs.update(null=True, blank=True)
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("null", "blank", "editable"):
            kwargs.pop(fixed, None)
        return name, path, args, kwargs

    def contribute_to_class(
        self, cls: type[models.Model], name: str, private_only: bool = False
    ) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _SealedValue(self))

    def get_default(self) -> Any:
        return self.empty

    def dump(self, value: Any) -> bytes:
        return str(value).encode()

    def load(self, plain: bytes) -> Any:
        return plain.decode()

    def open(self, instance: models.Model, sealed: bytes) -> Any:
        """The plain value; the empty one when the key was destroyed. Raises SealError."""
        key = _sealing(instance).data_key
        if key is None:
            return self.empty
        return self.load(unseal(key.unwrap(), sealed[1:], self.context(instance)))

    def context(self, instance: models.Model) -> bytes:
        """Table, column, row and key; a row of the history keeps those of what it tells about."""
        row = _sealing(instance)
        told = getattr(type(instance), "pgh_tracked_model", None)
        table = (told or instance)._meta.db_table
        row_id = row.pgh_obj_id if told else row.pk
        return f"{table}|{self.column}|{row_id}|{row.data_key_id}".encode()

    def from_db_value(
        self, value: Any, expression: Any, connection: BaseDatabaseWrapper
    ) -> _Sealed | Any:
        return self.empty if value is None else _Sealed(bytes(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Seal what is in the clear; what was never opened goes back as it is."""
        value = model_instance.__dict__.get(self.attname, self.empty)
        if isinstance(value, _Sealed):
            return bytes(value)
        if value is None or value == self.empty:
            return None
        key = _sealing(model_instance).data_key
        if key is None:
            raise KeyGoneError(f"{model_instance._meta.label} has no data key to seal with.")
        return VERSION + seal(key.unwrap(), self.dump(value), self.context(model_instance))

    def get_prep_value(self, value: Any) -> Any:
        if value is not None and not isinstance(value, bytes | memoryview):
            raise TypeError("Sealed fields are written by save() and bulk_create() only.")
        return value

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        raise NotImplementedError("Sealed values are not serialized.")

    def value_from_object(self, obj: models.Model) -> Any:
        return getattr(obj, self.attname)


class SealedJSONField(SealedTextField):
    """A JSON value (dict by default) sealed as its text."""

    @property
    def empty(self) -> Any:
        return {}

    def dump(self, value: Any) -> bytes:
        return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False).encode()

    def load(self, plain: bytes) -> Any:
        return json.loads(plain)
