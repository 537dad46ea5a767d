"""What of a figure may leave the house: totals always, breakdowns with small numbers kept back."""

from collections.abc import Iterable, Mapping
from typing import Any

from reports.suppression import TOTAL, protect, protect_list, with_margins

# Events and items are nobody; persons and contacts are protected.
PROTECTED = frozenset({"persons", "contacts"})

Cells = list[list[Any]]


def protected(figures: Mapping[str, Any]) -> dict[str, Any]:
    """The figures of one indicator with small numbers replaced by None, margins included.

    A table that cannot be shown at all is None. Totals of the programme stay as they are.
    """
    hide = figures["measure"] in PROTECTED
    tables = {name: _table(cells, hide) for name, cells in figures["by"].items()}
    return {**figures, "by": tables}


def exact(figures: Mapping[str, Any]) -> dict[str, Any]:
    """The same form with every number: for the house itself."""
    return {**figures, "by": {name: _table(cells, False) for name, cells in figures["by"].items()}}


def _table(cells: Cells, hide: bool) -> Cells | None:
    counts = {(row, column): people for row, column, people in cells}
    rows, columns = _labels(cell[0] for cell in cells), _labels(cell[1] for cell in cells)
    if not hide:
        shown: Any = with_margins(counts, rows, columns)
    elif len(rows) == 1:
        shown = _listed(counts, rows[0])
    else:
        shown = protect(counts, rows, columns)
    if shown is None:
        return None
    return [[row, column, people] for (row, column), people in shown.items()]


def _listed(counts: Mapping[tuple[str, str], int], row: str) -> dict[tuple[str, str], Any] | None:
    """A table of one row is a list beside its total."""
    shown = protect_list({column: people for (_, column), people in counts.items()})
    if shown is None:
        return None
    total = {(row, TOTAL): sum(counts.values())}
    return {(row, column): people for column, people in shown.items()} | total


def _labels(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
