"""What of the figures may leave the house: totals always, breakdowns with small numbers kept back.

A table of two ways hides single numbers. A list, whose labels come from the people themselves,
puts rare ones together instead: "hidden" beside a country would tell that somebody is from there.
An indicator that is a part of another hides the same numbers as that one, so that the rest, which
anybody can subtract, is protected too.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from reports.counting import ALL, EVERYBODY, Cells
from reports.suppression import TOTAL, hidden_together, protect_list, with_margins, without

Figures = Mapping[str, Any]
Counts = dict[tuple[str, str], int]

# Events and items are nobody; persons and contacts are protected.
PROTECTED = frozenset({"persons", "contacts"})
# The smallest number of people that is shown, by the label of the report.
SMALLEST = {"public": 11, "restricted": 5, "confidential": 5}
# Labels of a list that are too rare to stand alone; no code of a list is called like this.
OTHER = "rest"
WAYS = ("new", "continuing")


def protected(definition: Mapping[str, Any], figures: Mapping[str, Figures]) -> dict[str, Any]:
    """All figures of a report as they may leave: None for a number kept back.

    A table that cannot be shown at all is None. Totals stay as they are; the numbers of records
    behind them do not leave.
    """
    k = SMALLEST[definition["label"]]
    released = {code: _protected(one, k) for code, one in figures.items()}
    for indicator in definition["indicators"]:
        if "within" in indicator:
            part, whole = indicator["code"], indicator["within"]
            _release_together(released[part], released[whole], figures[part], figures[whole], k)
            _release_ways(released[part], released[whole], figures[part], figures[whole], k)
    _keep_union_back(definition, released, figures, k)
    return released


def exact(figures: Figures) -> dict[str, Any]:
    """The figures of one indicator in the same form with every number: for the house itself."""
    tables = {name: _exact_table(cells) if cells else [] for name, cells in figures["by"].items()}
    return {**figures, "by": tables}


def _protected(figures: Figures, k: int) -> dict[str, Any]:
    if figures["measure"] not in PROTECTED:
        return exact(figures)
    kept = {name: value for name, value in figures.items() if name != "steps"}
    tables = {name: tables_shown([cells], k)[0] for name, cells in figures["by"].items()}
    return {**kept, **_ways(figures, k), "by": tables}


def _ways(figures: Figures, k: int) -> dict[str, int | None]:
    """New and continuing: two numbers beside their total; both are shown, or none."""
    counts: dict[str, int] = {name: figures[name] for name in WAYS if name in figures}
    return protect_list(counts, k) or dict.fromkeys(counts)


def _release_together(
    part_released: dict[str, Any],
    whole_released: dict[str, Any],
    part: Figures,
    whole: Figures,
    k: int,
) -> None:
    """Release the tables of a part and of its whole; of the whole alone, where both cannot be."""
    for name in part["by"].keys() & whole["by"].keys():
        of_part, of_whole = tables_shown([part["by"][name], whole["by"][name]], k)
        part_released["by"][name] = of_part
        if of_part is not None:
            whole_released["by"][name] = of_whole


def _release_ways(
    part_released: dict[str, Any],
    whole_released: dict[str, Any],
    part: Figures,
    whole: Figures,
    k: int,
) -> None:
    """New and continuing of a part and of its whole: of both, or of neither.

    Whoever is continuing in the part is so in the whole: a number shown of one bounds the hidden
    one of the other, and of two shown ones anybody has the difference.
    """
    both = (part_released, whole_released)
    told = [one[name] for one in both for name in WAYS if name in one]
    if None in told or 0 < _continuing(whole) - _continuing(part) < k:
        for one in both:
            one.update(dict.fromkeys(name for name in WAYS if name in one))


def _keep_union_back(
    definition: Mapping[str, Any],
    released: dict[str, Any],
    figures: Mapping[str, Figures],
    k: int,
) -> None:
    """New and continuing of all clients together, unless a line subtracted leaves a few."""
    if EVERYBODY not in figures:
        return
    codes = [one["code"] for one in definition["indicators"] if one["of"] == "clients"]
    shown = [figures[code] for code in codes if released[code]["continuing"] is not None]
    union = _continuing(figures[EVERYBODY])
    if any(0 < union - _continuing(one) < k for one in shown):
        released[EVERYBODY].update(dict.fromkeys(WAYS))


def _continuing(figures: Figures) -> int:
    return int(figures.get("continuing", 0))


def tables_shown(nested: Sequence[Cells], k: int) -> list[Cells | None]:
    """One table, or a part and its whole, with margins and one pattern of hidden numbers.

    None for a table that cannot be shown at all.
    """
    labels = [(row, column) for cells in nested for row, column, _ in cells]
    rows, columns = _once(row for row, _ in labels), _once(column for _, column in labels)
    if not rows:
        return [[] for _ in nested]
    counts = [_counts(cells) for cells in nested]
    if rows == [ALL]:
        return _lists(counts, columns, k)
    hidden = hidden_together([*counts, *_rests(counts)], rows, columns, k)
    if hidden is None:
        return [None for _ in nested]
    return [_lines(without(with_margins(one, rows, columns), hidden)) for one in counts]


def _rests(counts: Sequence[Counts]) -> list[Counts]:
    """What is left of a whole without its part.

    A birthday between two services can put somebody into another cell of the part than of the
    whole; what would be below nothing is nothing.
    """
    return [
        {
            cell: max(whole.get(cell, 0) - part.get(cell, 0), 0)
            for cell in part.keys() | whole.keys()
        }
        for part, whole in pairwise(counts)
    ]


def _lists(counts: Sequence[Counts], labels: Sequence[str], k: int) -> list[Cells | None]:
    """Lists with their totals, whose rare labels are put together until they are many enough."""
    tables = [*counts, *_rests(counts)]
    sizes = [[table.get((ALL, label), 0) for table in tables] for label in labels]
    by_label = dict(zip(labels, sizes, strict=True))
    rare = {label for label, numbers in by_label.items() if any(n in range(1, k) for n in numbers)}
    spare = sorted(by_label.keys() - rare, key=lambda label: (max(by_label[label]), label))
    while _is_few(tables, rare, k):
        if not spare:
            return [None for _ in counts]
        rare.add(spare.pop(0))
    return [_listed(one, [label for label in labels if label not in rare]) for one in counts]


def _is_few(tables: Iterable[Counts], labels: Collection[str], k: int) -> bool:
    """Whether what is put together is still a small number in one of the tables."""
    sums = [sum(table.get((ALL, label), 0) for label in labels) for table in tables]
    return any(number in range(1, k) for number in sums)


def _listed(counts: Counts, named: Iterable[str]) -> Cells:
    lines: Cells = [[ALL, label, counts.get((ALL, label), 0)] for label in named]
    total = sum(counts.values())
    others = total - sum(number for *_, number in lines)
    return [*lines, *([[ALL, OTHER, others]] if others else []), [ALL, TOTAL, total]]


def _exact_table(cells: Cells) -> Cells:
    rows = _once(row for row, _column, _number in cells)
    if rows == [ALL]:
        return [*cells, [ALL, TOTAL, sum(number for *_, number in cells)]]
    return _lines(with_margins(_counts(cells), rows, _once(column for _, column, _ in cells)))


def _counts(cells: Cells) -> Counts:
    return {(row, column): number for row, column, number in cells}


def _lines(table: Mapping[tuple[str, str], int | None]) -> Cells:
    return [[row, column, number] for (row, column), number in table.items()]


def _once(labels: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(labels))
