"""Whether a service takes a person, and why not; reads the two records, asks the database nothing.

A doubt never excludes: an age that may fit fits, and what nobody wrote down is left to a call.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import Organization
from casework.models import Person
from directory.models import Service

Words = str | Promise


@dataclass(frozen=True)
class Fit:
    """What speaks for a service, what to take care of, and what excludes the person."""

    yes: list[Words] = field(default_factory=list)
    care: list[Words] = field(default_factory=list)
    no: list[Words] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return not self.no


@dataclass(frozen=True)
class Offer:
    """A service with how it fits one person."""

    service: Service
    fit: Fit

    @property
    def card(self) -> dict[str, Any]:
        """What `ui/service.html` shows of it."""
        fits = [("yes", words) for words in self.fit.yes]
        fits += [("care", words) for words in self.fit.care]
        return {
            "id": str(self.service.pk),
            "name": self.service.name,
            "organization": self.service.organization,
            "place": self.service.note,
            "fits": fits,
            "off": " ".join(str(words) for words in self.fit.no),
            "places": "" if self.fit.is_open else _("Not open to this person"),
            "places_kind": "no",
        }


def best_first(
    services: Iterable[Service], person: Person, day: date, *, first: Organization | None = None
) -> list[Offer]:
    """Every service: those that fit first, the surest before the others, then by name.

    What `first` offers, who answers for a child, stands before all others that fit.
    """
    offers = [Offer(service, fit(service, person, day)) for service in services]
    return sorted(
        offers,
        key=lambda offer: (
            not offer.fit.is_open,
            offer.service.organization != first,
            -len(offer.fit.yes),
            len(offer.fit.care),
            offer.service.name,
            offer.service.organization.name,
        ),
    )


def fit(service: Service, person: Person, day: date) -> Fit:
    """How a service fits a person on a day. The service was read with its languages."""
    found = Fit()
    _age(service, person, day, found)
    _sex(service, person, found)
    _language(service, person, found)
    if service.call_first:
        found.care.append(_("Not verified lately, call first"))
    return found


def _age(service: Service, person: Person, day: date, found: Fit) -> None:
    if service.min_age is None and service.max_age is None:
        return
    asked = _asked_ages(service)
    ages = person.ages_on(day)
    if ages is None:
        found.care.append(_("Takes ages %(ages)s; age not known") % {"ages": asked})
    elif ages[1] < (service.min_age or 0) or ages[0] > (service.max_age or ages[0]):
        found.no.append(_("Takes ages %(ages)s only.") % {"ages": asked})
    else:
        found.yes.append(_("Ages %(ages)s") % {"ages": asked})


def _asked_ages(service: Service) -> str:
    if service.max_age is None:
        return f"{service.min_age}+"
    return f"{service.min_age or 0}–{service.max_age}"


def _sex(service: Service, person: Person, found: Fit) -> None:
    if not service.sexes:
        return
    words = dict(Service.Sex.choices)
    asked = ", ".join(str(words[sex]) for sex in service.sexes)
    if person.sex == Person.Sex.UNKNOWN:
        found.care.append(_("Only for: %(sexes)s; sex not known") % {"sexes": asked})
    elif person.sex in service.sexes:
        found.yes.append(asked)
    else:
        found.no.append(_("Only for: %(sexes)s.") % {"sexes": asked})


def _language(service: Service, person: Person, found: Fit) -> None:
    spoken = [language.pk for language in service.languages.all()]
    name = {"language": person.language}
    if person.language_id in spoken:
        found.yes.append(_("%(language)s spoken") % name)
    elif spoken:
        found.care.append(_("Bring an interpreter: %(language)s") % name)
