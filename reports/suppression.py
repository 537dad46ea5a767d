"""Small numbers kept back so that nobody can work them out again. Arithmetic, no Django.

A table is two-way with its margins: cells, row totals, column totals, the grand total. Counts from
1 to k-1 are hidden. Then as many others are hidden, with the same mark, as are needed so that
whoever knows every number still shown cannot narrow a hidden one to fewer than k+1 values.

How that is checked: a table with margins is a network in which every number is the flow of one
edge (total -> row -> column -> total). How far one number could rise or fall while all shown ones
stay as they are is a maximum flow through the edges whose numbers are hidden; this is exact.

Source: cell suppression as practised in statistical disclosure control; k = 5 for partners.
"""

import heapq
from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence

K = 5
# Stands for "all of them" in a row or a column.
TOTAL = "total"
# What hiding a zero, and a margin, costs more than hiding a small number.
ZERO, MARGIN = 40, 400

Label = str
Cell = tuple[Label, Label]
Counts = Mapping[Cell, int]
Shown = dict[Cell, int | None]


def with_margins(
    counts: Counts, rows: Iterable[Label], columns: Iterable[Label]
) -> dict[Cell, int]:
    """All cells of the table, empty ones as zero, with row, column and grand totals."""
    rows, columns = list(rows), list(columns)
    table = {(row, column): counts.get((row, column), 0) for row in rows for column in columns}
    for row in rows:
        table[row, TOTAL] = sum(table[row, column] for column in columns)
    for column in columns:
        table[TOTAL, column] = sum(table[row, column] for row in rows)
    table[TOTAL, TOTAL] = sum(table[row, TOTAL] for row in rows)
    return table


def protect(
    counts: Counts, rows: Iterable[Label], columns: Iterable[Label], k: int = K
) -> Shown | None:
    """The table with margins as it may leave the house: None for each number kept back.

    The grand total is always shown. Returns None when no table can be shown at all, because even
    with every other number hidden the total alone says too much.
    """
    rows, columns = list(rows), list(columns)
    hidden = hidden_together([counts], rows, columns, k)
    return None if hidden is None else without(with_margins(counts, rows, columns), hidden)


def hidden_together(
    tables: Iterable[Counts], rows: Iterable[Label], columns: Iterable[Label], k: int = K
) -> set[Cell] | None:
    """One pattern of hidden cells under which each of several tables is protected.

    For a table, a part of it, and the rest that is left when the part is subtracted: where both
    hide the same cells, nobody can subtract one into the other. A table of nobody holds nothing to
    protect. None as in `protect`.
    """
    rows, columns = list(rows), list(columns)
    whole = [with_margins(counts, rows, columns) for counts in tables]
    whole = [table for table in whole if table[TOTAL, TOTAL]]
    small = {
        cell
        for table in whole
        for cell, count in table.items()
        if 0 < count < k and cell != (TOTAL, TOTAL)
    }
    hidden = set(small)
    while found := _first_exposed(whole, hidden, k):
        table, exposed = found
        more = _companions(table, hidden, exposed, k) - hidden
        if not more:
            return None
        hidden |= more
    return hidden - _needless(whole, hidden, small, k)


def without(table: Mapping[Cell, int], hidden: Collection[Cell]) -> Shown:
    """The table with these numbers kept back."""
    return {cell: None if cell in hidden else count for cell, count in table.items()}


def protect_list(counts: Mapping[Label, int], k: int = K) -> dict[Label, int | None] | None:
    """A list beside its total, as it may leave the house; None when it cannot be shown at all.

    What is hidden shares the difference between the total and the rest: each of it could be
    anything from nothing to all of that.
    """
    hidden = {label for label, count in counts.items() if 0 < count < k}
    rest = sorted(
        counts.keys() - hidden, key=lambda label: (counts[label] == 0, counts[label], repr(label))
    )
    while hidden and (len(hidden) == 1 or sum(counts[label] for label in hidden) < k):
        if not rest:
            return None
        hidden.add(rest.pop(0))
    return {label: None if label in hidden else count for label, count in counts.items()}


def _first_exposed(
    tables: Iterable[Mapping[Cell, int]], hidden: set[Cell], k: int
) -> tuple[Mapping[Cell, int], Cell] | None:
    """A hidden cell that the shown ones narrow to an interval shorter than k, and its table."""
    for table in tables:
        for cell in sorted(hidden):
            if sum(slack(table, hidden, cell, k)) < k:
                return table, cell
    return None


