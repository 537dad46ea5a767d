"""What the schema of instruments cannot see: names that lead nowhere or twice, rules that bend.

Everything is told as (where, reason); `where` names a place of the file.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _

from screening.conditions import (
    DEEPEST,
    asks_for,
    depth,
    every_condition,
    falls,
    known_before,
    rule_conditions,
    skip_conditions,
    walk,
)
from screening.scoring import RECORDED, Definition

Fault = tuple[str, str]

# What a translation is when somebody answers for it.
CHECKED = ("source", "reviewed")

# The lists of the file that a fact of the same name is recorded in.
LISTS = {"act": "acts", "purpose": "purposes"}


def contradictions(definition: Definition) -> Iterator[Fault]:
    codes = {
        name: [entry[key] for entry in definition.get(name, ())]
        for name, key in [
            ("sources", "code"), ("dimensions", "code"), ("acts", "code"), ("purposes", "code"),
            ("indicators", "id"), ("sections", "code"), ("actions", "code"),
        ]
    }  # fmt: skip
    for name, values in codes.items():
        yield from ((name, _twice(value)) for value in _repeated(values))
    yield from _wrong_frame(definition, codes)
    yield from _wrong_client(definition, codes)
    yield from _wrong_indicators(definition, codes)
    yield from _wrong_sections(definition, codes)
    yield from _wrong_bands(definition, codes)
    yield from _wrong_conditions(definition, codes)
    yield from _wrong_skips(definition)
    yield from _wrong_languages(definition)


def _twice(value: str) -> str:
    return _("%(code)s stands twice") % {"code": value}


def _none(what: str, value: str) -> str:
    return _("there is no %(what)s %(code)s") % {"what": what, "code": value}


def _wrong_frame(definition: Definition, codes: Mapping[str, list[str]]) -> Iterator[Fault]:
    until = definition["valid_until"]
    if until is not None and until < definition["valid_from"]:
        yield "valid_until", _("it ends before it begins")
    ages = definition.get("scope", {}).get("ages", {"from": None, "until": None})
    if None not in ages.values() and ages["from"] > ages["until"]:
        yield "scope.ages", _("it ends before it begins")


def _wrong_client(definition: Definition, codes: Mapping[str, list[str]]) -> Iterator[Fault]:
    """What a client is to answer alone has questions; what only a worker sees is none."""
    client = definition.get("client", {"sections": []})
    kinds = {s["code"]: {g["kind"] for g in s["groups"]} for s in definition["sections"]}
    for code in client["sections"]:
        if code not in kinds:
            yield "client", _none(_("section"), code)
        elif "answers" not in kinds[code]:
            yield "client", _("the section %(code)s asks nothing") % {"code": code}
    for indicator in client.get("pictures", {}):
        if indicator not in codes["indicators"]:
            yield "client.pictures", _none(_("indicator"), indicator)


def _wrong_indicators(definition: Definition, codes: Mapping[str, list[str]]) -> Iterator[Fault]:
    scored = {d["code"]: d["scored"] for d in definition["dimensions"]}
    for indicator in definition["indicators"]:
        where = f"indicator {indicator['id']}"
        if indicator["dimension"] not in scored:
            yield where, _none(_("dimension"), indicator["dimension"])
        elif scored[indicator["dimension"]] == ("flag" in indicator["strength"].values()):
            yield (
                where,
                _("flags belong in a dimension that is not scored, and nothing else does"),
            )
        if indicator["source"] not in codes["sources"]:
            yield where, _none(_("source"), indicator["source"])


def _wrong_sections(definition: Definition, codes: Mapping[str, list[str]]) -> Iterator[Fault]:
    groups = [group for section in definition["sections"] for group in section["groups"]]
    asked = list(chain.from_iterable(group.get("indicators", []) for group in groups))
    known = set(codes["indicators"])
    yield from (("sections", _twice(name)) for name in _repeated(asked))
    yield from (("sections", _none(_("indicator"), name)) for name in sorted(set(asked) - known))
    for name in sorted(known - set(asked)):
        yield "sections", _("%(code)s is never asked") % {"code": name}
    for group in groups:
        where = f"group {group['code']}"
        if ("indicators" in group) != (group["kind"] in {"answers", "ticks"}):
            yield where, _("only answers and ticks list indicators, and they must")
        if group["kind"] in {"acts", "purposes", "comparison"} - {*definition}:
            yield where, _none(_("list"), group["kind"])
    for criterion in definition.get("comparison", {"criteria": []})["criteria"]:
        for missing in sorted(set(criterion["told_by"]) - known):
            yield f"criterion {criterion['code']}", _none(_("indicator"), missing)


def _wrong_bands(definition: Definition, codes: Mapping[str, list[str]]) -> Iterator[Fault]:
    for profile, rules in definition["rules"]["bands"].items():
        where, names = f"rules.bands.{profile}", [band["band"] for band in rules]
        if names != [band["band"] for band in definition["bands"][profile]]:
            yield where, _("the bands differ from those that have a text")
        if ["when" in band for band in rules] != [True] * (len(rules) - 1) + [False]:
            yield where, _("every band but the last has a condition, and the last has none")
        if names != sorted(set(names)):
            yield where, _("the bands stand from the most serious down, each once")
    for band in chain.from_iterable(definition["bands"].values()):
        for action in sorted(set(band["actions"]) - set(codes["actions"])):
            yield f"band {band['band']}", _none(_("action"), action)


def _wrong_conditions(definition: Definition, codes: Mapping[str, list[str]]) -> Iterator[Fault]:
    yield from _untold_rules(definition)
    for where, condition in every_condition(definition):
        if depth(condition) > DEEPEST:
            yield where, _("too many conditions stand inside each other")
        yield from ((where, reason) for reason in _nowhere(definition, condition, codes))
    for where, condition in rule_conditions(definition):
        if falls(condition):
            yield where, _("another yes could lower the result: “not” may only turn “child”")


def _untold_rules(definition: Definition) -> Iterator[Fault]:
    named = [RECORDED, *(rule["code"] for rule in definition["rules"]["dimension_positive"])]
    for _where, condition in every_condition(definition):
        named += [part["items"]["rule"] for part in walk(condition) if "items" in part]
    for rule in dict.fromkeys(named):
        if rule not in definition["texts"]["rules"]:
            yield "texts.rules", _("the rule %(code)s has no text") % {"code": rule}


def _nowhere(
    definition: Definition, condition: Any, codes: Mapping[str, list[str]]
) -> Iterator[str]:
    kinds = {group["kind"] for section in definition["sections"] for group in section["groups"]}
    for kind, code in asks_for(definition, condition):
        if kind == "dimension" and code not in codes["dimensions"]:
            yield _none(_("dimension"), code)
        if kind == "indicator" and code not in codes["indicators"]:
            yield _none(_("indicator"), code)
        if kind == "recorded" and code not in definition["texts"]["recorded"]:
            yield _("what is recorded as %(code)s has no text") % {"code": code}
        if kind == "recorded" and LISTS.get(code, "") not in {"", *kinds}:
            yield _("no part asks for %(code)s") % {"code": LISTS[code]}


def _wrong_skips(definition: Definition) -> Iterator[Fault]:
    for where, index, condition in skip_conditions(definition):
        known = known_before(definition, index)
        for kind, code in asks_for(definition, condition):
            every = kind == "dimension" and not _is_named(condition, code)
            if not every and (kind, code) not in known:
                yield where, _("no earlier part can say %(code)s") % {"code": code}


def _is_named(condition: Any, dimension: str) -> bool:
    """Whether a condition names a dimension, and does not only mean all of them."""
    bodies = [b for part in walk(condition) for b in part.values() if isinstance(b, Mapping)]
    return any(dimension in body.get("of", []) for body in bodies)


def _wrong_languages(definition: Definition) -> Iterator[Fault]:
    states = definition["translations"]
    whole = {language for language, state in states.items() if state in {*CHECKED}}
    for where, text in texts_of(definition):
        for language in sorted({*text} - {*states}):
            yield where, _("nothing says who checked the language %(code)s") % {"code": language}
        if definition["format"] > 1:
            for language in sorted(whole - {*text}):
                yield where, _("the text is missing in %(code)s") % {"code": language}


def texts_of(node: Any, where: str = "") -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every visible text with its place in the file."""
    if isinstance(node, Mapping):
        if isinstance(node.get("en"), str) and where != "translations":
            yield where, node
            return
        for key, value in node.items():
            yield from texts_of(value, f"{where}.{key}" if where else key)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            name = value.get("id") or value.get("code") if isinstance(value, Mapping) else None
            yield from texts_of(value, f"{where}.{name or index}")


def _repeated(values: Iterable[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]
