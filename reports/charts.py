"""What of a figure is drawn: people by age, from the numbers that its table shows and no others."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reports.tables import Figure, Table

Number = int | None


@dataclass(frozen=True)
class Chart:
    """Rows of ages: their numbers by sex, or one number each where the parts are kept back."""

    title: str
    say: str
    series: Sequence[tuple[str, str]]
    parts: Sequence[tuple[str, Sequence[int]]]
    sums: Sequence[tuple[str, Number]]


def age_chart(figure: Figure) -> Chart | None:
    """The ages of one figure, when it is broken down by sex and age and not all is kept back."""
    table = next((table for table in figure.tables if table.name == "sex_age"), None)
    if table is None or not any(table.lines[-1][1][:-1]):
        return None
    ages, sexes = table.columns[:-1], [label for label, _numbers in table.lines[:-1]]
    numbers = list(zip(ages, _columns(table), strict=True))
    parts = [(age, [n for n in column[:-1] if n is not None]) for age, column in numbers]
    is_whole = all(None not in column for _age, column in numbers)
    sums = [(age, column[-1]) for age, column in numbers]
    return Chart(
        title=table.title if is_whole else _("By age"),
        say=_largest(sums, figure.total),
        series=[(sex, str(place)) for place, sex in enumerate(sexes, start=1)] if is_whole else [],
        parts=parts if is_whole else [],
        sums=sums,
    )


def _columns(table: Table) -> list[list[Number]]:
    """The numbers of each column but the sums, from the first line to the sum."""
    return [
        [numbers[place] for _label, numbers in table.lines]
        for place in range(len(table.columns) - 1)
    ]


def _largest(sums: Sequence[tuple[str, Number]], total: int) -> str:
    """The finding in a sentence; nothing where a hidden group or several could be the largest."""
    numbers = [number for _age, number in sums if number is not None]
    if len(numbers) < len(sums) or numbers.count(max(numbers)) > 1:
        return ""
    age, number = max(sums, key=lambda row: row[1] or 0)
    facts = {"age": age, "number": number, "total": total}
    return _("The largest group is %(age)s: %(number)d of %(total)d.") % facts