def slack(table: Mapping[Cell, int], hidden: set[Cell], cell: Cell, most: int) -> tuple[int, int]:
    """How far a hidden number could be higher, and lower, for all that the shown ones say.

    Each is counted up to `most`.
    """
    start, end = _edge(cell)
    graph = _residual(table, hidden, cell)
    up = _max_flow(graph, end, start, most)
    graph = _residual(table, hidden, cell)
    down = _max_flow(graph, start, end, min(most, table[cell]))
    return up, down


Node = tuple[str, Label]
Graph = dict[Node, dict[Node, int]]


def _edge(cell: Cell) -> tuple[Node, Node]:
    """The edge of the network whose flow is this number."""
    row, column = cell
    if cell == (TOTAL, TOTAL):
        return ("column", TOTAL), ("row", TOTAL)
    if column == TOTAL:
        return ("row", TOTAL), ("row", row)
    if row == TOTAL:
        return ("column", column), ("column", TOTAL)
    return ("row", row), ("column", column)


def _residual(table: Mapping[Cell, int], hidden: set[Cell], without: Cell) -> Graph:
    """What each hidden number leaves open: it can rise without limit and fall to zero."""
    limit = 2 * table[TOTAL, TOTAL] + 1
    graph: Graph = {}
    for cell in hidden - {without}:
        start, end = _edge(cell)
        graph.setdefault(start, {})[end] = limit
        graph.setdefault(end, {})[start] = table[cell]
    return graph


def _max_flow(graph: Graph, source: Node, sink: Node, most: int) -> int:
    """Maximum flow by shortest augmenting paths, counted up to `most`."""
    flow = 0
    while flow < most and (path := _path(graph, source, sink)):
        amount = min(most - flow, *(graph[a][b] for a, b in path))
        for a, b in path:
            graph[a][b] -= amount
            back = graph.setdefault(b, {})
            back[a] = back.get(a, 0) + amount
        flow += amount
    return flow


def _path(graph: Graph, source: Node, sink: Node) -> list[tuple[Node, Node]]:
    came: dict[Node, Node] = {}
    queue = deque([source])
    while queue:
        node = queue.popleft()
        for following, room in graph.get(node, {}).items():
            if room > 0 and following != source and following not in came:
                came[following] = node
                queue.append(following)
    if sink not in came:
        return []
    path = [sink]
    while path[-1] != source:
        path.append(came[path[-1]])
    return list(zip(path[:0:-1], path[-2::-1], strict=True))


def _companions(table: Mapping[Cell, int], hidden: set[Cell], exposed: Cell, k: int) -> set[Cell]:
    """The cheapest numbers that, hidden, let the exposed one be k higher; none when none can.

    They are a way through the network back to where the exposed edge begins: along an edge its
    number may always rise, against it only a number of at least k may fall. Hidden ones cost
    nothing.
    """
    start, end = _edge(exposed)
    ways = _ways(table, exposed, k)
    cheapest: dict[Node, tuple[int, frozenset[Cell]]] = {end: (0, frozenset())}
    queue: list[tuple[int, str, Node]] = [(0, repr(end), end)]
    while queue:
        spent, _, node = heapq.heappop(queue)
        so_far, cells = cheapest[node]
        if node == start:
            return set(cells)
        if spent > so_far:
            continue
        for following, cell in ways.get(node, []):
            price = spent + (0 if cell in hidden else _cost(table, cell))
            if following not in cheapest or price < cheapest[following][0]:
                cheapest[following] = price, cells | {cell}
                heapq.heappush(queue, (price, repr(following), following))
    return set()


def _ways(table: Mapping[Cell, int], without: Cell, k: int) -> dict[Node, list[tuple[Node, Cell]]]:
    ways: dict[Node, list[tuple[Node, Cell]]] = {}
    for cell, count in table.items():
        if cell in {without, (TOTAL, TOTAL)}:
            continue
        start, end = _edge(cell)
        ways.setdefault(start, []).append((end, cell))
        if count >= k:
            ways.setdefault(end, []).append((start, cell))
    return ways


def _cost(table: Mapping[Cell, int], cell: Cell) -> int:
    """What the reader loses with a number: small ones first, zeros later, margins last."""
    count = table[cell]
    return (count + 1 if count else ZERO) + (MARGIN if TOTAL in cell else 0)


def _needless(
    tables: Sequence[Mapping[Cell, int]], hidden: set[Cell], small: set[Cell], k: int
) -> set[Cell]:
    """Companions that later ones made needless, margins and large numbers first."""
    needless: set[Cell] = set()
    for cell in sorted(hidden - small, key=lambda cell: _loss(tables, cell), reverse=True):
        if _first_exposed(tables, hidden - needless - {cell}, k) is None:
            needless.add(cell)
    return needless


def _loss(tables: Iterable[Mapping[Cell, int]], cell: Cell) -> tuple[int, Cell]:
    return sum(_cost(table, cell) for table in tables), cell
