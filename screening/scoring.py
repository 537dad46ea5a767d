"""What the answers to an instrument add up to: arithmetic over its definition, nothing else.

The rules stand in the definition; this module reads them. It is total: every answer the
definition knows gives a result, and what it does not know is refused by name.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

Definition = Mapping[str, Any]  # a file of screening/instruments that passed its checks
Condition = Mapping[str, Any]

YES, NO, UNCLEAR, DECLINED = "yes", "no", "unclear", "declined"
ANSWERS = (YES, NO, UNCLEAR, DECLINED)  # only yes is a tick; not asked is absent

CHILD = "child"
INDICATED, NOT_CLEAR, NOT_NEEDED = "indicated", "not_clear", "not_needed"
RECORDED, ANSWERED = "recorded", "answered"
FACTS = ("act", "purpose", "unaccompanied_or_separated")


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that led to the result: a rule that held, and the answers it held for."""

    dimension: str  # a dimension, or one of FACTS, or child
    rule: str
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """A result with its reasons. It is advice: nothing follows from it by itself."""

    band: str
    positive_dimensions: tuple[str, ...]
    reasons: tuple[Reason, ...]
    actions: tuple[str, ...]
    elements: Mapping[str, str]  # act, means, purpose -> indicated, not_clear or not_needed
    alerts: tuple[str, ...] = ()  # what must happen at once, in the order of the file


@dataclass(frozen=True, slots=True)
class _Found:
    """The answers as the rules ask for them."""

    items: Mapping[str, Mapping[str, list[str]]]  # dimension -> strength -> ids, in file order
    positive: Mapping[str, Reason]  # dimension -> why it is positive
    recorded: frozenset[str]
    answers: Mapping[str, str]  # id -> answer, whatever it is
    dimension_of: Mapping[str, str]
    profile: str


def assess(
    definition: Definition,
    *,
    profile: str,
    act_recorded: bool,
    purpose_recorded: bool,
    unaccompanied_or_separated: bool,
    answers: Iterable[str],
    other_answers: Mapping[str, str] = MappingProxyType({}),
) -> Assessment:
    """Weigh the ticked indicators of one person.

    `other_answers` are those that are no yes, by indicator: they score nothing, but a condition
    may ask for them. An indicator without a strength for the profile is ignored; repeats and
    order are too.

    Raises ValueError for an indicator, an answer or a profile that the definition does not know.
    Source of the dimension rule: ILO/EC operational indicators 2009 (Delphi), through a
    secondary source. The bands are a proposal of this project.
    """
    facts = (act_recorded, purpose_recorded, unaccompanied_or_separated)
    found = _found(definition, profile, facts, {**other_answers, **dict.fromkeys(answers, YES)})
    rules = definition["rules"]
    band, why = _first_band(rules["bands"][profile], found)
    alerts = (
        a["alert"] for a in definition.get("alerts", ()) if _met(a["when"], found) is not None
    )
    return Assessment(
        band=band,
        positive_dimensions=tuple(found.positive),
        reasons=tuple(_without_repeats([*found.positive.values(), *why])),
        actions=_actions_of(definition, profile, band),
        elements=_elements(rules["elements"][profile], found) if "elements" in rules else {},
        alerts=tuple(dict.fromkeys(alerts)),
    )


def holds(
    definition: Definition,
    condition: Condition,
    *,
    profile: str,
    act_recorded: bool,
    purpose_recorded: bool,
    unaccompanied_or_separated: bool,
    answers: Mapping[str, str],
) -> bool:
    """Whether one condition holds for these answers by indicator, whatever they are.

    Raises ValueError as `assess` does.
    """
    facts = (act_recorded, purpose_recorded, unaccompanied_or_separated)
    return _met(condition, _found(definition, profile, facts, answers)) is not None


def _found(
    definition: Definition, profile: str, facts: Iterable[bool], answers: Mapping[str, str]
) -> _Found:
    if profile not in definition["bands"]:
        raise ValueError(f"Unknown profile: {profile}")
    items = _items_by_dimension(definition, profile, answers)
    return _Found(
        items=items,
        positive=_positive_dimensions(definition, items),
        recorded=frozenset(
            name for name, is_recorded in zip(FACTS, facts, strict=True) if is_recorded
        ),
        answers=answers,
        dimension_of={i["id"]: i["dimension"] for i in definition["indicators"]},
        profile=profile,
    )


def _items_by_dimension(
    definition: Definition, profile: str, answers: Mapping[str, str]
) -> dict[str, dict[str, list[str]]]:
    known = {indicator["id"] for indicator in definition["indicators"]}
    if unknown := (set(answers) - known) | (set(answers.values()) - {*ANSWERS}):
        raise ValueError(f"Unknown answer: {', '.join(sorted(map(str, unknown)))}")
    items: dict[str, dict[str, list[str]]] = {d["code"]: {} for d in definition["dimensions"]}
    for indicator in definition["indicators"]:
        strength = indicator["strength"][profile]
        if answers.get(indicator["id"]) == YES and strength is not None:
            items[indicator["dimension"]].setdefault(strength, []).append(indicator["id"])
    return items


