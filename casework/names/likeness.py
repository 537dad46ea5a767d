"""Whether two written names may mean the same person, and how alike they are."""

from collections.abc import Iterator
from itertools import permutations

from casework.names.parts import parts_of
from casework.names.sounds import Reading, readings_of

FAR = 9.0
# Up to here two parts are one name in two spellings.
NEAR = 0.6
# How far apart two vowels are.
DISTANCE = {"ae": 0.1, "ei": 0.1, "ai": 0.7, "au": 0.5, "eu": 0.5, "iu": 0.7}


def distance(first: str, second: str) -> float:
    """How far apart two parts of names sound: 0 the same, FAR when their consonants differ."""
    if first == second:
        return 0.0
    best = FAR
    for one in readings_of(first):
        for other in readings_of(second):
            if one.code == other.code:
                best = min(best, _between(one, other))
    return best


def _between(one: Reading, other: Reading) -> float:
    if not (one.vowels and other.vowels):
        return 0.0
    if one.has_short_vowels and other.has_short_vowels:
        return sum(map(_vowels, one.vowels, other.vowels))
    # How a word in Arabic script ends is in the code already.
    return sum(map(_vowels_of_abjad, one.vowels[:-1], other.vowels[:-1]))


def _vowels(one: str, other: str) -> float:
    """How far apart two groups of written vowels are: changed, or one of them left out."""
    one, other = one.lower(), other.lower()
    if one == other:
        return 0.0
    if len(one) == len(other) == 1:
        return DISTANCE["".join(sorted(one + other))]
    longer, shorter = sorted((one, other), key=len, reverse=True)
    return 0.15 if not shorter and len(longer) == 1 else 0.3


def _vowels_of_abjad(one: str, other: str) -> float:
    """Where one of the two does not write short vowels, only long ones count."""
    if "*" in (one + other) or one.lower() == other.lower():
        return 0.0
    if not one or not other:
        return 0.7 if any(sign in "IU" for sign in one + other) else 0.05
    return min(
        0.0 if a == b else DISTANCE["".join(sorted((a, b)))]
        for a in one.lower()
        for b in other.lower()
    )


def alike(one: str, other: str) -> float:
    """From 0 (not the same) to 1 (the same): how alike two names are, in any script and order.

    Every part of the shorter name must be found in the longer one.
    """
    first, second = sorted((parts_of(one), parts_of(other)), key=len)
    if not first:
        return 0.0
    ways = [(first, second)]
    # In one of the two only: in both, "Karim Ahmadi" would be "Karima Ahmadi".
    ways += [(joined, second) for joined in _joined(first)]
    ways += [(first, joined) for joined in _joined(second)]
    return max(_fit(a, b) for a, b in ways)


def _fit(first: list[str], second: list[str]) -> float:
    if len(first) > len(second):
        first, second = second, first
    far = [[distance(a, b) for b in second] for a in first]
    best = FAR
    for places in permutations(range(len(second)), len(first)):
        total = sum(far[row][column] for row, column in enumerate(places))
        if all(far[row][column] <= NEAR for row, column in enumerate(places)):
            best = min(best, total)
    if best == FAR:
        return 0.0
    missing = (len(second) - len(first)) * 0.05
    return max(0.1, 1.0 - best / len(first) * 0.5 - missing)


def _joined(parts: list[str]) -> Iterator[list[str]]:
    """The parts with two neighbours written in one word: Ali Reza, Alireza."""
    for place in range(len(parts) - 1):
        yield [*parts[:place], parts[place] + parts[place + 1], *parts[place + 2 :]]


def same_person_may_be_meant(one: str, other: str) -> bool:
    return alike(one, other) > 0.0
