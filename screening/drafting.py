"""Changes of a definition, block by block: what a block holds now, and the definition after it.

Nothing is changed in place. Texts are {language: words}; conditions come as text of the language.
"""

import copy
import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from screening.language import parse, tell
from screening.scoring import Definition

Values = Mapping[str, Any]
BLANK = Path(__file__).parent / "blank_instrument.json"
REVIEW_AFTER = timedelta(days=365)
EVERYWHERE: Mapping[str, Any] = {
    "countries": [],
    "routes": [],
    "ages": {"from": None, "until": None},
}
# What the blocks of one entry are called, and the list it stands in.
ENTRIES = {
    "indicator": ("indicators", "id"),
    "section": ("sections", "code"),
    "group": ("groups", "code"),
    "dimension": ("dimensions", "code"),
    "action": ("actions", "code"),
    "source": ("sources", "code"),
}


class NoSuchBlockError(LookupError):
    """A block or a key that the definition does not have."""


def as_format_2(definition: Definition) -> dict[str, Any]:
    """The same definition in the present format; everything it says stays."""
    new = copy.deepcopy(dict(definition))
    new["format"] = 2
    new.setdefault("kind", "screening")
    new.setdefault("scope", copy.deepcopy(dict(EVERYWHERE)))
    return new


def begun_from(definition: Definition, *, today: date, versions: Iterable[str]) -> dict[str, Any]:
    """The next version of a definition, in force from today."""
    new = as_format_2(definition)
    new["version"] = _next_version(definition["version"], set(versions))
    return _in_force_from(today, new)


def _next_version(version: str, taken: set[str]) -> str:
    *head, last = version.split(".") if "." in version else [version, "0"]
    number = int(last) + 1
    while (told := ".".join([*head, str(number)])) in taken:
        number += 1
    return told


def empty(code: str, title: str, *, owner: str, today: date) -> dict[str, Any]:
    """The smallest definition there is: one part, one sign, two results."""
    new = _in_force_from(today, json.loads(BLANK.read_text(encoding="utf-8")))
    source = {"code": "own", "title": owner, "certainty": "project_proposal"}
    return {**new, "code": code, "title": {"en": title}, "owner": owner, "sources": [source]}


def _in_force_from(today: date, definition: dict[str, Any]) -> dict[str, Any]:
    review = (today + REVIEW_AFTER).isoformat()
    return {
        **definition,
        "valid_from": today.isoformat(),
        "valid_until": None,
        "review_on": review,
    }


def entry(definition: Definition, block: str, key: str) -> dict[str, Any]:
    """One entry of a list of the definition. Raises NoSuchBlockError."""
    name, field = ENTRIES[block]
    lists = [s["groups"] for s in definition["sections"]] if block == "group" else []
    entries = [e for entries in lists for e in entries] if lists else definition[name]
    for found in entries:
        if found[field] == key:
            return dict(found)
    raise NoSuchBlockError(key)


