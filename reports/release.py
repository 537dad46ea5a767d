"""What of a figure may leave the house: totals always, breakdowns with small numbers kept back.

A table of two ways hides single numbers. A list, whose labels come from the people themselves,
puts rare ones together instead: "hidden" beside a country would tell that somebody is from there.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from reports.counting import ALL, Cells
from reports.suppression import TOTAL, K, protect, protect_list, with_margins

# Events and items are nobody; persons and contacts are protected.
PROTECTED = frozenset({"persons", "contacts"})
# Labels of a list that are too rare to stand alone.
OTHER = "other"


def protected(figures: Mapping[str, Any]) -> dict[str, Any]:
    """The figures of one indicator as they may leave: None for a number kept back.

    A table that cannot be shown at all is None. The total stays as it is; the numbers of records
    behind it do not leave.
    """
    if figures["measure"] not in PROTECTED:
        return exact(figures)
    tables = {
        name: _protected_table(cells) if cells else [] for name, cells in figures["by"].items()
    }
    kept = {name: value for name, value in figures.items() if name != "steps"}
    return {**kept, **_ways(figures), "by": tables}


def exact(figures: Mapping[str, Any]) -> dict[str, Any]:
    """The same form with every number: for the house itself."""
    tables = {name: _exact_table(cells) if cells else [] for name, cells in figures["by"].items()}
    return {**figures, "by": tables}


def _ways(figures: Mapping[str, Any]) -> dict[str, int | None]:
    """New and continuing: two numbers beside their total; both are shown, or none."""
    names = ("new", "continuing")
    counts = {name: figures[name] for name in names if name in figures}
    return dict(protect_list(counts) or dict.fromkeys(counts))


def _exact_table(cells: Cells) -> Cells:
    rows = _rows(cells)
    if rows == [ALL]:
        return [*cells, [ALL, TOTAL, sum(number for *_, number in cells)]]
    return _lines(with_margins(_counts(cells), rows, _columns(cells)))


def _protected_table(cells: Cells) -> Cells | None:
    rows = _rows(cells)
    if rows == [ALL]:
        return _protected_list({column: number for _, column, number in cells})
    shown = protect(_counts(cells), rows, _columns(cells))
    return None if shown is None else _lines(shown)


def _protected_list(counts: Mapping[str, int]) -> Cells | None:
    """A list whose rare labels are put together until they are many enough, with its total."""
    by_size = sorted(counts, key=lambda label: (counts[label], label))
    together = 0
    rare: set[str] = set()
    for label in by_size:
        if counts[label] >= K and (not rare or together >= K):
            break
        rare.add(label)
        together += counts[label]
    if 0 < together < K:
        return None
    named = [[ALL, label, number] for label, number in counts.items() if label not in rare]
    others = [[ALL, OTHER, together]] if rare else []
    return [*named, *others, [ALL, TOTAL, sum(counts.values())]]


def _counts(cells: Cells) -> dict[tuple[str, str], int]:
    return {(row, column): number for row, column, number in cells}


def _lines(table: Mapping[tuple[Any, Any], int | None]) -> Cells:
    return [[row, column, number] for (row, column), number in table.items()]


def _rows(cells: Cells) -> list[str]:
    return _once(row for row, _column, _number in cells)


def _columns(cells: Cells) -> list[str]:
    return _once(column for _row, column, _number in cells)


def _once(labels: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(labels))
