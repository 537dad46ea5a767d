"""How registers are shown: tables of cells, lines with their facts and the steps that are open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.http import AuthedRequest


@dataclass(frozen=True)
class Cell:
    """A word in a table; with a kind it is a tag."""

    text: Any
    kind: str | None = None
    icon: str = ""
    day: date | datetime | None = None

    @property
    def is_moment(self) -> bool:
        return isinstance(self.day, datetime)


@dataclass(frozen=True)
class Row:
    url: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Table:
    """A list: its heads, its rows, and what is said when there is none."""

    heads: Sequence[Any]
    rows: Sequence[Row]
    empty: Any = ""
    title: Any = ""


@dataclass(frozen=True)
class Step:
    """Something that can be done with a line now."""

    title: Any
    url: str
    label: Any
    form: BaseForm
    is_main: bool = False
    says: Any = ""


@dataclass(frozen=True)
class Line:
    """One line of a register as a page: what it is, its facts, its texts, its steps."""

    title: str
    facts: Sequence[tuple[Any, Any]]
    tag: Cell | None = None
    texts: Sequence[tuple[Any, str]] = ()
    steps: Sequence[Step] = ()
    links: Sequence[tuple[Any, str]] = ()
    tables: Sequence[Table] = field(default_factory=tuple)


def plain(*texts: Any) -> list[Cell]:
    return [Cell(text) for text in texts]


def on(day: date | datetime | None) -> Cell:
    return Cell("", day=day)


def days_said(left: int) -> Cell:
    """How many days a clock still has, in words and colour."""
    if left < 0:
        text = ngettext("%(days)d day late", "%(days)d days late", -left) % {"days": -left}
        return Cell(text, "danger", "clock")
    text = ngettext("%(days)d day left", "%(days)d days left", left) % {"days": left}
    return Cell(text, "warn" if left <= SOON else "", "clock")


def hours_said(left: int) -> Cell:
    if left < 0:
        return Cell(_("72 hours are over"), "danger", "clock")
    text = ngettext("%(hours)d hour left", "%(hours)d hours left", left) % {"hours": left}
    return Cell(text, "warn", "clock")


def told(*texts: tuple[Any, str]) -> list[tuple[Any, str]]:
    """Those texts that say something."""
    return [(label, text) for label, text in texts if text]


def known(*facts: tuple[Any, Any]) -> list[tuple[Any, Any]]:
    """Those facts that there are by now."""
    return [(label, value) for label, value in facts if value not in (None, "")]


def either(yes: bool) -> str:
    return _("Yes") if yes else _("No")


# From so many days on a clock is shown in colour.
SOON = 7

Facts = Iterable[tuple[Any, Any]]


def form_page(
    request: AuthedRequest, form: BaseForm, *, title: str, lede: str, label: str, back: str
) -> HttpResponse:
    """A page of its own for a form: what it is for, its button, and the way back."""
    context = {"form": form, "title": title, "lede": lede, "label": label, "back": back}
    return render(request, "protection/form.html", context)
