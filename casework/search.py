"""Find a person by code, phone or name; whoever is found is told by code and by why she matches.

Names are opened only for people whose identity the searcher may see, compared in memory and never
shown. Past 5,000 such people only those seen last are compared. Of everybody else the database
says no more than where a match may exist: `ask_everywhere`.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.audit import record_list
from accounts.models import Organization, User
from casework.cards import hash_of, looks_like_number, read_number
from casework.codes import ALPHABET, LENGTH, read_code
from casework.models import Card, Person, PersonIdentity
from casework.models.gate import leads_to
from casework.names import alike, fold_name, parts_of
from casework.names.keys import Way, ways_of

MOST_IDENTITIES = 5_000
MOST_FOUND = 20
LONGEST = 200
FEWEST_SIGNS = 2
FEWEST_DIGITS = 6

# What is read of each row: thousands may be compared.
KEY_COLUMNS = ("data_key__kek_version", "data_key__wrapped")
PERSON_COLUMNS = ("person__birth_year_from", "person__birth_year_to")

# Fewer letters are compared with beginnings only: they stand in too many names.
FEWEST_LETTERS = 3
# A part alone says of nobody that she may be known.
FEWEST_PARTS = 2

BY_CARD = _("Card matches")
BY_CODE = _("Code matches")
BY_BEGINNING = _("Code begins like this")
BY_NAME = _("Name matches")
BY_NAME_AND_YEAR = _("Name and birth year match")
BY_PHONE = _("Phone matches")
BY_SOUND = _("Name sounds alike")


class Found(NamedTuple):
    person: Person
    why: Any


class Findings(NamedTuple):
    """Who was found; whether the code was mistyped; whether not everybody was compared."""

    found: list[Found]
    is_misread_code: bool
    is_cut: bool


def find_people(user: User, typed: str, *, most: int = MOST_IDENTITIES) -> Findings:
    """People this user may see who match what was typed; writes down that they were shown.

    No more than `most` names are opened, of the people seen last.
    """
    text = typed.strip()[:LONGEST]
    if len(text) < FEWEST_SIGNS:
        return Findings([], is_misread_code=False, is_cut=False)
    is_card = looks_like_number(text)
    reasons: dict[UUID, Any] = dict(_by_card(user, text) if is_card else _by_code(user, text))
    looks_like_code = _looks_like_code(text)
    is_cut = False
    if not (reasons and (looks_like_code or is_card)):
        by_identity, is_cut = _by_identity(user, text, most)
        reasons = {**by_identity, **reasons}
    found = _in_order(user, reasons)
    record_list(user, "find_people", Person, [each.person.pk for each in found], term=text)
    misread = looks_like_code and not found and read_code(text) is None
    return Findings(found, is_misread_code=misread, is_cut=is_cut)


def _by_card(user: User, text: str) -> Iterator[tuple[UUID, Any]]:
    if number := read_number(text):
        cards = Card.objects.visible_to(user).in_use().filter(number_hash=hash_of(number))
        for pk in cards.values_list("person", flat=True):
            yield pk, BY_CARD


def _by_code(user: User, text: str) -> Iterator[tuple[UUID, Any]]:
    people = Person.objects.visible_to(user)
    if code := read_code(text):
        merged = leads_to(code=code)
        for pk in people.filter(Q(code=code) | Q(pk=merged)).values_list("pk", flat=True):
            yield pk, BY_CODE
        return
    plain = _plain(text)
    if 3 <= len(plain) < LENGTH and set(plain) <= set(ALPHABET):
        start = plain if len(plain) == 3 else f"{plain[:3]}-{plain[3:]}"
        matching = people.filter(code__startswith=start).values_list("pk", flat=True)
        for pk in matching[:MOST_FOUND]:
            yield pk, BY_BEGINNING


def _plain(text: str) -> str:
    return "".join(sign for sign in text.upper() if sign.isalnum())


def _looks_like_code(text: str) -> bool:
    plain = _plain(text)
    if len(plain) != LENGTH or not any(sign.isalpha() for sign in plain):
        return False
    # Some codes have no digit: written as they are printed, with the dash, they are codes too.
    return text[3:4] == "-" or any(sign.isdigit() for sign in plain)


class _Sought(NamedTuple):
    """What was typed, taken apart: parts of a name, the name as a whole, phone, years."""

    parts: list[str]
    name: str
    digits: str
    years: list[int]


def _by_identity(user: User, text: str, most: int) -> tuple[dict[UUID, Any], bool]:
    """{person: why} of those whose name or phone matches, and whether some were left out."""
    years = [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", text)]
    digits = "".join(sign for sign in text if sign.isdigit()).lstrip("0")
    parts = [part for part in re.split(r"[^\w]+", fold_name(text)) if not part.isdigit() and part]
    if len(digits) < FEWEST_DIGITS:
        digits = ""
    if not parts and not digits:
        return {}, False
    sought = _Sought(parts, _name_in(text), digits, years)
    rows = list(_identities(user, sought)[: most + 1])
    closeness: dict[UUID, tuple[Any, float]] = {}
    for row in rows[:most]:
        why, how_close = _match(row, sought)
        if why:
            closeness[row.person_id] = why, how_close
    nearest = sorted(closeness, key=lambda pk: -closeness[pk][1])
    return {pk: closeness[pk][0] for pk in nearest}, len(rows) > most


def _identities(user: User, sought: _Sought) -> Any:
    """Identities this user may see; `sounds` says whose name may sound like it."""
    keys = {key for way in ways_of(sought.name) for part in way.parts for key in part}
    sounds = When(person__search__keys__overlap=sorted(keys), then=Value(True))
    return (
        PersonIdentity.objects.visible_to(user)
        .annotate(sounds=Case(sounds, default=Value(False), output_field=BooleanField()))
        .select_related("data_key", "person")
        .only("name", "other_names", "phone", *KEY_COLUMNS, *PERSON_COLUMNS)
        .order_by(F("person__last_visit_on").desc(nulls_last=True), "pk")
    )


def names_alike(user: User, name: str, *, most: int = MOST_IDENTITIES) -> dict[UUID, float]:
    """{person: how alike} of those whose whole names sound like this one, the nearest first.

    Only names this user may see are opened, of the people seen last.
    """
    sought = _Sought([], name, "", [])
    rows = _identities(user, sought).filter(sounds=True)[:most]
    told = {
        row.person_id: max((alike(name, each) for each in row.names), default=0.0) for row in rows
    }
    return {pk: told[pk] for pk in sorted(told, key=lambda pk: -told[pk]) if told[pk]}


def _match(row: Any, sought: _Sought) -> tuple[Any, float]:
    """Why somebody is found, and how close it is; an empty reason when she is not."""
    if sought.digits and sought.digits in re.sub(r"\D", "", row.phone):
        return BY_PHONE, 1.0
    if not sought.parts or not _fits_years(row.person, sought.years):
        return "", 0.0
    if _is_named(row, sought.parts):
        return (BY_NAME_AND_YEAR if sought.years else BY_NAME), 1.0
    if row.sounds:
        how_close = max(alike(sought.name, name) for name in row.names)
        return (BY_SOUND if how_close else ""), how_close
    return "", 0.0


def _is_named(identity: PersonIdentity, parts: list[str]) -> bool:
    """Whether each part that was typed stands in her names; a short one at a beginning."""
    whole = fold_name(f"{identity.name} {identity.other_names}")
    names = re.split(r"[^\w]+", whole)
    return all(
        part in whole
        if len(part) >= FEWEST_LETTERS
        else any(name.startswith(part) for name in names)
        for part in parts
    )


def _fits_years(person: Person, years: list[int]) -> bool:
    first, last = person.birth_year_from, person.birth_year_to
    if not years or first is None or last is None:
        return True
    return any(first <= year <= last for year in years)


def _in_order(user: User, reasons: dict[UUID, Any]) -> list[Found]:
    ranked = (BY_CARD, BY_CODE, BY_PHONE, BY_NAME_AND_YEAR, BY_NAME, BY_SOUND, BY_BEGINNING)
    rank = {why: place for place, why in enumerate(ranked)}
    wanted = sorted(reasons, key=lambda pk: rank[reasons[pk]])[: MOST_FOUND * 5]
    people = {
        person.pk: person
        for person in Person.objects.visible_to(user)
        .filter(Q(pk__in=wanted))
        .select_related("language")
    }
    return [Found(people[pk], reasons[pk]) for pk in wanted if pk in people][:MOST_FOUND]


class Known(NamedTuple):
    """Where somebody with such a name may be known already; never who she is.

    `people` are of the asker's own organization, by code, for its coordinator alone.
    """

    organizations: list[Organization]
    people: list[Person]


def may_ask_everywhere(typed: str) -> bool:
    """One part of a name is too little: it fits too many."""
    return len(parts_of(_name_in(typed))) >= FEWEST_PARTS


def _name_in(typed: str) -> str:
    return re.sub(r"\d+", " ", typed.strip()[:LONGEST])


def ask_everywhere(user: User, typed: str) -> Known:
    """Where a person may be known whose name the asker cannot see; writes down that it was asked.

    Decided by the database from keyed hashes, without opening a name. Sealed and blocked people
    are never told of, nor those whom the asker finds herself.
    """
    name = _name_in(typed)
    rows = _possible_matches(ways_of(name))
    people = Person.objects.visible_to(user).filter(pk__in=[pk for _house, pk in rows if pk])
    known = Known(
        list(Organization.objects.filter(pk__in={house for house, _pk in rows}).order_by("code")),
        list(people.select_related("language").order_by("code")[:MOST_FOUND]),
    )
    told = [person.pk for person in known.people]
    note = "match" if known.organizations else "none"
    record_list(user, "ask_everywhere", Person, told, note, term=name)
    return known


def _possible_matches(ways: list[Way]) -> list[tuple[UUID, UUID | None]]:
    ways = [way for way in ways if len(way.parts) >= FEWEST_PARTS]
    pairs = sorted({pair for way in ways for pair in way.pairs})
    told = [
        {"parts": [sorted(keys) for keys in way.parts], "pairs": sorted(way.pairs)} for way in ways
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT organization_id, person_id FROM gate_possible_match(%s, %s)",
            [pairs, json.dumps(told)],
        )
        return list(cursor.fetchall())
