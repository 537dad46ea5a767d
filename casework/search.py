"""Find a person by code, phone or name; whoever is found is told by code and by why she matches.

Names are opened only for people whose identity the searcher may see, compared in memory and never
shown. Past 5,000 such people only those seen last are compared.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.audit import record_list
from accounts.models import User
from casework.codes import ALPHABET, LENGTH, read_code
from casework.models import Person, PersonIdentity
from directory.folding import fold

MOST_IDENTITIES = 5_000
MOST_FOUND = 20
FEWEST_SIGNS = 2
FEWEST_DIGITS = 6

# What is read of each row: thousands may be compared.
KEY_COLUMNS = ("data_key__kek_version", "data_key__wrapped")
PERSON_COLUMNS = ("person__birth_year_from", "person__birth_year_to")

# Letters that are written in more than one way on keyboards of the same script.
ONE_LETTER = {
    ord("\N{ARABIC LETTER YEH}"): "\N{ARABIC LETTER FARSI YEH}",
    ord("\N{ARABIC LETTER ALEF MAKSURA}"): "\N{ARABIC LETTER FARSI YEH}",
    ord("\N{ARABIC LETTER KAF}"): "\N{ARABIC LETTER KEHEH}",
    ord("\N{ARABIC LETTER TEH MARBUTA}"): "\N{ARABIC LETTER HEH}",
    ord("\N{LATIN SMALL LETTER DOTLESS I}"): "i",
}

BY_CODE = _("Code matches")
BY_BEGINNING = _("Code begins like this")
BY_NAME = _("Name matches")
BY_NAME_AND_YEAR = _("Name and birth year match")
BY_PHONE = _("Phone matches")


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
    text = typed.strip()[:200]
    if len(text) < FEWEST_SIGNS:
        return Findings([], is_misread_code=False, is_cut=False)
    reasons: dict[UUID, Any] = dict(_by_code(user, text))
    looks_like_code = _looks_like_code(text)
    is_cut = False
    if not (reasons and looks_like_code):
        by_identity, is_cut = _by_identity(user, text, most)
        reasons = {**by_identity, **reasons}
    found = _in_order(user, reasons)
    record_list(user, "find_people", Person, [each.person.pk for each in found])
    misread = looks_like_code and not found and read_code(text) is None
    return Findings(found, is_misread_code=misread, is_cut=is_cut)


def fold_name(text: str) -> str:
    """Lower case, no marks, Cyrillic as Latin, one form of each Arabic letter."""
    bare = unicodedata.normalize("NFKC", text.casefold()).translate(ONE_LETTER)
    bare = unicodedata.normalize("NFKD", fold(bare))
    return "".join(sign for sign in bare if not unicodedata.combining(sign))


def _by_code(user: User, text: str) -> Iterator[tuple[UUID, Any]]:
    people = Person.objects.visible_to(user)
    if code := read_code(text):
        for pk in people.filter(code=code).values_list("pk", flat=True):
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
    return (
        len(plain) == LENGTH
        and any(sign.isdigit() for sign in plain)
        and any(sign.isalpha() for sign in plain)
    )


def _by_identity(user: User, text: str, most: int) -> tuple[dict[UUID, Any], bool]:
    """{person: why} of those whose name or phone matches, and whether some were left out."""
    years = [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", text)]
    digits = "".join(sign for sign in text if sign.isdigit()).lstrip("0")
    parts = [part for part in re.split(r"[^\w]+", fold_name(text)) if not part.isdigit() and part]
    has_phone = len(digits) >= FEWEST_DIGITS
    if not parts and not has_phone:
        return {}, False
    rows = list(_identities(user)[: most + 1])
    reasons: dict[UUID, Any] = {}
    for row in rows[:most]:
        if has_phone and digits in re.sub(r"\D", "", row.phone):
            reasons[row.person_id] = BY_PHONE
        elif parts and _is_named(row, parts) and _fits_years(row.person, years):
            reasons[row.person_id] = BY_NAME_AND_YEAR if years else BY_NAME
    return reasons, len(rows) > most


def _identities(user: User) -> Any:
    return (
        PersonIdentity.objects.visible_to(user)
        .select_related("data_key", "person")
        .only("name", "other_names", "phone", *KEY_COLUMNS, *PERSON_COLUMNS)
        .order_by(F("person__last_visit_on").desc(nulls_last=True), "pk")
    )


def _is_named(identity: PersonIdentity, parts: list[str]) -> bool:
    """Whether each part that was typed begins a part of her names."""
    names = re.split(r"[^\w]+", fold_name(f"{identity.name} {identity.other_names}"))
    return all(any(name.startswith(part) for name in names) for part in parts)


def _fits_years(person: Person, years: list[int]) -> bool:
    first, last = person.birth_year_from, person.birth_year_to
    if not years or first is None or last is None:
        return True
    return any(first <= year <= last for year in years)


def _in_order(user: User, reasons: dict[UUID, Any]) -> list[Found]:
    rank = {BY_CODE: 0, BY_PHONE: 1, BY_NAME_AND_YEAR: 2, BY_NAME: 3, BY_BEGINNING: 4}
    wanted = sorted(reasons, key=lambda pk: rank[reasons[pk]])[: MOST_FOUND * 5]
    people = {
        person.pk: person
        for person in Person.objects.visible_to(user)
        .filter(Q(pk__in=wanted))
        .select_related("language")
    }
    return [Found(people[pk], reasons[pk]) for pk in wanted if pk in people][:MOST_FOUND]
