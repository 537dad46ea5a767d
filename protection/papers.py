"""Papers that tell nothing, and forms to fill in by hand when there is no power or no signal.

A paper names no house, no topic and nobody; whoever finds it learns that somebody is expected
somewhere. Sources: SF-08, SF-26.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.models import Consent, Person, Visit
from casework.models.person import YesNo
from casework.models.visit import Interpreting
from directory.models import Leaflet, ServiceType
from referrals.models import Referral
from screening.explain import ANSWER_WORDS, say
from screening.models import InstrumentVersion, Screening


@dataclass(frozen=True)
class Paper:
    """What it is called at the desk, what stands on top of it, and its one sentence."""

    label: Any
    title: Any
    sentence: Any = ""


PAPERS = {
    "appointment": Paper(gettext_lazy("Appointment slip"), gettext_lazy("Appointment")),
    "presence": Paper(
        gettext_lazy("Confirmation that somebody was here"),
        gettext_lazy("Confirmation"),
        gettext_lazy("The bearer of this paper was here at the day and time above."),
    ),
    "letter": Paper(
        gettext_lazy("Letter to take along"),
        gettext_lazy("To whom it may concern"),
        gettext_lazy("Call the number above before you decide anything. Thank you."),
    ),
}


@dataclass(frozen=True)
class Question:
    """A question on paper: boxes to tick, or lines to write on."""

    label: str
    options: Sequence[str] = ()
    lines: int = 1

    @property
    def line_numbers(self) -> range:
        return range(self.lines)


@dataclass(frozen=True)
class Part:
    title: str
    questions: Sequence[Question]


# {what stands in the address: what the form is called at the desk}
BLANKS = {
    "visit": gettext_lazy("Hub visit"),
    "intake": gettext_lazy("First talk"),
    "screening": gettext_lazy("Questions"),
    "referral": gettext_lazy("Referral"),
}


def blank(kind: str, house: UUID) -> list[Part]:
    """The parts of an empty form of a house, from the same lists as the form on the screen."""
    made: dict[str, Callable[[], list[Part]]] = {
        "visit": _visit,
        "intake": _intake,
        "screening": partial(_screening, house),
        "referral": _referral,
    }
    return made[kind]()


def _words(choices: Iterable[tuple[Any, Any]]) -> list[str]:
    return [str(label) for value, label in choices if value != ""]


def _top() -> Part:
    return Part(
        _("When and who"),
        [
            Question(_("Day and time")),
            Question(_("Code, if there is one")),
            Question(_("Written down by")),
            Question(_("Language")),
            Question(_("Interpreter"), _words(Interpreting.choices)),
        ],
    )


def _visit() -> list[Part]:
    services = [str(each) for each in ServiceType.objects.on_hub_form()]
    leaflets = [str(each) for each in Leaflet.objects.filter(editions__is_in_use=True).distinct()]
    return [
        _top(),
        Part(
            _("What was done"),
            [
                Question(_("Services"), services),
                Question(_("Leaflets taken"), leaflets),
                Question(_("Did anything worry you?"), _words(Visit.Concern.choices)),
                Question(_("What you saw or heard, without names"), lines=4),
            ],
        ),
    ]


def _intake() -> list[Part]:
    return [
        _top(),
        Part(
            _("The person"),
            [
                Question(_("Sex"), _words(Person.Sex.choices)),
                Question(_("Born between the years")),
                Question(_("How the age is known"), _words(Person.BirthYearSource.choices)),
                Question(_("Nationality")),
                Question(_("Other languages")),
                Question(_("Residence status"), _words(Person.ResidenceStatus.choices)),
                Question(_("Disability"), _words(YesNo.choices)),
                Question(_("Child alone"), _words(YesNo.choices)),
                Question(_("Before you talk: what to take care of"), lines=3),
            ],
        ),
        Part(
            _("What was agreed"),
            [
                Question(str(purpose.label), _words(Consent.Decision.choices))
                for purpose in Consent.Purpose
            ],
        ),
    ]


def _screening(house: UUID) -> list[Part]:
    known = InstrumentVersion.objects.of_house(house)
    version = known.in_force().get(instrument__code="thb")
    told = version.definition
    asked = {each["id"]: say(each["text"]) for each in told["indicators"]}
    parts = [
        _top(),
        Part(
            _("Before the first question"),
            [
                Question(_("Alone and safe to talk?"), _words(Screening.Safety.choices)),
                Question(_("Told what we may have to pass on"), [_("Yes"), _("No")]),
                Question(_("Stopped, because"), _words(Screening.StopReason.choices)),
            ],
        ),
    ]
    words = [str(word) for word in ANSWER_WORDS.values()]
    for section in told["sections"]:
        codes = [code for group in section["groups"] for code in group.get("indicators", ())]
        questions = [Question(asked[code], words) for code in codes]
        if questions:
            parts.append(Part(say(section["title"]), questions))
    return parts


def _referral() -> list[Part]:
    return [
        _top(),
        Part(
            _("To whom"),
            [
                Question(_("Service")),
                Question(_("How soon"), _words(Referral.Urgency.choices)),
                Question(_("What may be shared"), _words(Consent.Item.choices)),
                Question(_("Agreed until")),
                Question(_("What is needed, without names"), lines=5),
            ],
        ),
    ]
