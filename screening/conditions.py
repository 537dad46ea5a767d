"""What a condition asks for, without answering it: what is in it, how deep, which way it turns."""

from collections.abc import Iterator, Mapping
from typing import Any

from screening.scoring import CHILD, Condition, Definition

DEEPEST = 20  # conditions inside each other


def inside(condition: Condition) -> list[Condition]:
    """The conditions directly inside this one."""
    ((kind, body),) = condition.items()
    if kind in {"all", "any"}:
        return list(body)
    return [body] if kind == "not" else []


def walk(condition: Condition) -> Iterator[Condition]:
    """This condition and every one inside it."""
    waiting = [condition]
    while waiting:
        current = waiting.pop()
        yield current
        waiting += inside(current)


def depth(condition: Condition) -> int:
    level, waiting = 0, [condition]
    while waiting:
        level += 1
        waiting = [deeper for current in waiting for deeper in inside(current)]
    return level


def falls(condition: Condition, *, turned: bool = False) -> bool:
    """Whether another yes could end it: then a rule of a result must not ask it."""
    ((kind, body),) = condition.items()
    if kind == "not":
        return falls(body, turned=not turned)
    if kind in {"all", "any"}:
        return any(falls(part, turned=turned) for part in body)
    return turned and kind != "profile"


def asks_for(definition: Definition, condition: Condition) -> Iterator[tuple[str, str]]:
    """What it takes an answer from: (indicator | dimension | recorded, its code)."""
    for part in walk(condition):
        ((kind, body),) = part.items()
        if kind == "answered":
            yield "indicator", body["indicator"]
        elif kind in {"positive", "items"}:
            every = [dimension["code"] for dimension in definition["dimensions"]]
            yield from (("dimension", code) for code in body.get("of", every))
        elif kind == "recorded":
            yield "recorded", body


def rule_conditions(definition: Definition) -> Iterator[tuple[str, Condition]]:
    """The conditions that make the result, as (place, condition)."""
    for profile, bands in definition["rules"]["bands"].items():
        for band in bands:
            if "when" in band:
                yield f"rules.bands.{profile}.{band['band']}", band["when"]
    for profile, elements in definition["rules"].get("elements", {}).items():
        for element, rule in elements.items():
            if isinstance(rule, Mapping):
                yield f"rules.elements.{profile}.{element}", rule


def skip_conditions(definition: Definition) -> Iterator[tuple[str, int, Condition]]:
    """The conditions that leave parts out, as (place, index of the section, condition)."""
    for index, section in enumerate(definition["sections"]):
        if "when" in section:
            yield f"section {section['code']}", index, section["when"]
        for group in section["groups"]:
            if "when" in group:
                yield f"group {group['code']}", index, group["when"]


def every_condition(definition: Definition) -> Iterator[tuple[str, Condition]]:
    yield from rule_conditions(definition)
    yield from ((place, condition) for place, _index, condition in skip_conditions(definition))
    for alert in definition.get("alerts", ()):
        yield f"alert {alert['alert']}", alert["when"]


def known_before(definition: Definition, index: int) -> set[tuple[str, str]]:
    """What the sections before this one can say, in the words of `asks_for`."""
    dimensions = {i["id"]: i["dimension"] for i in definition["indicators"]}
    known = {("recorded", "unaccompanied_or_separated")}
    for section in definition["sections"][:index]:
        for group in section["groups"]:
            kinds: Mapping[str, Any] = {"acts": "act", "purposes": "purpose"}
            if group["kind"] in kinds:
                known.add(("recorded", kinds[group["kind"]]))
            for name in group.get("indicators", []):
                known |= {("indicator", name), ("dimension", dimensions.get(name, CHILD))}
    return known
