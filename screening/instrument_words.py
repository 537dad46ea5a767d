"""A definition for a reader: its parts with their words, what differs, what a trial counted."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.models import Route
from screening.comparing import ADDED, CHANGED, REMOVED, Difference
from screening.explain import ELEMENT_OF, STRENGTH_WORDS, say
from screening.language import tell
from screening.models import InstrumentTrial
from screening.rule_words import rule_in_words
from screening.scoring import Definition

FEWEST = 5  # below this a number could point at somebody
PROFILES = {"adult": gettext_lazy("Adults"), "child": gettext_lazy("Children")}
AREAS = {
    "frame": gettext_lazy("Version, days and reach"),
    "indicators": gettext_lazy("Signs"),
    "sections": gettext_lazy("Parts"),
    "groups": gettext_lazy("Groups of questions"),
    "dimensions": gettext_lazy("Dimensions"),
    "acts": gettext_lazy("Acts"),
    "purposes": gettext_lazy("Purposes"),
    "actions": gettext_lazy("Next steps"),
    "sources": gettext_lazy("Sources"),
    "rules": gettext_lazy("Rules"),
    "bands": gettext_lazy("Results"),
    "texts": gettext_lazy("Words of rules"),
}
KINDS = {
    ADDED: gettext_lazy("Added"),
    REMOVED: gettext_lazy("Taken out"),
    CHANGED: gettext_lazy("Changed"),
}
# The fields of a file as the forms call them.
FIELDS: Mapping[str, Any] = {
    "title": gettext_lazy("Title"),
    "owner": gettext_lazy("Who answers for it"),
    "valid_from": gettext_lazy("First day"),
    "valid_until": gettext_lazy("Last day"),
    "review_on": gettext_lazy("To be reviewed on"),
    "scope": gettext_lazy("Reach"),
    "notes": gettext_lazy("What a reader must know"),
    "text": gettext_lazy("Words"),
    "label": gettext_lazy("Name"),
    "summary": gettext_lazy("What it means"),
    "actions": gettext_lazy("What to do"),
    "ask_again_days": gettext_lazy("Days until a new talk"),
    "within_hours": gettext_lazy("Within hours"),
    "when": gettext_lazy("Holds when"),
    "strength": gettext_lazy("Strength"),
    "dimension": gettext_lazy("Dimension"),
    "prompt": gettext_lazy("Words above"),
    "hint": gettext_lazy("Hint"),
}
DAY = re.compile(r"\d{4}-\d\d-\d\d")
ALERTS = {
    "crisis": gettext_lazy("Crisis steps at once"),
    "health": gettext_lazy("A health clock runs"),
    "supervisor": gettext_lazy("A supervisor is told"),
    "conduct": gettext_lazy("Our own people are named"),
}
TRANSLATIONS = {
    "source": gettext_lazy("Source"),
    "reviewed": gettext_lazy("Confirmed"),
    "draft": gettext_lazy("Draft"),
}


class DefinitionWords:
    """What the pages of versions and drafts show."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.indicators = {i["id"]: i for i in definition["indicators"]}
        self.dimension_names = {d["code"]: say(d["label"]) for d in definition["dimensions"]}

    @property
    def title(self) -> str:
        return say(self.definition["title"])

    def facts(self) -> list[tuple[str, str]]:
        """(label, value) of the frame."""
        old = self.definition
        scope = old.get("scope", {"countries": [], "routes": [], "ages": {}})
        ages = [scope["ages"].get(name) for name in ("from", "until")]
        limits = "–".join("" if age is None else str(age) for age in ages)
        return [
            (_("Version"), old["version"]),
            (_("First day"), _day(old["valid_from"])),
            (_("Last day"), _day(old["valid_until"]) or _("Until the next version")),
            (_("To be reviewed on"), _day(old["review_on"])),
            (_("Who answers for it"), old["owner"]),
            (_("Countries"), ", ".join(scope["countries"]) or _("Everywhere")),
            (_("Routes"), ", ".join(_routes(scope["routes"])) or _("All")),
            (_("Ages"), limits if limits != "–" else _("All")),
        ]

    def sections(self) -> list[dict[str, Any]]:
        return [
            {
                "code": section["code"],
                "title": say(section["title"]),
                "when": self._when(section),
                "groups": [self._group(group) for group in section["groups"]],
            }
            for section in self.definition["sections"]
        ]

    def _group(self, group: Mapping[str, Any]) -> dict[str, Any]:
        known = [self.indicators[n] for n in group.get("indicators", []) if n in self.indicators]
        return {
            "code": group["code"],
            "prompt": say(group["prompt"]),
            "when": self._when(group),
            "lists_signs": group["kind"] in {"answers", "ticks"},
            "indicators": [self._indicator(indicator) for indicator in known],
        }

    def _indicator(self, indicator: Mapping[str, Any]) -> dict[str, Any]:
        strength = indicator["strength"]
        return {
            "id": indicator["id"],
            "text": say(indicator["text"]),
            "dimension": self.dimension_names.get(indicator["dimension"], ""),
            "adult": STRENGTH_WORDS[strength["adult"]],
            "child": STRENGTH_WORDS[strength["child"]],
        }

    def _when(self, holder: Mapping[str, Any]) -> str:
        return rule_in_words(self.definition, holder["when"]) if "when" in holder else ""

    def results(self) -> list[dict[str, Any]]:
        """Every band with its words and its rule, adults first."""
        found = []
        actions = {a["code"]: say(a["text"]) for a in self.definition["actions"]}
        for profile, bands in self.definition["bands"].items():
            rules = {r["band"]: r for r in self.definition["rules"]["bands"][profile]}
            for band in bands:
                rule = rules.get(band["band"], {})
                found.append(
                    {
                        "key": f"{profile}-{band['band']}",
                        "profile": PROFILES[profile],
                        "label": say(band["label"]),
                        "summary": say(band["summary"]),
                        "rule": self._when(rule),
                        "text": tell(rule["when"]) if "when" in rule else "",
                        "actions": [actions.get(code, code) for code in band["actions"]],
                        "again": band.get("ask_again_days"),
                    }
                )
        return found

    def other_rules(self) -> list[dict[str, str]]:
        """What shows act, means and purpose, and what must happen at once: block, key, words."""
        found = []
        for profile, elements in self.definition["rules"].get("elements", {}).items():
            for name, rule in elements.items():
                if isinstance(rule, Mapping):
                    label = f"{PROFILES[profile]}: {ELEMENT_OF[name]}"
                    found.append(self._rule("element", f"{profile}-{name}", label, rule))
        for place, alert in enumerate(self.definition.get("alerts", ())):
            label = str(ALERTS[alert["alert"]])
            found.append(self._rule("alert", str(place), label, alert["when"]))
        return found

    def _rule(
        self, block: str, key: str, label: str, condition: Mapping[str, Any]
    ) -> dict[str, str]:
        return {
            "block": block,
            "key": key,
            "label": label,
            "rule": rule_in_words(self.definition, condition),
            "text": tell(condition),
        }

    def actions(self) -> list[dict[str, Any]]:
        return [
            {"code": a["code"], "text": say(a["text"]), "hours": a.get("within_hours")}
            for a in self.definition["actions"]
        ]

    def dimensions(self) -> list[tuple[str, str]]:
        return list(self.dimension_names.items())

    def sources(self) -> list[Mapping[str, Any]]:
        return list(self.definition["sources"])

    def rule_texts(self) -> list[tuple[int, str]]:
        """(place of its name, words) of every rule."""
        texts = self.definition["texts"]["rules"]
        return [(place, say(texts[name])) for place, name in enumerate(sorted(texts))]

    def notes(self) -> list[str]:
        return list(self.definition["notes"])

    def translations(self) -> list[dict[str, Any]]:
        """Each language with its state, and who confirmed it."""
        reviews = self.definition.get("reviews", {})
        return [
            {
                "code": code,
                "state": state,
                "said": TRANSLATIONS[state],
                "review": reviews.get(code),
            }
            for code, state in self.definition["translations"].items()
        ]


