"""What the talks of one instrument add up to, for those who keep it. Arithmetic, no Django.

A person counts once, with her last finished talk of the period. No two figures share more than the
number of people: each list splits all of them in its own way and hides small numbers by itself.
What would cut a list by another one is told in tenths, and only of many.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from reports.counting import ALL, Cells
from reports.release import tables_shown
from reports.suppression import K, protect_list

SAME_DAY, THREE_DAYS, WEEK, LATER, WAITING = "same_day", "three_days", "week", "later", "waiting"
TIMES = {SAME_DAY: 24, THREE_DAYS: 72, WEEK: 168}
# A tenth of so many people is more than a small number.
ENOUGH_FOR_TENTHS = 60
# Of fewer people nothing is said about an indicator.
ENOUGH_FOR_FINDINGS = 30
NEARLY_ALL = 0.95
NEVER, NEARLY_ALWAYS = "never", "nearly_always"
YES, REST = "yes", "rest"


@dataclass(frozen=True, slots=True)
class Talk:
    """One person's last finished talk: codes only.

    `hours` is the time from the end of the talk to the decision, None while nobody decided;
    `ticked` what was answered with yes, `asked` what could have been.
    """

    band: str
    decision: str
    hours: float | None
    nationality: str
    route: str
    ticked: frozenset[str]
    asked: frozenset[str]


def study(talks: Iterable[Talk], bands: Sequence[str]) -> dict[str, Any]:
    """All figures of a study as they may be shown; `bands` are the results, strongest first.

    `people`; `bands` and `times` as `{label: number}` with None for a number kept back;
    `nationalities` and `routes` as cells, rare ones together; each of these is None when it cannot
    be shown at all. `otherwise`, `strong` by nationality and `strong_by_route` are tenths, None of
    too few. `indicators` as in `_indicators`.
    """
    found = list(talks)
    decided = [talk for talk in found if talk.decision]
    return {
        "people": len(found),
        "bands": protect_list({band: _count(t.band == band for t in found) for band in bands}),
        "times": protect_list(_times(found)),
        "nationalities": _listed(talk.nationality for talk in found),
        "routes": _listed(talk.route for talk in found),
        "otherwise": tenths(_count(t.decision != t.band for t in decided), len(decided)),
        "strong": _strong(((t.nationality, t.band) for t in found), bands[:2]),
        "strong_by_route": _strong(((t.route, t.band) for t in found), bands[:2]),
        "indicators": _indicators(found),
    }


def _count(held: Iterable[bool]) -> int:
    return sum(held)


def _times(talks: Iterable[Talk]) -> dict[str, int]:
    counts = Counter(time_of(talk.hours) for talk in talks)
    return {time: counts[time] for time in (*TIMES, LATER, WAITING)}


def time_of(hours: float | None) -> str:
    """Which of the times to a decision some hours are."""
    if hours is None:
        return WAITING
    return next((time for time, end in TIMES.items() if hours < end), LATER)


def _listed(labels: Iterable[str]) -> Cells | None:
    counts = Counter(labels)
    return tables_shown([[[ALL, label, counts[label]] for label in sorted(counts)]], K)[0]


def tenths(part: int, whole: int) -> int | None:
    """How many full tenths of a whole a part is, from 0 to 9; None of too few people."""
    return None if whole < ENOUGH_FOR_TENTHS else min(10 * part // whole, 9)


def _strong(talks: Iterable[tuple[str, str]], strongest: Sequence[str]) -> list[tuple[str, int]]:
    """For each group of many, how many tenths of it had one of the strongest results."""
    groups: dict[str, list[bool]] = {}
    for label, band in talks:
        groups.setdefault(label, []).append(band in strongest)
    told = {label: tenths(sum(held), len(held)) for label, held in sorted(groups.items())}
    return [(label, share) for label, share in told.items() if share is not None]


def _indicators(talks: Sequence[Talk]) -> dict[str, dict[str, Any]]:
    """{id: {"asked", "yes", "says"}} of the indicators that enough people could be asked about.

    `yes` is None where it, or what is left without it, is small. `says` is a finding about the
    indicator: that it never holds, that it nearly always does, or nothing.
    """
    asked = Counter(name for talk in talks for name in talk.asked)
    yes = Counter(name for talk in talks for name in talk.ticked & talk.asked)
    found = {}
    for name, number in sorted(asked.items()):
        if number >= ENOUGH_FOR_FINDINGS:
            shown = protect_list({YES: yes[name], REST: number - yes[name]}) or {}
            says = _finding(yes[name], number)
            found[name] = {"asked": number, "yes": shown.get(YES), "says": says}
    return found


def _finding(yes: int, asked: int) -> str:
    if not yes:
        return NEVER
    return NEARLY_ALWAYS if yes >= NEARLY_ALL * asked else ""
