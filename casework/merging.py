"""What is chosen when two records become one: field by field, the better known by default."""

from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models import Person, PersonIdentity
from casework.models.person import YesNo
from directory.countries import NOT_KNOWN

FIRST, SECOND, BOTH = "first", "second", "both"
BETWEEN = "; "


class Part(NamedTuple):
    """Something that is chosen as one: the fields it stands for, and whether both can be kept."""

    name: str
    label: Any
    fields: tuple[str, ...]
    joins: bool = False


def _fact(name: str, *, joins: bool = False) -> Part:
    return Part(name, _label(Person, name), (name,), joins)


def _told(name: str, *, joins: bool = False) -> Part:
    return Part(name, _label(PersonIdentity, name), (name,), joins)


def _label(model: type[models.Model], name: str) -> Any:
    return getattr(model._meta.get_field(name), "verbose_name", name)


FACTS = (
    _fact("sex"),
    Part("born", _("age"), ("birth_year_from", "birth_year_to", "birth_year_source")),
    _fact("nationality"),
    _fact("language"),
    _fact("residence_status"),
    _fact("disability"),
    _fact("unaccompanied_or_separated"),
    _fact("handling_note", joins=True),
)
IDENTITY = (
    _told("name"),
    _told("other_names", joins=True),
    _told("birth_date"),
    _told("phone", joins=True),
    _told("email"),
    _told("document", joins=True),
    _told("address", joins=True),
)
UNKNOWN = {"", None, "unknown", "und", NOT_KNOWN, YesNo.UNKNOWN}
SURE = [
    Person.BirthYearSource.UNKNOWN,
    Person.BirthYearSource.ESTIMATED,
    Person.BirthYearSource.STATED,
    Person.BirthYearSource.ASSESSMENT,
    Person.BirthYearSource.DOCUMENT,
]


def value_of(row: Any, name: str) -> Any:
    """A field's value as it can be kept and compared: codes, numbers, text."""
    value = getattr(row, "language_id" if name == "language" else name, "")
    return str(value) if name == "nationality" else value


def values_of(row: Any, part: Part) -> list[Any]:
    return [value_of(row, name) for name in part.fields]


def differs(part: Part, first: Any, second: Any) -> bool:
    return values_of(first, part) != values_of(second, part)


def default_of(part: Part, first: Any, second: Any) -> str:
    """The better known of the two; both where both can be kept; else the first one's."""
    one, other = values_of(first, part), values_of(second, part)
    if part.name == "born":
        return FIRST if _sureness(one) >= _sureness(other) else SECOND
    if one[0] in UNKNOWN:
        return SECOND
    if part.joins and other[0] not in UNKNOWN:
        return BOTH
    return FIRST


def _sureness(born: list[Any]) -> tuple[int, int]:
    """How well an age is known: by what, then how narrow."""
    first, last, source = born
    if first is None or last is None:
        return -1, 0
    return SURE.index(source), first - last


def chosen(part: Part, choice: str, first: Any, second: Any) -> list[Any]:
    """The values that a choice stands for."""
    one, other = values_of(first, part), values_of(second, part)
    if choice == BOTH:
        return [joined(one[0], other[0])]
    return other if choice == SECOND else one


def joined(*texts: str) -> str:
    """All that the texts say, each part once."""
    parts = [part.strip() for text in texts for part in text.split(BETWEEN.strip())]
    return BETWEEN.join(part for part in dict.fromkeys(parts) if part)
