"""The answer sheet of one talk: coded answers, part by part. It has no place for a text."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from screening.scoring import ANSWERS, Assessment, Definition, assess, holds

YES, NO, UNCLEAR, DECLINED = ANSWERS
CLIENT = "client"
SMUGGLING, TRAFFICKING, BOTH = "smuggling", "trafficking", "both"
COMPARISON_ANSWERS = (SMUGGLING, TRAFFICKING, BOTH)

# Codes under acts and purposes, an answer by id under indicators, by code under comparison;
# under by, for each indicator that the client answered alone, that it was her.
# What was not asked is absent.
Part = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AnswerSheet:
    """The saved parts of one talk, by section."""

    parts: Mapping[str, Part] = field(default_factory=dict)

    def with_part(self, section: str, part: Part) -> "AnswerSheet":
        return AnswerSheet({**self.parts, section: part})

    @property
    def indicators(self) -> dict[str, str]:
        return self._merged("indicators")

    @property
    def comparison(self) -> dict[str, str]:
        return self._merged("comparison")

    @property
    def ticked(self) -> list[str]:
        """Indicators answered with yes, or seen."""
        return [name for name, answer in self.indicators.items() if answer == YES]

    @property
    def unclear(self) -> list[str]:
        return [name for name, answer in self.indicators.items() if answer == UNCLEAR]

    @property
    def declined(self) -> list[str]:
        """Indicators that the person did not want to speak about."""
        return [name for name, answer in self.indicators.items() if answer == DECLINED]

    @property
    def by_client(self) -> set[str]:
        """Indicators that the client answered alone."""
        return {*self._merged("by")}

    @property
    def acts(self) -> list[str]:
        return [code for part in self.parts.values() for code in part.get("acts", [])]

    @property
    def purposes(self) -> list[str]:
        return [code for part in self.parts.values() for code in part.get("purposes", [])]

    def _merged(self, name: str) -> dict[str, str]:
        return {k: v for part in self.parts.values() for k, v in part.get(name, {}).items()}


def assess_sheet(
    definition: Definition, sheet: AnswerSheet, *, profile: str, unaccompanied_or_separated: bool
) -> Assessment:
    """The result of what is on the sheet; the page, its live panel and the API all ask here.

    Kept answers of what would now be skipped do not count.
    """
    sheet, _asked = _walk(definition, sheet, profile, unaccompanied_or_separated)
    given = sheet.indicators
    return assess(
        definition,
        profile=profile,
        act_recorded=bool(sheet.acts),
        purpose_recorded=bool(sheet.purposes),
        unaccompanied_or_separated=unaccompanied_or_separated,
        answers=sheet.ticked,
        other_answers={name: answer for name, answer in given.items() if answer != YES},
    )


def sections_asked(
    definition: Definition, sheet: AnswerSheet, *, profile: str, unaccompanied_or_separated: bool
) -> list[Mapping[str, Any]]:
    """The parts of `sections_for` that these answers leave to be asked."""
    return _walk(definition, sheet, profile, unaccompanied_or_separated)[1]


def counted(
    definition: Definition, sheet: AnswerSheet, *, profile: str, unaccompanied_or_separated: bool
) -> AnswerSheet:
    """The sheet without the answers of what these answers skip."""
    return _walk(definition, sheet, profile, unaccompanied_or_separated)[0]


def has_skips(definition: Definition) -> bool:
    return any(
        "when" in part
        for section in definition["sections"]
        for part in (section, *section["groups"])
    )


def _walk(
    definition: Definition, sheet: AnswerSheet, profile: str, alone: bool
) -> tuple[AnswerSheet, list[Mapping[str, Any]]]:
    """What counts and what is asked: each part looks only at those before it."""
    sections = sections_for(definition, profile)
    if not has_skips(definition):
        return sheet, sections
    asked: list[Mapping[str, Any]] = []
    seen = AnswerSheet()
    others = {s["code"] for s in definition["sections"]} - {s["code"] for s in sections}
    for section in sections:
        before = seen
        if not _is_asked(definition, section, before, profile, alone):
            continue
        groups = [g for g in section["groups"] if _is_asked(definition, g, before, profile, alone)]
        if groups:
            asked.append({**section, "groups": groups})
            part = _part_of_groups(sheet.parts.get(section["code"], {}), groups)
            seen = seen.with_part(section["code"], part) if part else seen
    kept = {code: part for code, part in sheet.parts.items() if code in others}
    return AnswerSheet({**seen.parts, **kept}), asked


def _is_asked(
    definition: Definition, part: Mapping[str, Any], sheet: AnswerSheet, profile: str, alone: bool
) -> bool:
    return "when" not in part or holds(
        definition,
        part["when"],
        profile=profile,
        act_recorded=bool(sheet.acts),
        purpose_recorded=bool(sheet.purposes),
        unaccompanied_or_separated=alone,
        answers=sheet.indicators,
    )


def _part_of_groups(part: Part, groups: Iterable[Mapping[str, Any]]) -> Part:
    """The answers of a part that stand in one of these groups."""
    groups = list(groups)
    kinds = {group["kind"] for group in groups}
    listed = {name for group in groups for name in group.get("indicators", [])}
    kept = {
        name: part[name] for name in ("acts", "purposes", "comparison") if name in kinds & {*part}
    }
    indicators = {k: v for k, v in part.get("indicators", {}).items() if k in listed}
    return {**kept, "indicators": indicators} if indicators else kept


def sections_for(definition: Definition, profile: str) -> list[Mapping[str, Any]]:
    """The parts that may be asked for this profile, each with its groups for this profile.

    A part keeps its number in the file, whatever the profile, so that addresses stay.
    """
    return [
        {
            **section,
            "number": number,
            "groups": [g for g in section["groups"] if profile in g.get("profiles", [profile])],
        }
        for number, section in enumerate(definition["sections"], start=1)
        if profile in section["profiles"]
    ]


def indicators_in(definition: Definition, group: Mapping[str, Any], profile: str) -> list[Any]:
    """The indicators of a group that the form asks for this profile, in the group's order."""
    by_id = {indicator["id"]: indicator for indicator in definition["indicators"]}
    asked = (by_id[name] for name in group.get("indicators", []))
    return [indicator for indicator in asked if indicator["applies_to"] in {"both", profile}]


