"""Instrument files: read one, check it, and say exactly what is wrong with a broken one."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from screening.scoring import RECORDED, Definition

FOLDER = Path(__file__).parent / "instruments"
SCHEMA = FOLDER / "schema.json"


class InstrumentFileError(ValueError):
    """A file that cannot be an instrument; says which file, where in it, and why."""

    def __init__(self, path: Path, where: str, reason: str) -> None:
        super().__init__(f"{path}: {where or 'the file'}: {reason}")


def instrument_paths(folder: Path = FOLDER) -> list[Path]:
    return sorted(path for path in folder.glob("*.json") if path.name != SCHEMA.name)


def read_instrument(path: Path) -> dict[str, Any]:
    """Read one version of an instrument.

    Raises InstrumentFileError when it is no JSON, breaks the schema or contradicts itself.
    """
    try:
        definition = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InstrumentFileError(path, "", str(error)) from error
    wrong = next(iter(_validator().iter_errors(definition)), None)
    if wrong is not None:
        raise InstrumentFileError(path, wrong.json_path, wrong.message)
    for where, reason in contradictions(definition):
        raise InstrumentFileError(path, where, reason)
    return dict(definition)


@cache
def _validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return Draft202012Validator(schema, format_checker=FormatChecker())


def contradictions(definition: Definition) -> Iterator[tuple[str, str]]:
    """What the schema cannot see, as (where, reason): names that lead nowhere or twice."""
    codes = {
        name: [entry[key] for entry in definition[name]]
        for name, key in [
            ("sources", "code"), ("dimensions", "code"), ("acts", "code"), ("purposes", "code"),
            ("indicators", "id"), ("sections", "code"), ("actions", "code"),
        ]
    }  # fmt: skip
    for name, values in codes.items():
        yield from ((name, f"{value} stands twice") for value in _repeated(values))
    yield from _wrong_indicators(definition, codes)
    yield from _wrong_sections(definition, codes)
    yield from _wrong_bands(definition, codes)
    yield from _wrong_conditions(definition, codes)


def _wrong_indicators(
    definition: Definition, codes: dict[str, list[str]]
) -> Iterator[tuple[str, str]]:
    scored = {d["code"]: d["scored"] for d in definition["dimensions"]}
    for indicator in definition["indicators"]:
        where = f"indicator {indicator['id']}"
        if indicator["dimension"] not in scored:
            yield where, f"there is no dimension {indicator['dimension']}"
        elif scored[indicator["dimension"]] == ("flag" in indicator["strength"].values()):
            yield where, "flags belong in a dimension that is not scored, and nothing else does"
        if indicator["source"] not in codes["sources"]:
            yield where, f"there is no source {indicator['source']}"


def _wrong_sections(
    definition: Definition, codes: dict[str, list[str]]
) -> Iterator[tuple[str, str]]:
    groups = [group for section in definition["sections"] for group in section["groups"]]
    asked = list(chain.from_iterable(group.get("indicators", []) for group in groups))
    known = set(codes["indicators"])
    yield from (("sections", f"{name} stands twice") for name in _repeated(asked))
    yield from (("sections", f"there is no indicator {name}") for name in set(asked) - known)
    yield from (("sections", f"{name} is never asked") for name in sorted(known - set(asked)))
    for group in groups:
        if ("indicators" in group) != (group["kind"] in {"answers", "ticks"}):
            yield f"group {group['code']}", "only answers and ticks list indicators, and they must"
    for criterion in definition["comparison"]["criteria"]:
        missing = set(criterion["told_by"]) - known
        yield from ((f"criterion {criterion['code']}", f"no indicator {m}") for m in missing)


def _wrong_bands(definition: Definition, codes: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    for profile, rules in definition["rules"]["bands"].items():
        where = f"rules.bands.{profile}"
        if [band["band"] for band in rules] != [b["band"] for b in definition["bands"][profile]]:
            yield where, "the bands differ from those that have a text"
        if ["when" in band for band in rules] != [True] * (len(rules) - 1) + [False]:
            yield where, "every band but the last has a condition, and the last has none"
    for band in chain.from_iterable(definition["bands"].values()):
        for action in set(band["actions"]) - set(codes["actions"]):
            yield f"band {band['band']}", f"there is no action {action}"


def _wrong_conditions(
    definition: Definition, codes: dict[str, list[str]]
) -> Iterator[tuple[str, str]]:
    rules = definition["rules"]
    told = {*definition["texts"]["rules"]}
    for rule in [rule["code"] for rule in rules["dimension_positive"]] + [RECORDED]:
        if rule not in told:
            yield "texts.rules", f"the rule {rule} has no text"
    for condition in _conditions_in(rules):
        ((kind, body),) = condition.items()
        if kind in {"positive", "items"}:
            for dimension in set(body.get("of", [])) - set(codes["dimensions"]):
                yield "rules", f"there is no dimension {dimension}"
        if kind == "items" and body["rule"] not in told:
            yield "texts.rules", f"the rule {body['rule']} has no text"


def _conditions_in(rules: Definition) -> Iterator[dict[str, Any]]:
    """Every condition of the bands and the elements, with those inside it."""
    bands = (band["when"] for band in chain(*rules["bands"].values()) if "when" in band)
    elements = chain.from_iterable(states.values() for states in rules["elements"].values())
    waiting = [*bands, *(state for state in elements if isinstance(state, dict))]
    while waiting:
        condition = waiting.pop()
        yield condition
        ((kind, body),) = condition.items()
        if kind in {"all", "any"}:
            waiting += body


def _repeated(values: Iterable[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]
