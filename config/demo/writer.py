"""Rows by COPY: the quick way into many tables, for invented data only."""

import io
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, models
from psycopg2.extensions import quote_ident

from vault.fields import VERSION
from vault.keys import key_provider, new_data_key, seal


class Rows:
    """Rows of one model, kept as COPY text and written by the thousand.

    Columns that are not named get the model's own default. Tables may be written in any order:
    the database checks what refers to what at the end of the transaction.
    """

    AT_ONCE = 20_000

    def __init__(self, model: type[models.Model], columns: str) -> None:
        self.table = model._meta.db_table
        self.columns = columns.split()
        left_out = [field for field in model._meta.local_concrete_fields if self._lacks(field)]
        self.columns += [str(field.column) for field in left_out]
        self.rest = [_text(field.get_default()) for field in left_out]
        self.text: list[str] = []
        self.written = 0

    def _lacks(self, field: "models.Field[Any, Any]") -> bool:
        """Whether a column must be filled that nobody named."""
        filled = field.null or field.has_db_default() or isinstance(field, models.AutoField)
        return not filled and field.column not in self.columns

    def add(self, *values: Any) -> None:
        """One row, in the order of the named columns."""
        self.text.append("\t".join([*map(_text, values), *self.rest]))
        if len(self.text) >= self.AT_ONCE:
            self.write()

    def write(self) -> None:
        """Write what was added since the last time."""
        wire = connection.connection
        columns = ", ".join(quote_ident(name, wire) for name in self.columns)
        with connection.cursor() as cursor:
            cursor.copy_expert(
                f"COPY {quote_ident(self.table, wire)} ({columns}) FROM STDIN",
                io.StringIO("\n".join(self.text)),
            )
        self.written += len(self.text)
        self.text.clear()


def _text(value: Any) -> str:
    """A value as COPY reads it."""
    if value is None:
        return r"\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, bytes):
        return rf"\\x{value.hex()}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list):
        return "{" + ",".join(map(str, value)) + "}"
    if isinstance(value, int | float | UUID):
        return str(value)
    return str(value).replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n")


class Sealer:
    """Makes data keys and seals values for rows that never become model instances."""

    def __init__(self) -> None:
        self.provider = key_provider()
        self.plain: dict[UUID, bytes] = {}

    def new_key(self, owner_id: UUID) -> tuple[UUID, int, bytes]:
        """A data key for this person or case: id, version, wrapped."""
        key = new_data_key()
        self.plain[owner_id] = key
        version, wrapped = self.provider.wrap(key, owner_id.bytes)
        return owner_id, version, wrapped

    def seal(
        self, model: type[models.Model], column: str, row: UUID, key_id: UUID, text: str
    ) -> bytes | None:
        """A value as the sealed field of that model would store it."""
        if not text:
            return None
        context = f"{model._meta.db_table}|{column}|{row}|{key_id}".encode()
        return VERSION + seal(self.plain[key_id], text.encode(), context)


def write_all(tables: Iterable[Rows]) -> dict[str, int]:
    """Write what is left of each; returns how many rows each table got."""
    counts: Counter[str] = Counter()
    for rows in tables:
        rows.write()
        counts[rows.table] += rows.written
    return dict(counts)
