"""What is asked of everybody once, and what still has to be asked of somebody."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.models import Person
from casework.models.person import YesNo
from directory.countries import NOT_KNOWN

# {field: (what it is called, the value that means nobody knows)}; the age stands for its years.
ASKED: dict[str, tuple[Any, Any]] = {
    "birth_year_from": (_("Age"), None),
    "nationality": (_("Nationality"), NOT_KNOWN),
    "unaccompanied_or_separated": (_("A child alone?"), YesNo.UNKNOWN),
    "residence_status": (_("Residence status"), Person.ResidenceStatus.UNKNOWN),
    "disability": (_("Disability"), YesNo.UNKNOWN),
}


def is_known(person: Person, name: str) -> bool:
    """Whether a field holds more than "not known"."""
    value = getattr(person, name)
    return str(value) != str(ASKED[name][1])


def still_to_ask(person: Person, answered: set[str]) -> list[str]:
    """What nobody asked yet: not what is known, nor what was just answered, be it "not known"."""
    return [
        name for name in person.not_asked if name not in answered and not is_known(person, name)
    ]


def settle_intake(person: Person, answered: set[str]) -> None:
    """Note on the record what is left to ask; where nothing is, the intake is complete."""
    if not person.not_asked:
        return
    person.not_asked = still_to_ask(person, answered)
    if not person.not_asked:
        person.intake = Person.Intake.COMPLETE


def words_of(person: Person) -> list[str]:
    """What was not asked yet, in words."""
    return [str(ASKED[name][0]) for name in still_to_ask(person, set())]