def part_of(
    definition: Definition,
    section: Mapping[str, Any],
    *,
    acts: Iterable[str] = (),
    purposes: Iterable[str] = (),
    indicators: Mapping[str, str] | None = None,
    comparison: Mapping[str, str] | None = None,
    by: Mapping[str, str] | None = None,
) -> Part:
    """The checked answers of one section, without what was not asked.

    Raises ValueError for a code that the section does not ask for.
    """
    part = {
        "acts": sorted(acts),
        "purposes": sorted(purposes),
        "indicators": dict(sorted((indicators or {}).items())),
        "comparison": dict(sorted((comparison or {}).items())),
        "by": dict(sorted((by or {}).items())),
    }
    for wrong in _wrong_codes(definition, section, part):
        raise ValueError(wrong)
    return {name: answers for name, answers in part.items() if answers}


def still_hers(before: Part, indicators: Mapping[str, str]) -> dict[str, str]:
    """Which of these answers are the client's own: those that nobody changed since."""
    given = before.get("indicators", {})
    return {
        name: who
        for name, who in before.get("by", {}).items()
        if indicators.get(name) == given.get(name)
    }


def _wrong_codes(definition: Definition, section: Mapping[str, Any], part: Part) -> Iterator[str]:
    kinds = {group["kind"] for group in section["groups"]}
    asked = {name for group in section["groups"] for name in group.get("indicators", [])}
    lists = {
        "acts": {act["code"] for act in definition.get("acts", ())},
        "purposes": {purpose["code"] for purpose in definition.get("purposes", ())},
        "comparison": {c["code"] for c in criteria_of(definition)},
    }
    for name, codes in lists.items():
        allowed = codes if name in kinds else set()
        yield from (f"Unknown answer: {code}" for code in set(part[name]) - allowed)
    yield from (f"Unknown answer: {name}" for name in set(part["indicators"]) - asked)
    values = set(part["indicators"].values()) - set(ANSWERS)
    values |= set(part["comparison"].values()) - set(COMPARISON_ANSWERS)
    values |= set(part["by"].values()) - {CLIENT} | set(part["by"]) - set(part["indicators"])
    yield from (f"Unknown answer: {value}" for value in values)


