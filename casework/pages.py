"""Pages of a list by cursor: the place of the last row, not a number of rows to skip."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Q

M = TypeVar("M", bound=models.Model)

SIZE = 25


class Page(NamedTuple, Generic[M]):
    """Some rows, and where the next ones begin; empty at the end."""

    rows: Sequence[M]
    following: str


def page_by(
    queryset: models.QuerySet[M],
    field: str,
    cursor: str,
    *,
    read: Callable[[str], Any] = date.fromisoformat,
    size: int = SIZE,
) -> Page[M]:
    """Rows by a day or moment, newest first, by id within one; a broken cursor begins anew.

    `read` turns the cursor's text into a value of the field.
    """
    rows = queryset.order_by(f"-{field}", "pk")
    if place := _place(cursor, read):
        value, pk = place
        rows = rows.filter(Q(**{f"{field}__lt": value}) | Q(**{field: value}, pk__gt=pk))
    found = list(rows[: size + 1])
    if len(found) <= size:
        return Page(found, "")
    last = found[size - 1]
    return Page(found[:size], f"{getattr(last, field).isoformat()}_{last.pk}")


def _place(cursor: str, read: Callable[[str], Any]) -> tuple[Any, UUID] | None:
    value, _, pk = cursor.partition("_")
    try:
        return read(value), UUID(pk)
    except ValueError:
        return None
