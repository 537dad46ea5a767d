"""A written name as its parts: one spelling of each letter, no marks, compounds in one piece."""

import re
import unicodedata

from anyascii import anyascii

from casework.names.letters import (
    ARABIC,
    CYRILLIC,
    KEPT_MARKS,
    LIKE_CYRILLIC,
    LIKE_LATIN,
    MARKS_OF_ARABIC,
)
from directory.folding import fold

MOST_PARTS = 6
LONGEST = 60

# Letters that are written in more than one way on keyboards of the same script.
ONE_LETTER = {
    ord("\N{ARABIC LETTER YEH}"): "\N{ARABIC LETTER FARSI YEH}",
    ord("\N{ARABIC LETTER ALEF MAKSURA}"): "\N{ARABIC LETTER FARSI YEH}",
    ord("\N{ARABIC LETTER KAF}"): "\N{ARABIC LETTER KEHEH}",
    ord("\N{ARABIC LETTER TEH MARBUTA}"): "\N{ARABIC LETTER HEH}",
    ord("\N{ARABIC LETTER HEH GOAL}"): "\N{ARABIC LETTER HEH}",
    ord("\N{ARABIC LETTER ALEF WITH HAMZA ABOVE}"): "\N{ARABIC LETTER ALEF}",
    ord("\N{ARABIC LETTER ALEF WITH HAMZA BELOW}"): "\N{ARABIC LETTER ALEF}",
    ord("\N{ARABIC LETTER ALEF WITH MADDA ABOVE}"): "\N{ARABIC LETTER ALEF}",
    ord("\N{ARABIC LETTER ALEF WASLA}"): "\N{ARABIC LETTER ALEF}",
    ord("\N{LATIN SMALL LETTER DOTLESS I}"): "i",
}
# Direction marks, joiners and what stands for an ayn or hamza inside a Latin word.
NOT_HEARD = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff'’‘`´ʼʻʿʾ\u02bb]")
APART = re.compile(r"[\W\d_]+")
IN_ARABIC = re.compile("[\u0600-\u06ff]")
IN_CYRILLIC = re.compile("[\u0400-\u04ff]")
IN_LATIN = re.compile("[a-z]")

# Words between names that some write and others leave out.
PARTICLES = frozenset(
    "al el ul il ol ud ed ibn bin ben bint binti ould van von der de da do dos di la le"
    " ال بن ابن بنت ولد بنی".split()
)
# Beginnings and endings that are written together with their neighbour, or apart.
BEGINNINGS = frozenset(
    "abd abdul abdal abdel abdol abdu abdou abdur abdus abu abou عبد ابو"
    " абд абду абдул абдель абдал абу".split()
)
ENDINGS = frozenset("din deen dine eddin eddine uddin aldin دین الدین дин ддин".split())


def fold_name(text: str) -> str:
    """Lower case, no marks, Cyrillic as Latin, one form of each Arabic letter: for substrings."""
    if text.isascii():
        return NOT_HEARD.sub("", text).lower()
    bare = unicodedata.normalize("NFKC", NOT_HEARD.sub("", text).casefold()).translate(ONE_LETTER)
    bare = unicodedata.normalize("NFKD", fold(MARKS_OF_ARABIC.sub("", bare)))
    return "".join(sign for sign in bare if not unicodedata.combining(sign))


def parts_of(name: str) -> list[str]:
    """The parts of a name that tell people apart, in order, in its own script."""
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name).casefold())
    plain = MARKS_OF_ARABIC.sub("", NOT_HEARD.sub("", plain)).translate(ONE_LETTER)
    words = [_one_script(word)[:LONGEST] for word in APART.split(_bare(plain)) if word]
    return _joined(words)[:MOST_PARTS]


def _bare(text: str) -> str:
    """Without accents, except on letters that are letters of their own."""
    if text.isascii():
        return text
    kept = []
    for sign in text:
        if sign in KEPT_MARKS or sign in CYRILLIC or sign in ARABIC:
            kept.append(sign)
            continue
        letters = unicodedata.normalize("NFD", sign)
        kept.extend(each for each in letters if not unicodedata.combining(each))
    return "".join(kept)


def _one_script(word: str) -> str:
    """A word in one script: letters that only look right are replaced, others spelled out."""
    if word.isascii() or IN_ARABIC.search(word):
        return word
    cyrillic, latin = len(IN_CYRILLIC.findall(word)), len(IN_LATIN.findall(word))
    if cyrillic and latin:
        word = word.translate(LIKE_LATIN if latin > cyrillic else LIKE_CYRILLIC)
    if all(sign.isascii() or sign in KEPT_MARKS or sign in CYRILLIC for sign in word):
        return word
    return "".join(
        sign if sign.isascii() or sign in KEPT_MARKS or sign in CYRILLIC else anyascii(sign)
        for sign in word
    ).casefold()


def _joined(words: list[str]) -> list[str]:
    parts: list[str] = []
    beginning = ""
    for word in words:
        if word in ENDINGS and parts:
            parts[-1] += word
        elif beginning and word in PARTICLES:
            continue
        elif word in BEGINNINGS:
            beginning += word
        elif word not in PARTICLES or (not parts and len(words) == 1):
            parts.append(beginning + word)
            beginning = ""
    return [*parts, beginning] if beginning else parts
