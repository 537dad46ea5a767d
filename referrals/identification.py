"""The path of formal identification and its clocks, as tables that know no Django.

Actions, pages, API, `docs/identification.md` and the tests read them. Sources: standard procedures
for the protection of victims (2019), Law on Foreigners, Law on Asylum and Temporary Protection,
Council of Europe Convention on Action against Trafficking. Where no law sets a time, the time is
this house's own: it asks, and nobody is late by law.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

SERBIA = ZoneInfo("Europe/Belgrade")


class Step(StrEnum):
    SUSPICION = "suspicion"
    PRELIMINARY = "preliminary"
    REPORT = "report"
    INTAKE = "intake"
    PANEL = "panel"
    INTERVIEW = "interview"
    FINDING = "finding"
    PLAN = "plan"
    REVIEW = "review"
    REFLECTION = "reflection"
    RESIDENCE = "residence"
    ASYLUM = "asylum"
    EXIT = "exit"


class Party(StrEnum):
    """Who takes a step; the house writes it down, whoever takes it."""

    HOUSE = "house"
    BODY = "body"
    INTERIOR = "interior"
    ASYLUM = "asylum"


class Route(StrEnum):
    """With whom: the Center for adults, the centre for social work for children."""

    CENTER = "center"
    SOCIAL_WORK = "social_work"


class Outcome(StrEnum):
    """What came of a step, where that can differ."""

    NONE = ""
    VICTIM = "victim"
    NOT_VICTIM = "not_victim"
    PENDING = "pending"
    GRANTED = "granted"
    REFUSED = "refused"
    REQUESTED = "requested"
    REINTEGRATED = "reintegrated"
    RETURNED = "returned"
    MOVED_ON = "moved_on"
    WITHDREW = "withdrew"
    LOST = "lost"


class Rule(NamedTuple):
    """One step: who takes it, which one came before, and whether it comes more than once."""

    step: Step
    party: Party
    after: Step | None = None
    with_outcome: Outcome = Outcome.NONE
    repeats: bool = False


RULES = (
    Rule(Step.SUSPICION, Party.HOUSE),
    Rule(Step.PRELIMINARY, Party.HOUSE, Step.SUSPICION),
    Rule(Step.REPORT, Party.HOUSE, Step.SUSPICION),
    Rule(Step.INTAKE, Party.BODY, Step.REPORT),
    Rule(Step.PANEL, Party.BODY, Step.REPORT),
    Rule(Step.INTERVIEW, Party.BODY, Step.REPORT, repeats=True),
    # Again while it is pending; what was found is found, and a refusal ends the attempt.
    Rule(Step.FINDING, Party.BODY, Step.REPORT, repeats=True),
    Rule(Step.PLAN, Party.BODY, Step.FINDING, Outcome.VICTIM),
    Rule(Step.REVIEW, Party.BODY, Step.PLAN, repeats=True),
    Rule(Step.REFLECTION, Party.INTERIOR, Step.REPORT, repeats=True),
    Rule(Step.RESIDENCE, Party.INTERIOR, Step.FINDING, Outcome.VICTIM, repeats=True),
    Rule(Step.ASYLUM, Party.ASYLUM, Step.SUSPICION, repeats=True),
    Rule(Step.EXIT, Party.HOUSE, Step.SUSPICION),
)
# What comes after what on the main path: a later step says that the earlier ones need no waiting.
PATH = (
    Step.SUSPICION,
    Step.PRELIMINARY,
    Step.REPORT,
    Step.INTAKE,
    Step.PANEL,
    Step.INTERVIEW,
    Step.FINDING,
    Step.PLAN,
)
OUTCOMES = {
    Step.FINDING: (Outcome.VICTIM, Outcome.NOT_VICTIM, Outcome.PENDING),
    Step.REFLECTION: (Outcome.GRANTED, Outcome.REFUSED),
    Step.RESIDENCE: (Outcome.GRANTED, Outcome.REFUSED),
    Step.ASYLUM: (Outcome.REQUESTED, Outcome.GRANTED, Outcome.REFUSED),
    Step.EXIT: (
        Outcome.REINTEGRATED,
        Outcome.RETURNED,
        Outcome.MOVED_ON,
        Outcome.WITHDREW,
        Outcome.LOST,
    ),
}


class Span(NamedTuple):
    """How many days a step names: what is offered, and what is the most."""

    usual: int
    most: int


# Steps that name a day: of the next look at the plan, or until which a permission holds.
SPANS = {
    Step.PLAN: Span(30, 92),
    Step.REVIEW: Span(30, 92),
    Step.REFLECTION: Span(90, 180),
    Step.RESIDENCE: Span(183, 366),
}


class Clock(NamedTuple):
    """What a step waits for: within a time, or so long before the day that the step names."""

    step: Step
    outcome: Outcome
    awaits: Step
    within: timedelta | None = None
    ahead: timedelta = timedelta()


DAY = timedelta(days=1)
CLOCKS = (
    Clock(Step.SUSPICION, Outcome.NONE, Step.PRELIMINARY, DAY),
    Clock(Step.PRELIMINARY, Outcome.NONE, Step.REPORT, DAY),
    # The Center is expected to look at a report within a day.
    Clock(Step.REPORT, Outcome.NONE, Step.INTAKE, DAY),
    Clock(Step.INTAKE, Outcome.NONE, Step.PANEL, DAY),
    # No law sets these times: the house asks how it stands.
    Clock(Step.PANEL, Outcome.NONE, Step.FINDING, 30 * DAY),
    Clock(Step.INTERVIEW, Outcome.NONE, Step.FINDING, 30 * DAY),
    Clock(Step.FINDING, Outcome.PENDING, Step.FINDING, 30 * DAY),
    Clock(Step.FINDING, Outcome.VICTIM, Step.PLAN, 7 * DAY),
    Clock(Step.PLAN, Outcome.NONE, Step.REVIEW),
    Clock(Step.REVIEW, Outcome.NONE, Step.REVIEW),
    # Before a permission runs out somebody has to ask for the next one.
    Clock(Step.REFLECTION, Outcome.GRANTED, Step.RESIDENCE, ahead=14 * DAY),
    Clock(Step.RESIDENCE, Outcome.GRANTED, Step.RESIDENCE, ahead=30 * DAY),
)


class Taken(NamedTuple):
    """A step that was taken, and what came of it."""

    step: str
    outcome: str = ""


def rule_of(step: str) -> Rule:
    return next(rule for rule in RULES if rule.step == step)


def is_over(taken: Iterable[Taken]) -> bool:
    """Whether the attempt has ended: by an exit, or by a finding that says no."""
    return any(ends(one.step, one.outcome) for one in taken)


def ends(step: str, outcome: str) -> bool:
    return step == Step.EXIT or (step, outcome) == (Step.FINDING, Outcome.NOT_VICTIM)


def possible(taken: Iterable[Taken]) -> list[Step]:
    """The steps that can be taken now, in the order of the table."""
    taken = list(taken)
    if is_over(taken):
        return []
    return [rule.step for rule in RULES if _may_follow(rule, taken)]


def _may_follow(rule: Rule, taken: list[Taken]) -> bool:
    own = [one for one in taken if one.step == rule.step]
    if own and not rule.repeats:
        return False
    if rule.step == Step.FINDING and own and own[-1].outcome != Outcome.PENDING:
        return False
    if rule.after is None:
        return not taken
    before = [one for one in taken if one.step == rule.after]
    return any(rule.with_outcome in {Outcome.NONE, one.outcome} for one in before)


def names_day(step: str, outcome: str) -> bool:
    """Whether a step says until when, or when next."""
    return step in SPANS and outcome != Outcome.REFUSED


def clock_of(step: str, outcome: str) -> Clock | None:
    clocks = (c for c in CLOCKS if c.step == step and c.outcome in {Outcome.NONE, outcome})
    return next(clocks, None)


def due_at(clock: Clock, at: datetime, until: date | None) -> datetime | None:
    """By when what the clock waits for should have come; a named day lasts until its end."""
    if clock.within is not None:
        return at + clock.within
    if until is None:
        return None
    return datetime.combine(until - clock.ahead + DAY, time(), tzinfo=SERBIA)


def meets(step: str, awaited: str) -> bool:
    """Whether a step is what was waited for, or comes later on the main path."""
    if step == awaited or step == Step.EXIT:
        return True
    if step not in PATH or awaited not in PATH:
        return False
    return PATH.index(Step(step)) > PATH.index(Step(awaited))