def _positive_dimensions(
    definition: Definition, items: Mapping[str, Mapping[str, list[str]]]
) -> dict[str, Reason]:
    """The scored dimensions that reach a rule, each with the first rule it reaches."""
    positive = {}
    for dimension in definition["dimensions"]:
        code = dimension["code"]
        counts = {strength: len(ids) for strength, ids in items[code].items()}
        rule = _first_rule(definition["rules"]["dimension_positive"], counts)
        if dimension["scored"] and rule is not None:
            because = [answer for ids in items[code].values() for answer in ids]
            positive[code] = Reason(code, rule, tuple(sorted(because)))
    return positive


def _first_rule(rules: Iterable[Mapping[str, Any]], counts: Mapping[str, int]) -> str | None:
    strong, medium, weak = (counts.get(name, 0) for name in ("strong", "medium", "weak"))
    for rule in rules:
        if (
            strong >= rule.get("strong", 0)
            and medium >= rule.get("medium", 0)
            and weak >= rule.get("weak", 0)
            and medium + weak >= rule.get("medium_or_weak", 0)
        ):
            return str(rule["code"])
    return None


def _first_band(bands: Iterable[Mapping[str, Any]], found: _Found) -> tuple[str, list[Reason]]:
    """The first band whose condition holds; the last one has none and always holds."""
    for band in bands:
        why = _met(band["when"], found) if "when" in band else []
        if why is not None:
            return band["band"], why
    raise ValueError("The definition has no band without a condition.")


def _met(condition: Condition, found: _Found) -> list[Reason] | None:
    """Why a condition holds, or None where it does not."""
    ((kind, body),) = condition.items()
    return _CONDITIONS[kind](body, found)


def _all(conditions: Iterable[Condition], found: _Found) -> list[Reason] | None:
    reasons: list[Reason] = []
    for condition in conditions:
        why = _met(condition, found)
        if why is None:
            return None
        reasons += why
    return reasons


def _any(conditions: Iterable[Condition], found: _Found) -> list[Reason] | None:
    """Every alternative that holds gives its reasons, not only the first."""
    held = [why for condition in conditions if (why := _met(condition, found)) is not None]
    return [reason for why in held for reason in why] if held else None


def _positive(body: Mapping[str, Any], found: _Found) -> list[Reason] | None:
    reasons = [found.positive[code] for code in body["of"] if code in found.positive]
    return reasons if len(reasons) >= body["at_least"] else None


def _items(body: Mapping[str, Any], found: _Found) -> list[Reason] | None:
    reasons = []
    for dimension in body.get("of", found.items):
        by_strength = found.items[dimension]
        wanted = body.get("strengths", by_strength)
        ids = [answer for name in wanted for answer in by_strength.get(name, [])]
        if ids:
            reasons.append(Reason(dimension, body["rule"], tuple(sorted(ids))))
    return reasons if sum(len(r.because) for r in reasons) >= body["at_least"] else None


def _recorded(name: str, found: _Found) -> list[Reason] | None:
    return [Reason(name, RECORDED)] if name in found.recorded else None


def _not(condition: Condition, found: _Found) -> list[Reason] | None:
    """What does not hold gives no reason: there is nothing to point at."""
    return [] if _met(condition, found) is None else None


def _answered(body: Mapping[str, Any], found: _Found) -> list[Reason] | None:
    name = body["indicator"]
    answer = found.answers.get(name)
    if answer not in body["is"]:
        return None
    return [Reason(found.dimension_of[name], RECORDED if answer == YES else ANSWERED, (name,))]


def _profile(name: str, found: _Found) -> list[Reason] | None:
    return [Reason(name, RECORDED)] if found.profile == name else None


_CONDITIONS: dict[str, Callable[[Any, _Found], list[Reason] | None]] = {
    "all": _all,
    "any": _any,
    "positive": _positive,
    "items": _items,
    "recorded": _recorded,
    "not": _not,
    "answered": _answered,
    "profile": _profile,
}


def _without_repeats(reasons: Iterable[Reason]) -> list[Reason]:
    """Each reason once, and none that only repeats answers already given for its dimension."""
    kept: list[Reason] = []
    for reason in reasons:
        told = any(
            reason.dimension == other.dimension and set(reason.because) <= set(other.because)
            for other in kept
        )
        if not told:
            kept.append(reason)
    return kept


def _actions_of(definition: Definition, profile: str, band: str) -> tuple[str, ...]:
    (described,) = (b for b in definition["bands"][profile] if b["band"] == band)
    return tuple(described["actions"])


def _elements(rules: Mapping[str, Condition | str], found: _Found) -> dict[str, str]:
    states = {}
    for element, rule in rules.items():
        if isinstance(rule, str):
            states[element] = rule
        else:
            states[element] = NOT_CLEAR if _met(rule, found) is None else INDICATED
    return states
