"""What the receiver of a referral is shown: one function, for the page and for its preview.

Two steps. Before the answer: what is needed to decide. After acceptance: who the person is and
what else she agreed to. After the end, or without a consent in force: nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from casework.models import Consent, Person, PersonIdentity
from casework.talking import number_with_safety
from directory.models import AgeBand, AgeBandSet
from referrals import states
from referrals.models import Referral

Item = Consent.Item


class Stage(IntEnum):
    """How far a receiver has come; each stage shows what the one before it shows, and more."""

    NOTHING = 0
    BEFORE_ANSWER = 1
    AFTER_ACCEPTANCE = 2


# What is needed to decide on a place. Everything else waits for the acceptance.
BEFORE_ANSWER = frozenset(
    {Item.CODE, Item.AGE_BAND, Item.SEX, Item.LANGUAGE, Item.HANDLING, Item.MESSAGE}
)


@dataclass(frozen=True)
class Line:
    """One item of the sheet: its value, or that it comes later, or that it is not shared."""

    item: str
    label: str | Promise
    value: Any = None
    is_shown: bool = False
    is_later: bool = False


@dataclass(frozen=True)
class Sheet:
    """What a receiver sees of a referral at one stage."""

    referral: Referral
    stage: Stage
    lines: tuple[Line, ...]

    @property
    def shown(self) -> list[str]:
        """Codes of the items whose values are on the sheet."""
        return [line.item for line in self.shown_lines]

    @property
    def shown_lines(self) -> list[Line]:
        return [line for line in self.lines if line.is_shown]

    @property
    def later(self) -> list[Line]:
        return [line for line in self.lines if line.is_later]

    @property
    def not_shared(self) -> list[Line]:
        return [line for line in self.lines if not line.is_shown and not line.is_later]

    @property
    def ended(self) -> list[Line]:
        """What was ticked for this referral and is shared no more, by the newest answers."""
        return [line for line in self.not_shared if line.item in self.referral.items]

    @property
    def is_open(self) -> bool:
        return self.stage > Stage.NOTHING

    @property
    def handling(self) -> Any:
        """How to talk safely, which stands above everything else."""
        return next((line.value for line in self.lines if line.item == Item.HANDLING), None)

    @property
    def facts(self) -> list[Line]:
        """What stands in the list: shown or coming, without the safety note."""
        return [
            line
            for line in self.lines
            if (line.is_shown or line.is_later) and line.item != Item.HANDLING
        ]


def stage_of(referral: Referral) -> Stage:
    """What the receiver may be shown now, by the state of the referral and its consent."""
    if not referral.override and not (referral.consent and referral.consent.is_in_force):
        return Stage.NOTHING
    if not referral.is_draft and referral.agreed is None:
        # The person said anew what may be shared, and that has ended.
        return Stage.NOTHING
    if referral.state in states.WAITING:
        return Stage.BEFORE_ANSWER
    if referral.state in states.IN_PROGRESS:
        return Stage.AFTER_ACCEPTANCE
    return Stage.NOTHING


def agreed_items(referral: Referral, stage: Stage) -> list[Item]:
    """What is shown at a stage: ticked for this referral, and covered by what was agreed.

    Of a draft by the consent it would be sent with; after that by the newest answers in force, so
    that whoever agrees to less narrows what was sent. The referral was read `with_agreed()`.
    """
    if stage == Stage.NOTHING:
        return []
    agreed = set(referral.items) & set(_covered(referral))
    if stage < Stage.AFTER_ACCEPTANCE:
        agreed &= BEFORE_ANSWER
    return [item for item in Item if item in agreed]


def _covered(referral: Referral) -> Iterable[str]:
    """What may be shown of it at all, ticked or not."""
    if not referral.is_draft:
        return referral.agreed or ()
    if referral.override:
        return referral.items
    return referral.consent.items if referral.consent else ()


def disclosed_sheet(referral: Referral, stage: Stage) -> Sheet:
    """The sheet of a referral at a stage; what it does not show is not even read.

    The referral was read `with_sheet()`. Two queries for the age bands, one for identity and one
    for the status, each only when the stage shows them.
    """
    shown = agreed_items(referral, stage)
    later = set(agreed_items(referral, Stage.AFTER_ACCEPTANCE)) - set(shown)
    values = _Values(referral)
    lines = [
        Line(
            item=item.value,
            label=item.label,
            value=values.of(item) if item in shown else None,
            is_shown=item in shown,
            is_later=stage > Stage.NOTHING and item in later,
        )
        for item in Item
    ]
    return Sheet(referral, stage, tuple(lines))


def headline(referral: Referral, bands: list[AgeBand]) -> str:
    """Who it is about, for a line of the receiver's list: sex and age band where agreed."""
    shown = agreed_items(referral, min(stage_of(referral), Stage.BEFORE_ANSWER))
    person = referral.case.person
    words = []
    if Item.SEX in shown:
        words.append(person.get_sex_display())
    if Item.AGE_BAND in shown:
        words.append(age_band(person, bands))
    return ", ".join(words)


