"""How hours are said on a page: days in a row with the same hours in one line."""

from collections.abc import Iterable
from typing import NamedTuple

from django import template

from directory.models import Place, Schedule

register = template.Library()


class Line(NamedTuple):
    """Days from the first to the last, and what holds on each of them."""

    first: Schedule
    last: Schedule

    @property
    def days(self) -> str:
        names = [str(row.get_weekday_display()) for row in (self.first, self.last)]
        return "–".join(dict.fromkeys(names))

    @property
    def place(self) -> Place | None:
        return self.first.place


def _hours(row: Schedule) -> tuple[object, ...]:
    return (row.opens, row.closes, row.place_id, row.valid_from, row.valid_until)


@register.filter
def lines(rows: Iterable[Schedule]) -> list[Line]:
    """One line for days that follow one another; rows stand in the order of the week."""
    open_lines: dict[tuple[object, ...], Line] = {}
    found: list[Line] = []
    for row in rows:
        line = open_lines.get(_hours(row))
        if line and row.weekday == line.last.weekday + 1:
            longer = line._replace(last=row)
            found[found.index(line)] = longer
        else:
            longer = Line(row, row)
            found.append(longer)
        open_lines[_hours(row)] = longer
    return found
