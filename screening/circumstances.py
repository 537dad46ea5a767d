"""Where on the way and when: of what was recorded and compared, in codes.

They are kept in the sealed answers, beside the parts of the talk, under a name that no part has.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from screening.answers import AnswerSheet, criteria_of
from screening.scoring import Definition

KEPT_AS = "+circumstances"
PLACE, MONTH, PHASE = "place", "month", "phase"
PHASES = ("recruitment", "journey", "destination")
ACT, PURPOSE, CRITERION = "act", "purpose", "criterion"
WRITTEN = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])")

# By subject, such as an act: its place, its month, and its phase where it is compared.
Told = Mapping[str, Mapping[str, str]]


def subjects(
    definition: Definition, sheet: AnswerSheet
) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """What can be placed: (kind, code, its entry), for all that the sheet records and compares."""
    groups = [
        (ACT, definition.get("acts", ()), sheet.acts),
        (PURPOSE, definition.get("purposes", ()), sheet.purposes),
        (CRITERION, criteria_of(definition), sheet.comparison),
    ]
    for kind, entries, recorded in groups:
        for entry in entries:
            if entry["code"] in recorded:
                yield kind, entry["code"], entry


def circumstances_of(definition: Definition, sheet: AnswerSheet) -> Told:
    """What was told of where and when, of what still stands on the sheet."""
    told: Told = sheet.parts.get(KEPT_AS, {}).get("told", {})
    known = {f"{kind}:{code}" for kind, code, _entry in subjects(definition, sheet)}
    return {name: facts for name, facts in told.items() if name in known}


def with_circumstances(
    definition: Definition, sheet: AnswerSheet, told: Told, *, places: Collection[str], today: date
) -> AnswerSheet:
    """The sheet with these in place of those before, without what is empty.

    Raises ValueError for what is not on the sheet, and for a code or a month that cannot be.
    """
    known = {f"{kind}:{code}" for kind, code, _entry in subjects(definition, sheet)}
    if unknown := sorted(set(told) - known):
        raise ValueError(f"Unknown answer: {', '.join(unknown)}")
    kept = {}
    for name, facts in sorted(told.items()):
        given = {key: value for key, value in facts.items() if value}
        _check(name, given, places, today)
        if given:
            kept[name] = given
    return sheet.with_part(KEPT_AS, {"told": kept})


def _check(name: str, facts: Mapping[str, str], places: Collection[str], today: date) -> None:
    allowed = {PLACE, MONTH, PHASE} if name.startswith(CRITERION) else {PLACE, MONTH}
    month = facts.get(MONTH, "")
    is_wrong = (
        bool(set(facts) - allowed)
        or facts.get(PLACE, "XX") not in places
        or facts.get(PHASE, PHASES[0]) not in PHASES
        or bool(month and not WRITTEN.fullmatch(month))
        or month > f"{today:%Y-%m}"
    )
    if is_wrong:
        raise ValueError(f"Unknown place, phase or month: {name}")