def programme_bands() -> list[AgeBand]:
    """The age bands of the programme's own list."""
    own = AgeBandSet.objects.prefetch_related("bands").first()
    return list(own.bands.all()) if own else []


def age_band(person: Person, bands: list[AgeBand]) -> str:
    """The band a person's age falls into today; her birth years themselves are not shared."""
    age = person.age_on(timezone.localdate())
    fitting = (band.label for band in bands if age is not None and band.holds(age))
    return next(fitting, _("Age not known"))


class _Values:
    """Reads the value of one item when it is asked for, and nothing else."""

    def __init__(self, referral: Referral) -> None:
        self.referral = referral
        self.person = referral.case.person

    def of(self, item: Item) -> Any:
        """The value, or None when it is not known."""
        if item in IDENTITY_FIELDS:
            told = getattr(self.identity, IDENTITY_FIELDS[item], "") or None
            if told and item == Item.PHONE:
                return number_with_safety(self.person.pk, told)
            return told
        return READERS[item](self) or None

    @cached_property
    def identity(self) -> PersonIdentity | None:
        rows = PersonIdentity.objects.select_related("data_key")
        return rows.filter(person=self.person).first()

    def code(self) -> str:
        return self.person.code

    def age_band(self) -> str:
        return age_band(self.person, programme_bands())

    def sex(self) -> str:
        return self.person.get_sex_display()

    def nationality(self) -> str:
        return str(self.person.nationality.name)

    def language(self) -> str:
        return str(self.person.language)

    def handling(self) -> str:
        return str(self.person.handling_note)

    def child_alone(self) -> str:
        return self.person.get_unaccompanied_or_separated_display()

    def message(self) -> str:
        return str(self.referral.message)

    def screening(self) -> str:
        """What was found so far, as the case's dated status: never an answer of a screening."""
        status = self.referral.case.trafficking_statuses.first()
        if status is None:
            return ""
        day = date_format(status.decided_on, "DATE_FORMAT")
        return f"{status.get_status_display()}, {day}"


IDENTITY_FIELDS = {
    Item.NAME: "name",
    Item.PHONE: "phone",
    Item.DOCUMENT: "document",
    Item.ADDRESS: "address",
}
READERS: dict[Item, Callable[[_Values], str]] = {
    Item.CODE: _Values.code,
    Item.AGE_BAND: _Values.age_band,
    Item.SEX: _Values.sex,
    Item.NATIONALITY: _Values.nationality,
    Item.LANGUAGE: _Values.language,
    Item.HANDLING: _Values.handling,
    Item.CHILD_ALONE: _Values.child_alone,
    Item.MESSAGE: _Values.message,
    Item.SCREENING: _Values.screening,
}
