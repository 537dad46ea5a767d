"""What a result proposes to do: taken on by a worker, one by one; nothing happens by itself."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from screening.scoring import Definition

TASK, CONSENT, REFERRAL = "task", "consent", "referral"
INFORMATION, SCREENING = "information", "screening"
# A step without hours of its own is looked at within three days.
HOURS = 72


class Proposal(NamedTuple):
    """One next step of a result, and what it offers to do."""

    code: str
    text: Mapping[str, str]
    kind: str
    # What the offer is about: a kind of task, of information, or the next set of questions.
    about: str
    # A category of services, of a referral.
    category: str
    # Within how many hours; None where there is no clock.
    hours: int | None

    @property
    def due_in_hours(self) -> int:
        return HOURS if self.hours is None else self.hours


def proposals_of(definition: Definition, profile: str, band: str) -> list[Proposal]:
    """The next steps of a result, in the order of its instrument."""
    steps = {action["code"]: action for action in definition["actions"]}
    (found,) = (each for each in definition["bands"][profile] if each["band"] == band)
    return [_proposal(steps[code]) for code in found["actions"]]


def days_until_again(
    definition: Definition, profile: str, band: str, usual: Mapping[str, int]
) -> int | None:
    """After how many days a new talk is proposed; None where none is.

    What the instrument says of this result holds, else what is usual for its letter.
    """
    own = {each["band"]: each.get("ask_again_days") for each in definition["bands"][profile]}
    said = own.get(band)
    return (usual.get(band) if said is None else said) or None


def _proposal(step: Mapping[str, Any]) -> Proposal:
    """What a step offers; one that says nothing of it can be taken on as a task."""
    offer = step.get("proposes", {})
    hours = offer.get("within_hours", step.get("within_hours"))
    return Proposal(
        code=step["code"],
        text=step["text"],
        kind=offer.get("kind", TASK),
        about=offer.get("code", step["code"]),
        category=offer.get("service", ""),
        hours=hours,
    )
