"""How a part of a name sounds: consonants by class, whether it begins and how it ends with a vowel.

Short vowels are not written in Arabic script and are spelled at will in Latin, so they are not
part of the code; `Reading.vowels` keeps them for comparing names that have been opened.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from casework.names.letters import ARABIC, CHOICES, CYRILLIC, GROUP, HEARD_AS, LATIN
from casework.names.parts import IN_ARABIC
from casework.names.variants import VARIANTS

MOST_READINGS = 12
# Written in Arabic script, a beginning vowel can be any: "*".
VOWELS = "aeiuAIU*"

DOUBLED = re.compile(r"([bcdfghjklmnpqrstvwxzčćšž])\1+")


class Reading(NamedTuple):
    """One way to read a part: its code, the vowels before, between and after its consonants.

    In Arabic script short vowels are not written.
    """

    code: str
    vowels: tuple[str, ...]
    has_short_vowels: bool = True


def codes_of(part: str) -> frozenset[str]:
    """The codes of a part of a name; two spellings of one name share at least one."""
    return frozenset(reading.code for reading in readings_of(part))


@lru_cache(maxsize=512)
def readings_of(part: str) -> tuple[Reading, ...]:
    """Every way to read a part, as parts_of() gives it."""
    found: dict[Reading, None] = {}
    for spelling in _spellings(part):
        is_arabic = bool(IN_ARABIC.search(spelling))
        signs = _arabic(spelling) if is_arabic else _latin(spelling)
        for code, vowels in _heard(signs):
            found[Reading(code, vowels, not is_arabic)] = None
    if variant := VARIANTS.get(part):
        found[Reading(variant, ())] = None
    return tuple(found)[:MOST_READINGS]


def _spellings(part: str) -> Iterator[str]:
    """The part, and the part without an article that is written together with it."""
    yield part
    if (part.startswith("ال") and len(part) > 4) or (
        re.match(r"[ae]l(?:[bcdfghjkmnpqrstvwxz]|ah)", part) and len(part) > 6
    ):
        yield part[2:]


def _arabic(part: str) -> str:
    text = re.sub("^عبدال(?!له$)", "عبد", part).replace("لله", "له")
    text = re.sub("(?<=.)ا?ء?الدین$", "دین", text)
    signs = [ARABIC.get(letter, "") for letter in text]
    first, last = text[:1], text[-1:]
    if signs[0] in ("I", "w"):
        signs[0] = "Y" if signs[0] == "I" else "V"
    if len(text) > 2:
        if last == "ه":
            signs[-1] = "a"
        elif last == "ح" and signs[-2] == "A":
            signs[-1] = "ḥ"
        elif signs[-1] == "I":
            signs[-1] = "ι"
        elif signs[-1] == "w":
            signs[-1] = "U"
    if first in "اع":
        signs[0] = "*"
    return "".join(signs)


def _latin(part: str) -> str:
    text = "".join(CYRILLIC.get(letter, letter) for letter in part)
    text = re.sub(r"[ae]ttin$", "edin", text)
    text = DOUBLED.sub(r"\1", text)
    text = re.sub(r"^abd[aeiou]*l(?!a?h?i?$)", "abd", text)
    text = re.sub(r"(?<=.)[aeiou]?l?d(?:i|ee|ei|y|e)ne?$", "din", text)
    text = re.sub(r"(?<=[aeo])w(?=[^aeiouy])", "u", text)
    text = re.sub(r"ov(?:ic|ich)$", "ović", re.sub(r"ic$|ich$", "ić", text))
    beginning, text = _beginning(text)
    text = re.sub(r"(?<=[ae])h$", "ḧ", text)
    return beginning + "".join(
        _sign(match.group(), text, match.end()) for match in GROUP.finditer(text)
    )


def _beginning(text: str) -> tuple[str, str]:
    """What a j, y or w at the beginning sounds like, and the rest."""
    if text[:2] in ("je", "ye", "ie"):
        return ("ĵ" if text[0] == "j" else "ý"), text[1:]
    if text[:1] == "j":
        return "ǰ", text[1:]
    if text[:1] == "y" and len(text) > 1:
        return "Y", text[1:]
    if text[:1] == "w":
        return "V", text[1:]
    return "", text


def _sign(group: str, text: str, end: int) -> str:
    if group == "c":
        return "ς" if text[end : end + 1] in ("e", "i", "y") else "κ"
    return LATIN.get(group, "")


def _heard(signs: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(code, vowels) for each choice of the signs that can be heard in two ways."""
    unsure = sorted({sign for sign in signs if sign in CHOICES})
    for chosen in product(*(CHOICES[sign] for sign in unsure)):
        table = dict(zip(unsure, chosen, strict=True))
        heard = [HEARD_AS[s] if table.get(s) == "_" else table.get(s, s) for s in signs]
        consonants, slots = _apart("".join(heard))
        if consonants or slots[0]:
            yield _code(consonants, slots), tuple(slots)


def _apart(heard: str) -> tuple[str, list[str]]:
    """The consonants, and the vowels before, between and after them."""
    consonants = ""
    slots = [""]
    for sign in heard:
        if sign not in VOWELS:
            for consonant in "KS" if sign == "#" else sign:
                consonants += consonant
                slots.append("")
        elif not slots[-1].endswith(sign):
            slots[-1] += sign
    return consonants, slots


def _code(consonants: str, slots: list[str]) -> str:
    begins = "A" if slots[0] else ""
    if not consonants:
        return f"A{_ending(slots[0])}"
    ends = _ending(slots[-1])
    if not ends:
        consonants = consonants[:-1] + {"D": "T", "B": "P"}.get(consonants[-1], consonants[-1])
    return f"{begins}{consonants}{ends}"


def _ending(vowels: str) -> str:
    """How a part ends: not at all with a vowel, or with a, i or u."""
    return {"e": "a", "*": "a"}.get(vowels[-1:].lower(), vowels[-1:].lower())