def band_of(definition: Definition, key: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """(profile, words, rule) of a band, by `adult-A`. Raises NoSuchBlockError."""
    profile, _dash, band = key.partition("-")
    for words, rule in zip(
        definition["bands"].get(profile, ()),
        definition["rules"]["bands"].get(profile, ()),
        strict=False,
    ):
        if words["band"] == band:
            return profile, dict(words), dict(rule)
    raise NoSuchBlockError(key)


def rule_text(definition: Definition, key: str) -> dict[str, str]:
    """What a rule means, by the place of its name. Raises NoSuchBlockError."""
    rules = definition["texts"]["rules"]
    names = sorted(rules)
    if not key.isdecimal() or int(key) >= len(names):
        raise NoSuchBlockError(key)
    return dict(rules[names[int(key)]])


def condition_text(holder: Mapping[str, Any]) -> str:
    return tell(holder["when"]) if "when" in holder else ""


def with_entry(definition: Definition, block: str, key: str, values: Values) -> dict[str, Any]:
    """The definition with these fields of an entry; one that is None goes. Raises LanguageError."""
    new = copy.deepcopy(dict(definition))
    found = _mutable(new, block, key)
    for name, value in values.items():
        if value is None:
            found.pop(name, None)
        else:
            found[name] = value
    return _settled(definition, new)


def with_frame(definition: Definition, values: Values) -> dict[str, Any]:
    """The definition with other words, days and reach of its own."""
    return _settled(definition, {**copy.deepcopy(dict(definition)), **values})


def with_band(definition: Definition, key: str, values: Values, when: str) -> dict[str, Any]:
    """The definition with other words and another condition of a band. Raises LanguageError.

    A value that is None goes.
    """
    profile, words, rule = band_of(definition, key)
    new = copy.deepcopy(dict(definition))
    told = {name: value for name, value in {**words, **values}.items() if value is not None}
    for old, changed in [(words, told), (rule, _with_when(rule, when))]:
        rows = new["bands"][profile] if old is words else new["rules"]["bands"][profile]
        rows[[row["band"] for row in rows].index(old["band"])] = changed
    return _settled(definition, new)


def with_rule_text(definition: Definition, key: str, text: Mapping[str, str]) -> dict[str, Any]:
    rule_text(definition, key)
    new = copy.deepcopy(dict(definition))
    new["texts"]["rules"][sorted(new["texts"]["rules"])[int(key)]] = dict(text)
    return _settled(definition, new)


def _with_when(holder: Mapping[str, Any], when: str) -> dict[str, Any]:
    bare = {name: value for name, value in holder.items() if name != "when"}
    return {**bare, "when": parse(when)} if "when" in holder else bare


def added(definition: Definition, block: str, values: Values, group: str = "") -> dict[str, Any]:
    """The definition with a new entry at the end; an indicator is asked in a group."""
    new = copy.deepcopy(dict(definition))
    new[ENTRIES[block][0]].append(dict(values))
    if group:
        _mutable(new, "group", group).setdefault("indicators", []).append(values["id"])
    return _settled(definition, new)


def with_group(
    definition: Definition,
    section: str,
    *,
    kind: str,
    prompt: Mapping[str, str],
    indicator: Values,
) -> dict[str, Any]:
    """The definition with one more group of questions, which begins with a new indicator.

    Without a section it stands in a new part at the end, which has the group's words as its title.
    """
    new = copy.deepcopy(dict(definition))
    group = {
        "code": _free_code("group", {group["code"] for group in _groups(new)}),
        "kind": kind,
        "prompt": dict(prompt),
        "indicators": [indicator["id"]],
    }
    if section:
        _mutable(new, "section", section)["groups"].append(group)
    else:
        code = _free_code("part", {section["code"] for section in new["sections"]})
        part = {"code": code, "title": dict(prompt), "profiles": list(new["profiles"])}
        new["sections"].append({**part, "groups": [group]})
    new["indicators"].append(dict(indicator))
    return _settled(definition, new)


def _free_code(word: str, taken: set[str]) -> str:
    number = len(taken) + 1
    while f"{word}_{number}" in taken:
        number += 1
    return f"{word}_{number}"


def alert_of(definition: Definition, key: str) -> dict[str, Any]:
    """An alert by its place. Raises NoSuchBlockError."""
    alerts = definition.get("alerts", [])
    if not key.isdecimal() or int(key) >= len(alerts):
        raise NoSuchBlockError(key)
    return dict(alerts[int(key)])


def with_alert(definition: Definition, key: str, when: str) -> dict[str, Any]:
    """The definition with another condition of an alert. Raises LanguageError."""
    changed = _with_when(alert_of(definition, key), when)
    new = copy.deepcopy(dict(definition))
    new["alerts"][int(key)] = changed
    return new


def element_of(definition: Definition, key: str) -> tuple[str, str, Mapping[str, Any]]:
    """(profile, element, condition), by `adult-means`. Raises NoSuchBlockError."""
    profile, _dash, element = key.partition("-")
    rule = definition["rules"].get("elements", {}).get(profile, {}).get(element)
    if not isinstance(rule, Mapping):
        raise NoSuchBlockError(key)
    return profile, element, rule


def with_element(definition: Definition, key: str, when: str) -> dict[str, Any]:
    """The definition with another condition of act, means or purpose. Raises LanguageError."""
    profile, element, _rule = element_of(definition, key)
    new = copy.deepcopy(dict(definition))
    new["rules"]["elements"][profile][element] = parse(when)
    return new


def removed(definition: Definition, indicator: str) -> dict[str, Any]:
    """The definition without an indicator; nothing asks for it and no criterion names it."""
    entry(definition, "indicator", indicator)
    new = copy.deepcopy(dict(definition))
    new["indicators"] = [i for i in new["indicators"] if i["id"] != indicator]
    for group in _groups(new):
        if indicator in group.get("indicators", []):
            group["indicators"].remove(indicator)
    for section in new["sections"]:
        section["groups"] = [g for g in section["groups"] if g.get("indicators") != []]
    new["sections"] = [section for section in new["sections"] if section["groups"]]
    for criterion in new.get("comparison", {"criteria": []})["criteria"]:
        criterion["told_by"] = [name for name in criterion["told_by"] if name != indicator]
    return _settled(definition, new)


def moved(definition: Definition, indicator: str, *, up: bool) -> dict[str, Any]:
    """The definition with an indicator asked one place earlier or later in its group."""
    entry(definition, "indicator", indicator)
    new = copy.deepcopy(dict(definition))
    for group in _groups(new):
        names = group.get("indicators", [])
        if indicator in names:
            place = names.index(indicator)
            other = max(place - 1, 0) if up else min(place + 1, len(names) - 1)
            names[place], names[other] = names[other], names[place]
    return new


def put_into(definition: Definition, indicator: str, group: str) -> dict[str, Any]:
    """The definition with an indicator asked in another group."""
    new = copy.deepcopy(dict(definition))
    for other in _groups(new):
        if indicator in other.get("indicators", []) and other["code"] != group:
            other["indicators"].remove(indicator)
            _mutable(new, "group", group).setdefault("indicators", []).append(indicator)
            break
    return new


def group_of(definition: Definition, indicator: str) -> str:
    groups = (g for g in _groups(definition) if indicator in g.get("indicators", []))
    return str(next(groups, {"code": ""})["code"])


def reviewed(definition: Definition, language: str, *, by: str, on: date) -> dict[str, Any]:
    """The definition with a translation that somebody confirmed."""
    new = copy.deepcopy(dict(definition))
    new["translations"][language] = "reviewed"
    new.setdefault("reviews", {})[language] = {"by": by, "on": on.isoformat()}
    return new


def _settled(old: Definition, new: dict[str, Any]) -> dict[str, Any]:
    """A language in which a text changed is a draft again: nobody has confirmed these words."""
    before, after = dict(_words(old)), dict(_words(new))
    for text in after.values():
        for language in text:
            new["translations"].setdefault(language, "draft")
    for language, state in new["translations"].items():
        changed = any(
            text.get(language) != before.get(place, {}).get(language)
            for place, text in after.items()
        )
        if state == "reviewed" and changed:
            new["translations"][language] = "draft"
            new.get("reviews", {}).pop(language, None)
    return new


def _words(node: Any, place: str = "") -> Iterable[tuple[str, Mapping[str, str]]]:
    if isinstance(node, Mapping):
        if isinstance(node.get("en"), str) and place != ".translations":
            yield place, node
        for key, value in node.items():
            yield from _words(value, f"{place}.{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            name = value.get("id") or value.get("code") if isinstance(value, Mapping) else index
            yield from _words(value, f"{place}.{name}")


def _groups(definition: Definition) -> list[dict[str, Any]]:
    return [group for section in definition["sections"] for group in section["groups"]]


def _mutable(new: dict[str, Any], block: str, key: str) -> dict[str, Any]:
    name, field = ENTRIES[block]
    entries = _groups(new) if block == "group" else new[name]
    for found in entries:
        if found[field] == key:
            return found
    raise NoSuchBlockError(key)
