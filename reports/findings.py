"""A study in words of the active language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from directory.models import Route
from reports.counting import UNKNOWN, Cells
from reports.models import Study
from reports.release import OTHER
from reports.studying import LATER, NEARLY_ALWAYS, NEVER, SAME_DAY, THREE_DAYS, WAITING, WEEK
from reports.suppression import TOTAL
from reports.tables import Table
from screening.change_words import share
from screening.explain import say
from screening.models import InstrumentVersion

TIMES: Mapping[str, Promise] = {
    SAME_DAY: gettext_lazy("Within a day"),
    THREE_DAYS: gettext_lazy("Within three days"),
    WEEK: gettext_lazy("Within a week"),
    LATER: gettext_lazy("Later"),
    WAITING: gettext_lazy("Not decided yet"),
}
SAYS: Mapping[str, Promise] = {
    NEVER: gettext_lazy("Never holds"),
    NEARLY_ALWAYS: gettext_lazy("Nearly always holds"),
}


@dataclass(frozen=True)
class Told:
    """What a study says: tables, sentences, and the indicators with those of note first."""

    people: int
    tables: list[Table]
    # Titles of tables that are too small to be shown at all.
    withheld: list[str]
    otherwise: str
    # (whom it is about, the share); first the nationalities, then the routes.
    strong: list[tuple[str, str]]
    indicators: list[dict[str, Any]]

    @property
    def of_note(self) -> bool:
        return any(row["says"] for row in self.indicators)


def told(study: Study) -> Told:
    """The figures of a finished study, in the words of the latest version of its house."""
    figures: Mapping[str, Any] = study.figures or {}
    known = InstrumentVersion.objects.of_house(study.organization_id)
    latest = known.filter(instrument=study.instrument)
    definition = latest.order_by("-valid_from", "-loaded_at")[0].definition
    routes = {route.code: route.name for route in Route.objects.all()}
    tables = {
        _("Results"): _list(figures["bands"], _bands(definition)),
        _("Time from the talk to the decision"): _list(figures["times"], TIMES),
        _("Nationalities"): _cells(figures["nationalities"], dict(countries)),
    }
    # Studies from before routes were asked have no list of them.
    if "routes" in figures:
        tables[_("Routes")] = _cells(figures["routes"], routes)
    return Told(
        people=figures["people"],
        tables=[_table(title, lines) for title, lines in tables.items() if lines is not None],
        withheld=[title for title, lines in tables.items() if lines is None],
        otherwise=share(figures["otherwise"]),
        strong=[
            *_shares(figures["strong"], dict(countries)),
            *_shares(figures.get("strong_by_route", []), routes),
        ],
        indicators=_indicators(definition, figures["indicators"]),
    )


def titles(house: UUID) -> dict[UUID, str]:
    """What each instrument of a house is called in its latest version, by its id."""
    known = InstrumentVersion.objects.of_house(house)
    versions = known.order_by("instrument_id", "-valid_from", "-loaded_at")
    return {row.instrument_id: row.title for row in versions.distinct("instrument_id")}


Lines = list[tuple[str, list[int | None]]]


def _table(title: str, lines: Lines) -> Table:
    return Table(title, title, [_("Number")], lines)


def _list(numbers: Mapping[str, int | None] | None, words: Mapping[str, Any]) -> Lines | None:
    if numbers is None:
        return None
    return [(str(words[code]), [numbers[code]]) for code in words if code in numbers]


def _shares(groups: Iterable[tuple[str, int]], words: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(_called(code, words), share(tenths)) for code, tenths in groups]


def _cells(cells: Cells | None, words: Mapping[str, str]) -> Lines | None:
    if cells is None:
        return None
    rest = {OTHER: 1, UNKNOWN: 2, TOTAL: 3}
    ordered = sorted(cells, key=lambda cell: (rest.get(cell[1], 0), -cell[2]))
    return [(_called(label, words), [number]) for _row, label, number in ordered]


def _called(code: str, words: Mapping[str, str]) -> str:
    others = {OTHER: _("Others together"), UNKNOWN: _("Not known"), TOTAL: _("Total")}
    return others.get(code) or str(words.get(code, code))


def _bands(definition: Mapping[str, Any]) -> dict[str, str]:
    """{band: what it is called}; adults and children share the letters, not always the words."""
    found: dict[str, list[str]] = {}
    for bands in definition["bands"].values():
        for band in bands:
            label = say(band["label"])
            if label not in found.setdefault(band["band"], []):
                found[band["band"]].append(label)
    return {band: " / ".join(labels) for band, labels in sorted(found.items())}


def _indicators(
    definition: Mapping[str, Any], figures: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    texts = {indicator["id"]: say(indicator["text"]) for indicator in definition["indicators"]}
    rows = [
        {
            **told_of,
            "id": name,
            "text": texts.get(name, name),
            "says": str(SAYS.get(told_of["says"], "")),
        }
        for name, told_of in figures.items()
    ]
    return sorted(rows, key=_of_note)


def _of_note(row: Mapping[str, Any]) -> tuple[bool, int]:
    return not row["says"], -(row["yes"] or 0)
