"""The desks one can sign in to: how their cases stand on the last day, so that there is work."""

from random import Random
from typing import NamedTuple

from casework.models import Case
from casework.models.case import CONTACT_DAYS
from config.demo.mix import HURT

Risk = Case.Risk


class Situation(NamedTuple):
    """How one case stands: who, what happened, what of it is done, what was asked of whom."""

    group: str
    story: str
    # "decided", "undecided", "draft", "stopped"; empty: nobody has asked yet
    screening: str = "decided"
    # a key of COURSES, or "draft"
    referral: str = ""
    institution: str = ""
    # Days by which the next contact is late; below zero it is not due yet.
    late: int = -3
    weeks: int = 6
    follow_up: bool = False


SITUATIONS = (
    Situation("woman_alone", "control", referral="late", institution="CZZTLJ", late=-6, weeks=3),
    Situation("boy_alone", "debt", "undecided", "accepted", "CSR", late=2, weeks=2),
    Situation("man_alone", "work", referral="new", institution="CZZTLJ", late=-7, weeks=2),
    Situation("woman_with_children", "unease", referral="declined", institution="ATINA", late=1),
    Situation("man_alone", "debt", "draft", late=-13, weeks=1),
    Situation("woman_alone", "work", referral="started", institution="CZZTLJ", late=-5, weeks=8),
    Situation("boys_together", "", "", late=4, weeks=3),
    Situation("family", "nothing", referral="delivered", institution="KIRS", late=-20, weeks=11),
    Situation("girl_alone", "control", "undecided", "received", "CZZTLJ", late=-7, weeks=1),
    Situation("woman_alone", "debt", referral="accepted", institution="CZZTLJ", late=-10, weeks=5),
    Situation("man_alone", "unease", late=-9, weeks=9, follow_up=True),
    Situation("boy_alone", "unease", "stopped", "late_received", "CSR", late=-14, weeks=2),
    Situation("family", "nothing", late=6, weeks=10),
    Situation("woman_alone", "unease", referral="new", institution="ATINA", late=-14, weeks=2),
    Situation("man_alone", "nothing", late=-12, weeks=4),
    Situation("woman_with_children", "debt", referral="declined", institution="CZZTLJ", late=-4),
    Situation("boy_alone", "nothing", late=3, weeks=7, follow_up=True),
    Situation("man_alone", "", "", late=-14, weeks=1),
    Situation("woman_alone", "work", referral="delivered", institution="CZZTLJ", late=-6, weeks=20),
    Situation("family", "unease", "draft", late=-11, weeks=3),
    Situation("man_alone", "work", referral="late", institution="MSF", late=1, weeks=5),
)
# Which of them each demo login has; the first twenty-one of a hundred cases or more.
CASELOADS = (
    ("caseworker", 0, 21),
    ("caseworker3", 3, 11),
    ("caseworker2", 8, 9),
    ("outsider", 5, 6),
)


def caseload(first: int, count: int, cases: int) -> list[Situation]:
    """So many situations, from that one on; fewer where there are few cases in all."""
    number = max(min(count, cases * count // 100), 1)
    return [SITUATIONS[(first + place) % len(SITUATIONS)] for place in range(number)]


def risk_of(rng: Random, story: str, *, alone: bool) -> str:
    """The risk that a worker would see in what happened."""
    if not story:
        return Risk.UNKNOWN
    if story == "control":
        return Risk.HIGH
    if story in HURT:
        return rng.choices((Risk.HIGH, Risk.MEDIUM), (35, 65))[0]
    if alone:
        return rng.choices((Risk.MEDIUM, Risk.LOW), (70, 30))[0]
    return rng.choices((Risk.MEDIUM, Risk.LOW, Risk.UNKNOWN), (25, 60, 15))[0]


def days_since_contact(risk: str, late: int) -> int:
    """How long ago the last contact was, when the next one is so many days late."""
    return max(CONTACT_DAYS[Risk(risk)] + late, 0)
