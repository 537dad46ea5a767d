"""Keyed hashes of how a name sounds: what the index holds instead of the name.

A part gives 12 bits: many names share a key, so a stolen copy tells no rare name apart. Two parts
together give 16 bits, numbered above them: with them a match is told without opening a name.
"""

from itertools import combinations, product
from typing import NamedTuple

from casework.names.parts import parts_of
from casework.names.sounds import codes_of
from vault.keys import KeyProvider, key_provider

PART_BITS = 12
PAIR_BITS = 16
FIRST_PAIR = 1 << PART_BITS


class Span(NamedTuple):
    """A part of a name or two neighbours written in one, and where it stands."""

    start: int
    end: int
    keys: frozenset[int]
    codes: frozenset[str]


def phonetic_keys(name: str) -> set[int]:
    """Every key of one name: of its parts, of neighbours in one word, of each two together."""
    provider = key_provider()
    spans = spans_of(name, provider)
    keys = {key for span in spans for key in span.keys}
    for one, other in combinations(spans, 2):
        if one.end <= other.start or other.end <= one.start:
            keys |= pair_keys(one, other, provider)
    return keys


def spans_of(name: str, provider: KeyProvider) -> list[Span]:
    parts = parts_of(name)
    places = [(start, start + 1) for start in range(len(parts))]
    places += [(start, start + 2) for start in range(len(parts) - 1)]
    spans = []
    for start, end in places:
        codes = codes_of("".join(parts[start:end]))
        keys = frozenset(_key(provider, "name", code, PART_BITS) for code in codes)
        spans.append(Span(start, end, keys, codes))
    return spans


def pair_keys(one: Span, other: Span, provider: KeyProvider) -> set[int]:
    """The keys of two parts of one name, in whichever order they were written."""
    return {
        FIRST_PAIR + _key(provider, "names", "|".join(sorted(codes)), PAIR_BITS)
        for codes in product(one.codes, other.codes)
    }


def _key(provider: KeyProvider, purpose: str, code: str, bits: int) -> int:
    return int.from_bytes(provider.blind(purpose, code)[:4], "big") >> (32 - bits)


class Way(NamedTuple):
    """One way to read what was typed: the keys of each part, and of each two parts together."""

    parts: list[set[int]]
    pairs: set[int]


def ways_of(name: str) -> list[Way]:
    """As it was typed, and with two neighbours in one word."""
    provider = key_provider()
    spans = spans_of(name, provider)
    count = sum(span.end - span.start == 1 for span in spans)
    singles, doubles = spans[:count], spans[count:]
    ways = [_way(singles, provider)]
    for double in doubles:
        apart = [one for one in singles if one.end <= double.start or one.start >= double.end]
        ways.append(_way([*apart, double], provider))
    return ways


def _way(spans: list[Span], provider: KeyProvider) -> Way:
    pairs: set[int] = set()
    for one, other in combinations(spans, 2):
        pairs |= pair_keys(one, other, provider)
    return Way([set(span.keys) for span in spans], pairs)
