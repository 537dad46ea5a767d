"""Whose answer is enough: arithmetic over answers, for sending, counting and showing.

A grown-up answers for herself. A child is asked as well, and somebody who answers for the child;
when that somebody is suspected, the centre for social work decides instead. "No" ends the question.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Giver(StrEnum):
    """Who answered."""

    OWN = "self"
    GUARDIAN = "guardian"
    CAREGIVER = "caregiver"
    AUTHORITY = "authority"
    BEST_INTERESTS = "best_interests"


class Verdict(StrEnum):
    """What the answers amount to."""

    ENOUGH = "enough"
    NOT_ASKED = "not_asked"
    REFUSED = "refused"
    NEEDS_OWN = "needs_own"
    NEEDS_GUARDIAN = "needs_guardian"
    NEEDS_AUTHORITY = "needs_authority"


@dataclass(frozen=True)
class Age:
    """Youngest and oldest possible age in years; nothing known counts as a child."""

    youngest: int = 0
    oldest: int = 120


GROWN_UP = 18
# Keeping, counting and calling back bind a child to nothing: whoever cares for it can agree.
LIGHT = frozenset({"record", "statistics", "contact"})
# What cannot wait for a guardian: help now.
URGENT = frozenset({"record", "referral"})


def speakers(purpose: str, *, is_guardian_suspected: bool) -> frozenset[Giver]:
    """Whose yes can stand beside that of a child."""
    found = {Giver.AUTHORITY}
    if purpose in URGENT:
        found.add(Giver.BEST_INTERESTS)
    if not is_guardian_suspected:
        found.add(Giver.GUARDIAN)
        if purpose in LIGHT:
            found.add(Giver.CAREGIVER)
    return frozenset(found)


def verdict(
    answers: Mapping[str, bool],
    *,
    purpose: str,
    age: Age,
    own_age: int,
    assent_age: int,
    is_guardian_suspected: bool = False,
) -> Verdict:
    """What the last answer of each giver amounts to: yes, no, or absent where it has run out.

    From `own_age` on the person's own answer is enough; from `assent_age` on a child is asked too.
    """
    own = answers.get(Giver.OWN)
    if own is False:
        return Verdict.REFUSED
    if age.youngest >= own_age:
        return Verdict.ENOUGH if own else Verdict.NOT_ASKED
    may_speak = speakers(purpose, is_guardian_suspected=is_guardian_suspected)
    said = {giver: yes for giver, yes in answers.items() if giver in may_speak}
    # Where the authority has spoken, nobody beside the child is asked any more.
    decided = said.get(Giver.AUTHORITY)
    if decided is False or (decided is None and False in said.values()):
        return Verdict.REFUSED
    if own is None and age.oldest >= assent_age:
        return Verdict.NEEDS_OWN if said else Verdict.NOT_ASKED
    if True in said.values():
        return Verdict.ENOUGH
    if is_guardian_suspected:
        return Verdict.NEEDS_AUTHORITY
    return Verdict.NEEDS_GUARDIAN


def may_be_counted(answers: Mapping[str, bool]) -> bool:
    """Statistics without a name: everybody but those of whom somebody said no."""
    return False not in answers.values()
