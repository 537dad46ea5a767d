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

    What a row does not say gets the model's default. What a model makes up anew for each row (an
    id, a moment) has to be said. Tables may be written in any order: the database checks what
    refers to what at the end of the transaction.
    """

    AT_ONCE = 20_000

    def __init__(self, model: type[models.Model]) -> None:
        fields = [f for f in model._meta.local_concrete_fields if not _counts_up(f)]
        self.table = model._meta.db_table
        self.columns = [str(field.column) for field in fields]
        self.unsaid = {field.name: _default(field) for field in fields}
        self.text: list[str] = []
        self.written = 0

    def add(self, **values: Any) -> None:
        """One row, by the names of its fields. Raises TypeError for one too many or too few."""
        row = {**self.unsaid, **{name: _text(value) for name, value in values.items()}}
        missing = [name for name, value in row.items() if value is None]
        if missing or len(row) > len(self.columns):
            raise TypeError(f"{self.table}: {missing or sorted(set(values) - set(self.unsaid))}")
        self.text.append("\t".join(map(str, row.values())))
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


def _counts_up(field: "models.Field[Any, Any]") -> bool:
    return isinstance(field, models.AutoField)


def _default(field: "models.Field[Any, Any]") -> str | None:
    """What stands in a column that a row does not name; None when every row must name it."""
    is_made_anew = field.has_default() and callable(field.default)
    is_made_anew &= field.default not in (list, dict)
    if field.primary_key or is_made_anew or field.has_db_default():
        return None
    if field.null:
        return _text(None)
    if field.has_default():
        return _text(field.get_default())
    return "" if field.blank and field.empty_strings_allowed else None


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

    def new_key(self, owner_id: UUID) -> dict[str, Any]:
        """The row of a data key for this person or case."""
        key = new_data_key()
        self.plain[owner_id] = key
        version, wrapped = self.provider.wrap(key, owner_id.bytes)
        return {"id": owner_id, "kek_version": version, "wrapped": wrapped}

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