def parts_from(
    definition: Definition,
    *,
    acts: Iterable[str] = (),
    purposes: Iterable[str] = (),
    indicators: Mapping[str, str] | None = None,
    comparison: Mapping[str, str] | None = None,
) -> dict[str, Part]:
    """One flat set of answers sorted into the sections that ask for them.

    Raises ValueError for a code that no section asks for.
    """
    indicators, comparison = dict(indicators or {}), dict(comparison or {})
    known = {indicator["id"] for indicator in definition["indicators"]}
    for name in set(indicators) - known:
        raise ValueError(f"Unknown answer: {name}")
    parts = {}
    for section in definition["sections"]:
        kinds = {group["kind"] for group in section["groups"]}
        asked = {name for group in section["groups"] for name in group.get("indicators", [])}
        part = part_of(
            definition,
            section,
            acts=acts if "acts" in kinds else (),
            purposes=purposes if "purposes" in kinds else (),
            indicators={name: value for name, value in indicators.items() if name in asked},
            comparison=comparison if "comparison" in kinds else {},
        )
        if part:
            parts[section["code"]] = part
    return parts


def criteria_of(definition: Definition) -> list[Mapping[str, Any]]:
    """The criteria of smuggling beside trafficking; none where an instrument does not compare."""
    return list(definition.get("comparison", {}).get("criteria", []))


def carried_over(definition: Definition, sheet: AnswerSheet) -> AnswerSheet:
    """Answers of another version, in the parts of this one; what it does not ask is left out."""
    kinds = {group["kind"] for section in definition["sections"] for group in section["groups"]}
    acts = {a["code"] for a in definition.get("acts", ())} if "acts" in kinds else set()
    purposes = {p["code"] for p in definition.get("purposes", ())} if "purposes" in kinds else set()
    criteria = {c["code"] for c in criteria_of(definition)} if "comparison" in kinds else set()
    listed = {
        name
        for section in definition["sections"]
        for group in section["groups"]
        for name in group.get("indicators", ())
    }
    return AnswerSheet(
        parts_from(
            definition,
            acts=acts.intersection(sheet.acts),
            purposes=purposes.intersection(sheet.purposes),
            indicators={name: a for name, a in sheet.indicators.items() if name in listed},
            comparison={name: a for name, a in sheet.comparison.items() if name in criteria},
        )
    )


def assess_given(
    definition: Definition,
    *,
    profile: str,
    act_recorded: bool,
    purpose_recorded: bool,
    unaccompanied_or_separated: bool,
    answers: Iterable[str],
    other_answers: Mapping[str, str] = MappingProxyType({}),
) -> Assessment:
    """The result of flat answers, as the pages come to it: what would be skipped does not count.

    Raises ValueError for an answer that no part asks for.
    """
    recorded = {"acts": act_recorded, "purposes": purpose_recorded}
    first = {
        name: [definition[name][0]["code"]] if is_recorded and name in definition else []
        for name, is_recorded in recorded.items()
    }
    indicators = {**other_answers, **dict.fromkeys(answers, YES)}
    parts = parts_from(
        definition, acts=first["acts"], purposes=first["purposes"], indicators=indicators
    )
    return assess_sheet(
        definition,
        AnswerSheet(parts),
        profile=profile,
        unaccompanied_or_separated=unaccompanied_or_separated,
    )
