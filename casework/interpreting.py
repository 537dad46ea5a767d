"""Who can interpret for a person: those who fit her wishes first, and why others do not.

Never among them: who is blocked for her, and whose pledge or vetting does not hold.
"""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from casework.models import (
    HouseholdMember,
    Interpreter,
    InterpreterBlock,
    KeepApart,
    Person,
    Relation,
    TalkWish,
    Visit,
)
from casework.talking import wish_of
from directory.countries import NOT_KNOWN


class Offer(NamedTuple):
    """One interpreter for one person: what does not fit, and what to ask about first."""

    interpreter: Interpreter
    misfits: list[str]
    languages: list[str]
    speaks: bool = True
    is_asked_for: bool = False
    is_known_to_others: bool = False
    is_compared: bool = False

    @property
    def fits(self) -> bool:
        return not self.misfits

    @property
    def said(self) -> str:
        """Why to choose her or not, in one line."""
        if not self.is_compared:
            return ", ".join(self.languages)
        words = [_("asked for")] if self.is_asked_for else []
        words += self.misfits or [_("fits what is wished")]
        if self.is_known_to_others:
            words.append(_("has interpreted for somebody linked with this person"))
        return "; ".join(words)

    @property
    def label(self) -> str:
        return f"{self.interpreter.called} ({self.said})"


def interpreters_for(person: Person, user: User, day: date | None = None) -> list[Offer]:
    """Whoever can be asked for this person, those who fit first. Nine queries at most."""
    wish = wish_of(person, user)
    blocked = InterpreterBlock.objects.in_force().filter(person=person).values("interpreter")
    rows = list(choosable(user, day).exclude(pk__in=blocked))
    known = _known_to_others(person, user)
    offers = [_offer(row, person, wish, known) for row in rows]
    return sorted(offers, key=_place)


def anybody(user: User) -> list[Offer]:
    """Whoever can be asked for somebody of whom nothing is known yet. Three queries."""
    rows = choosable(user)
    return [Offer(row, [], [str(each) for each in row.languages.all()]) for row in rows]


def choosable(user: User, day: date | None = None) -> QuerySet[Interpreter]:
    """Those of the user's organization who can be asked, with what is compared."""
    rows = Interpreter.objects.visible_to(user).to_choose_from(day)
    own = rows.filter(organization=user.organization_id).select_related("data_key")
    return own.prefetch_related("languages", "dialects").order_by("code")


def _place(offer: Offer) -> tuple[bool, bool, int, str]:
    speaks = not offer.speaks
    return speaks, not (offer.is_asked_for and offer.fits), len(offer.misfits), offer.label


def _offer(row: Interpreter, person: Person, wish: TalkWish | None, known: set[UUID]) -> Offer:
    language = wish.language if wish and wish.language else person.language
    languages = list(row.languages.all())
    speaks = language in languages
    misfits = [] if speaks else [_("does not speak %(language)s") % {"language": language}]
    if wish is not None:
        misfits += _against(row, person, wish)
    asked = wish is not None and wish.interpreter_id == row.pk
    names = [str(each) for each in languages]
    return Offer(row, misfits, names, speaks, asked, row.pk in known, is_compared=True)


def _against(row: Interpreter, person: Person, wish: TalkWish) -> list[str]:
    """What speaks against an interpreter, wish by wish; what is not known fits no wish."""
    found = _against_gender(row, wish)
    language = wish.dialect.language if wish.dialect else None
    speaks = language in row.languages.all()
    if wish.dialect and speaks and wish.dialect_id not in {each.pk for each in row.dialects.all()}:
        found.append(_("does not speak %(dialect)s") % {"dialect": wish.dialect})
    if wish.is_not_from_community:
        if not row.country or person.nationality == NOT_KNOWN:
            found.append(_("not known where from"))
        elif row.country == person.nationality:
            found.append(_("from the same country"))
    if wish.by_phone_only and not row.works_by_phone:
        found.append(_("not by phone"))
    return found


def _against_gender(row: Interpreter, wish: TalkWish) -> list[str]:
    wished = wish.interpreter_gender
    if wished not in {TalkWish.Gender.FEMALE, TalkWish.Gender.MALE} or row.gender == wished:
        return []
    if row.gender == Interpreter.Gender.UNKNOWN:
        return [_("woman or man not known")]
    return [_("is not a woman") if wished == TalkWish.Gender.FEMALE else _("is not a man")]


def _known_to_others(person: Person, user: User) -> set[UUID]:
    """Interpreters of people linked with her, as far as her own file tells of them."""
    others = _linked(person, user)
    if not others:
        return set()
    visits = Visit.objects.visible_to(user).filter(person__in=others).exclude(interpreter=None)
    return {pk for pk in visits.order_by().values_list("interpreter", flat=True) if pk}


def _linked(person: Person, user: User) -> set[UUID]:
    beside = HouseholdMember.objects.visible_to(user).beside(person.pk)
    relations = Relation.objects.visible_to(user).standing().told_in(person.pk)
    marks = KeepApart.objects.visible_to(user).in_force().filter(person=person)
    found = set(beside.values_list("person", flat=True))
    found.update(*relations.values_list("person", "other"))
    found.update(marks.values_list("other", flat=True))
    return found - {person.pk}


def is_blocked(interpreter: Interpreter, person_id: UUID) -> bool:
    """Whether this interpreter is never asked for this person."""
    rows = InterpreterBlock.objects.in_force()
    return rows.filter(interpreter=interpreter, person=person_id).exists()