def _routes(codes: Sequence[str]) -> list[str]:
    """What routes are called; a file may name some of its own."""
    listed = {route.code: route.name for route in Route.objects.filter(code__in=codes)}
    return [listed.get(code, code) for code in codes]


def _day(day: str | None) -> str:
    return date_format(date.fromisoformat(day), "DATE_FORMAT") if day else ""


def told_differences(found: Iterable[Difference]) -> list[dict[str, Any]]:
    """What differs, by area, for a reader."""
    areas: dict[str, list[dict[str, Any]]] = {}
    for difference in found:
        areas.setdefault(difference.area, []).append(
            {
                "key": difference.key,
                "field": _field(difference.field),
                "kind": difference.kind,
                "said": KINDS[difference.kind],
                "before": _value(difference.before),
                "after": _value(difference.after),
            }
        )
    return [{"title": AREAS[area], "rows": rows} for area, rows in areas.items()]


def _field(name: str) -> str:
    """What a field is called, or its name in the file; of a text in which language it is."""
    whole, _dot, part = name.partition(".")
    words = str(FIELDS.get(whole, whole))
    return f"{words}, {part}" if part else words


def _value(value: Any) -> str:
    """A value for a reader; a day as people write it."""
    if isinstance(value, str) and DAY.fullmatch(value):
        return _day(value)
    return "" if value is None else str(value)


def told_counts(trial: InstrumentTrial, definition: Definition) -> list[dict[str, Any]]:
    """One table a profile: results before by rows, after by columns; small numbers hidden."""
    tables = []
    for profile, before in trial.counts.items():
        bands = {b["band"]: say(b["label"]) for b in definition["bands"][profile]}
        columns = sorted({band for row in before.values() for band in row} | {*bands})
        rows = [
            {
                "label": bands.get(name, name),
                "cells": _cells({column: before[name].get(column, 0) for column in columns}),
            }
            for name in sorted(before)
        ]
        heads = [bands.get(column, column) for column in columns]
        tables.append({"title": PROFILES[profile], "columns": heads, "rows": rows})
    return tables


def _cells(numbers: Mapping[str, int]) -> list[str]:
    """A row as it may be read: each number kept back is any up to the sum of them, and says so."""
    hidden = _kept_back(numbers)
    most = max(FEWEST, sum(numbers[name] for name in hidden) + 1)
    fewer = _("fewer than %(number)s") % {"number": most}
    return [fewer if name in hidden else str(number) for name, number in numbers.items()]


def _kept_back(numbers: Mapping[str, int]) -> set[str]:
    """The small numbers, and others until the total, which another trial tells, gives none away.

    As `reports.suppression.protect_list`, which stands above this floor.
    """
    hidden = {name for name, number in numbers.items() if 0 < number < FEWEST}
    rest = sorted(numbers.keys() - hidden, key=lambda name: (not numbers[name], numbers[name]))
    while hidden and rest and (len(hidden) == 1 or sum(numbers[n] for n in hidden) < FEWEST):
        hidden.add(rest.pop(0))
    return hidden
