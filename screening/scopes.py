"""Whom a version is for: the reach that its definition names, as arithmetic."""

from collections.abc import Iterable

from screening.scoring import Definition


def fits(
    definition: Definition,
    *,
    ages: tuple[int, int] | None,
    countries: Iterable[str],
    routes: Iterable[str],
) -> bool:
    """Whether a version fits somebody: every list that is not empty must be met.

    `ages` are the youngest and the oldest she may be. What is not known (None, or empty) fits
    all: not known is never a no.
    """
    scope = definition.get("scope")
    if scope is None:
        return True
    return (
        _meets(scope["countries"], countries)
        and _meets(scope["routes"], routes)
        and _overlaps(scope["ages"]["from"], scope["ages"]["until"], ages)
    )


def _meets(wanted: list[str], known: Iterable[str]) -> bool:
    known = set(known)
    return not wanted or not known or not known.isdisjoint(wanted)


def _overlaps(first: int | None, last: int | None, ages: tuple[int, int] | None) -> bool:
    if ages is None:
        return True
    youngest, oldest = ages
    return (first is None or oldest >= first) and (last is None or youngest <= last)
