"""Whether a service takes a person, and why not; reads the two records, asks the database nothing.

A doubt never excludes: an age that may fit fits, and what nobody wrote down is left to a call.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organization
from casework.models import Person
from directory.models import Municipality, Service

Words = str | Promise

# How far a service is from where somebody is.
HERE, SAME_DISTRICT, FAR = 0, 1, 2
# What of a person is heeded unless somebody says otherwise.
EVERYTHING = frozenset({"age", "sex", "residence", "language"})


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
    """A service with how it fits one person, and how far it is from where she is."""

    service: Service
    fit: Fit
    distance: int = FAR

    @property
    def card(self) -> dict[str, Any]:
        """What `ui/service.html` shows of it."""
        fits = [("yes", words) for words in self.fit.yes]
        fits += [("care", words) for words in self.fit.care]
        places, kind = self._room()
        return {
            "id": str(self.service.pk),
            "name": self.service.name,
            "organization": self.service.organization,
            "place": self._where() or self.service.note,
            "fits": fits,
            "off": " ".join(str(words) for words in self.fit.no),
            "places": places,
            "places_kind": kind,
            "said": self._said(),
        }

    def _where(self) -> str:
        """The municipalities of the places that the reader may know of."""
        known = [place.municipality for place in self.service.places.all() if place.municipality]
        return ", ".join(dict.fromkeys(municipality.name for municipality in known))

    def _room(self) -> tuple[str, str]:
        """Whether there is room, in words, and the colour of them."""
        if not self.fit.is_open:
            return _("Not open to this person"), "no"
        free, accepts = self.service.places_today, self.service.accepts_now
        if accepts == Service.Accepting.NO:
            return _("Takes nobody now"), "no"
        if free:
            said = ngettext("%(number)s place free", "%(number)s places free", free)
            return said % {"number": free}, "yes"
        if accepts == Service.Accepting.YES:
            return _("Takes people now"), "yes"
        return (_("Not said lately"), "few") if self.service.capacity_at else ("", "")

    def _said(self) -> str:
        day = self.service.capacity_on
        return _("Said on %(day)s") % {"day": date_format(day, "j. n. Y.")} if day else ""


# What is said first of whether there is room.
ROOM = {Service.Accepting.YES: 0, Service.Accepting.UNKNOWN: 1, Service.Accepting.NO: 2}


def best_first(
    services: Iterable[Service],
    person: Person,
    day: date,
    *,
    first: Organization | None = None,
    near: Municipality | None = None,
    heed: Collection[str] = EVERYTHING,
) -> list[Offer]:
    """Every service: those that fit first, those that take people now, the near, then the sure.

    What `first` offers, who answers for a child, stands before all others that fit. The services
    were read with the places that the reader may know of. `heed` says what of the person counts.
    """
    offers = [
        Offer(service, fit(service, person, day, near=near, heed=heed), _distance(service, near))
        for service in services
    ]
    return sorted(
        offers,
        key=lambda offer: (
            not offer.fit.is_open,
            offer.service.organization != first,
            ROOM[Service.Accepting(offer.service.accepts_now)],
            offer.distance,
            offer.service.is_fading,
            -len(offer.fit.yes),
            len(offer.fit.care),
            offer.service.name,
            offer.service.organization.name,
        ),
    )


def _distance(service: Service, near: Municipality | None) -> int:
    """The same municipality, the same district, or elsewhere; not known counts as elsewhere."""
    found = [place.municipality for place in service.places.all() if place.municipality]
    if near is None or not found:
        return FAR
    if near.pk in {municipality.pk for municipality in found}:
        return HERE
    districts = {municipality.district_id for municipality in found}
    return SAME_DISTRICT if near.district_id in districts else FAR


def fit(
    service: Service,
    person: Person,
    day: date,
    *,
    near: Municipality | None = None,
    heed: Collection[str] = EVERYTHING,
) -> Fit:
    """How a service fits a person on a day. It was read with its languages and whom it serves."""
    found = Fit()
    if service.status != Service.Status.ACTIVE:
        found.no.append(_("%(state)s.") % {"state": service.get_status_display()})
    if "age" in heed:
        _age(service, person, day, found)
    if "sex" in heed:
        _sex(service, person, found)
    if "residence" in heed:
        _residence(service, person, found)
    _area(service, near, found)
    if "language" in heed:
        _language(service, person, found)
    if service.call_first:
        found.care.append(_("Not verified lately, call first"))
    elif service.is_fading:
        found.care.append(_("Not verified for 60 days"))
    return found


def _residence(service: Service, person: Person, found: Fit) -> None:
    if not service.residence:
        return
    asked = {"statuses": ", ".join(service.residence_taken)}
    if person.residence_status == Person.ResidenceStatus.UNKNOWN:
        found.care.append(_("Only for: %(statuses)s; status not known") % asked)
    elif person.residence_status in service.residence:
        found.yes.append(str(person.get_residence_status_display()))
    else:
        found.no.append(_("Only for: %(statuses)s.") % asked)


def _area(service: Service, near: Municipality | None, found: Fit) -> None:
    """Whom it serves, by where she is; where that is not known, it is left to a call."""
    served = {municipality.pk: municipality.name for municipality in service.serves.all()}
    if not served:
        return
    names = {"municipalities": ", ".join(served.values())}
    if near is None:
        found.care.append(_("For people in %(municipalities)s") % names)
    elif near.pk in served:
        found.yes.append(_("For people in %(municipality)s") % {"municipality": near.name})
    else:
        found.no.append(_("Only for people in %(municipalities)s.") % names)


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
