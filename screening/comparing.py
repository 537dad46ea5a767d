"""What two versions of an instrument have differently, in places that a reader knows."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from screening.language import tell
from screening.scoring import Definition

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
# The lists of a definition, with what names an entry.
LISTS = {
    "indicators": "id",
    "sections": "code",
    "groups": "code",
    "dimensions": "code",
    "acts": "code",
    "purposes": "code",
    "actions": "code",
    "sources": "code",
}
FRAME = (
    "title", "kind", "scope", "owner", "valid_from", "valid_until", "review_on", "notes",
    "translations", "alerts", "client", "comparison",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """One place that differs; `before` and `after` are as the file has them, conditions as text."""

    area: str  # a list of LISTS, or frame, rules, bands, texts
    key: str
    kind: str
    field: str = ""
    before: Any = None
    after: Any = None


def differences(old: Definition, new: Definition) -> list[Difference]:
    return [
        *_fields("frame", "", _part(old, FRAME), _part(new, FRAME)),
        *(d for name, key in LISTS.items() for d in _entries(name, key, old, new)),
        *_conditions(old, new),
        *_bands(old, new),
        *_rule_texts(old, new),
    ]


def _part(definition: Definition, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: definition[name] for name in names if name in definition}


def _entries(name: str, key: str, old: Definition, new: Definition) -> Iterator[Difference]:
    before = {entry[key]: entry for entry in _listed(name, old)}
    after = {entry[key]: entry for entry in _listed(name, new)}
    for code in [*before, *(code for code in after if code not in before)]:
        if code not in after:
            yield Difference(name, code, REMOVED, before=_named(before[code]))
        elif code not in before:
            yield Difference(name, code, ADDED, after=_named(after[code]))
        else:
            yield from _fields(name, code, before[code], after[code])


def _listed(name: str, definition: Definition) -> list[Mapping[str, Any]]:
    """The entries of a list; groups stand apart from the parts they are in."""
    if name == "groups":
        return [
            {**group, "part": section["code"]}
            for section in definition["sections"]
            for group in section["groups"]
        ]
    if name == "sections":
        order = enumerate(definition["sections"], start=1)
        return [{**section, "groups": None, "place": place} for place, section in order]
    return list(definition.get(name, ()))


def _fields(
    area: str, key: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Difference]:
    """What differs inside, down to the single value; of lists the whole."""
    for name in dict.fromkeys([*old, *new]):
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        if isinstance(before, Mapping) and isinstance(after, Mapping) and name != "when":
            for inner in _fields(area, key, before, after):
                yield Difference(
                    area, key, CHANGED, f"{name}.{inner.field}", inner.before, inner.after
                )
        else:
            yield Difference(area, key, CHANGED, name, _told(name, before), _told(name, after))


def _told(name: str, value: Any) -> Any:
    if name == "when" and value is not None:
        return tell(value)
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if isinstance(value, list):
        return ", ".join(_named(entry) for entry in value)
    return value


def _named(entry: Any) -> str:
    if not isinstance(entry, Mapping):
        return str(entry)
    text = entry.get("text") or entry.get("label") or entry.get("title") or entry.get("prompt")
    if isinstance(text, Mapping):
        return str(text["en"])
    return str(text or entry.get("code") or json.dumps(entry, ensure_ascii=False, sort_keys=True))


def _conditions(old: Definition, new: Definition) -> Iterator[Difference]:
    before, after = dict(_rules(old)), dict(_rules(new))
    for key in dict.fromkeys([*before, *after]):
        if before.get(key) != after.get(key):
            kind = CHANGED if key in before and key in after else ADDED
            kind = REMOVED if key not in after else kind
            yield Difference("rules", key, kind, "when", before.get(key), after.get(key))


def _rules(definition: Definition) -> Iterator[tuple[str, str]]:
    rules = definition["rules"]
    for rule in rules["dimension_positive"]:
        needs = (f"{name} {number}" for name, number in rule.items() if name != "code")
        yield f"dimension-{rule['code']}", ", ".join(needs)
    for profile, bands in rules["bands"].items():
        for band in bands:
            yield f"{profile}-{band['band']}", tell(band["when"]) if "when" in band else ""
    for profile, elements in rules.get("elements", {}).items():
        for name, rule in elements.items():
            yield f"{profile}-{name}", rule if isinstance(rule, str) else tell(rule)


def _bands(old: Definition, new: Definition) -> Iterator[Difference]:
    for profile in dict.fromkeys([*old["bands"], *new["bands"]]):
        before = {band["band"]: band for band in old["bands"].get(profile, ())}
        after = {band["band"]: band for band in new["bands"].get(profile, ())}
        for band in sorted({*before} & {*after}):
            yield from _fields("bands", f"{profile}-{band}", before[band], after[band])


def _rule_texts(old: Definition, new: Definition) -> Iterator[Difference]:
    for part in ("rules", "recorded"):
        before, after = old["texts"].get(part, {}), new["texts"].get(part, {})
        for name in dict.fromkeys([*before, *after]):
            yield from _fields("texts", name, before.get(name, {}), after.get(name, {}))
