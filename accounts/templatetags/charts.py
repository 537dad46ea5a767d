"""Charts drawn on the server: a sentence, a picture, and the same figures as a table.

Bars are placed in per cent, without a style attribute and without script, so that they obey the
content policy, print, and follow the theme. A figure that is None is kept back on purpose.
"""

from collections.abc import Sequence
from typing import Any

from django import template

register = template.Library()

Figure = int | float | None
ROOM = 84.0  # per cent of the width for the longest bar; the rest is for its number
STUB = 12.0  # per cent a hidden figure takes, whatever it is
NARROW = 7.0  # a part narrower than this has no room for its number


@register.inclusion_tag("ui/bars.html")
def bars(
    key: str,
    title: object,
    say: object,
    rows: Sequence[Sequence[Any]],
    *,
    unit: object = "",
    limit: Figure = None,
) -> dict[str, object]:
    """Compare one figure between rows of (label, figure, note).

    `limit` is an agreed limit, drawn as a line.
    """
    longest = _longest([row[1] for row in rows], limit)
    drawn = [
        {"label": label, "value": value, "note": "".join(note), **_bar(value, longest, limit)}
        for label, value, *note in rows
    ]
    return {
        "key": key, "title": title, "say": say, "rows": drawn, "unit": unit,
        "limit": limit, "limit_at": _at(limit, longest),
    }  # fmt: skip


@register.inclusion_tag("ui/stacks.html")
def stacks(
    key: str,
    title: object,
    say: object,
    rows: Sequence[tuple[object, Sequence[int]]],
    series: Sequence[tuple[object, str]],
    *,
    limit: Figure = None,
) -> dict[str, object]:
    """Compare sums of several parts between rows of (label, [figure per series]).

    A series is (label, colour): high, medium, low where there is an order, else 1 to 5.
    """
    longest = _longest([sum(values) for _, values in rows], limit)
    drawn = [
        {"label": label, "total": sum(values), "end": _at(sum(values), longest),
         "values": values, "parts": _parts(values, series, longest)}
        for label, values in rows
    ]  # fmt: skip
    return {
        "key": key, "title": title, "say": say, "rows": drawn, "series": series,
        "limit": limit, "limit_at": _at(limit, longest),
    }  # fmt: skip


def _longest(values: Sequence[Figure], limit: Figure) -> float:
    return max([1.0, *(float(value) for value in [*values, limit] if value is not None)])


def _at(value: Figure, longest: float) -> str:
    """Where a figure stands on the axis, in per cent, written as SVG wants it."""
    return "" if value is None else f"{value / longest * ROOM:.2f}"


def _bar(value: Figure, longest: float, limit: Figure) -> dict[str, object]:
    over = limit is not None and value is not None and value > limit
    width = f"{STUB:.2f}" if value is None else _at(value, longest)
    return {"width": width, "hidden": value is None, "over": over}


def _parts(
    values: Sequence[int], series: Sequence[tuple[object, str]], longest: float
) -> list[dict[str, object]]:
    parts, reached = [], 0
    for value, (label, colour) in zip(values, series, strict=True):
        width = value / longest * ROOM
        if value:
            parts.append({
                "value": value, "label": label, "colour": colour, "x": _at(reached, longest),
                "width": f"{width:.2f}", "wide": width >= NARROW,
            })  # fmt: skip
        reached += value
    return parts
