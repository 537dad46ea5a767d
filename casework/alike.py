"""Who is known already and like somebody new: by how a name sounds, and by codes alone."""

from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.audit import record_list
from accounts.models import Team, User
from casework.ages import years_overlap
from casework.models import Likeness, Person, TwinTicket
from casework.names import parts_of
from casework.search import FEWEST_PARTS, LONGEST, names_alike

# More than these nobody reads while somebody stands at the desk.
MOST_SHOWN = 5
SEX_UNKNOWN = Person.Sex.UNKNOWN


class Sought(NamedTuple):
    """What is known so far of somebody new; each part may be missing."""

    name: str = ""
    sex: str = ""
    born: tuple[int, int] | None = None
    nationality: str = ""
    language: str = ""
    team: Team | None = None


class Alike(NamedTuple):
    """Somebody who may be the same person, why, and how alike in words."""

    person: Person
    likeness: list[str]
    score: str

    @property
    def reasons(self) -> list[str]:
        return [str(Likeness(code).label) for code in self.likeness]

    @property
    def is_strong(self) -> bool:
        return self.score == TwinTicket.Score.STRONG


def alike_people(user: User, sought: Sought) -> list[Alike]:
    """People this user may see who may be the one who is sought; it is written down.

    A name is compared with those whose names she may see, the nearest first; then come those who
    are alike by codes: sex, nationality, years of birth, and language where it was said.
    """
    named = _named_alike(user, sought.name)
    people = _by_name(user, list(named)) + _by_codes(user, sought, set(named))
    found = [_judged(person, sought, by_name=person.pk in named) for person in people[:MOST_SHOWN]]
    if found or sought.name:
        shown = [each.person.pk for each in found]
        record_list(user, "find_alike", Person, shown, term=sought.name)
    return found


def _named_alike(user: User, name: str) -> dict[UUID, float]:
    """{person: how alike}, of two parts at least: one given name fits too many."""
    typed = name.strip()[:LONGEST]
    if len(parts_of(typed)) < FEWEST_PARTS:
        return {}
    return names_alike(user, typed)


def _by_name(user: User, named: list[UUID]) -> list[Person]:
    rows = Person.objects.visible_to(user).filter(pk__in=named).select_related("language", "team")
    return sorted(rows, key=lambda person: named.index(person.pk))


def _by_codes(user: User, sought: Sought, named: set[UUID]) -> list[Person]:
    if sought.born is None or not sought.nationality or sought.sex in {"", SEX_UNKNOWN}:
        return []
    first, last = sought.born
    since = timezone.localdate() - timedelta(days=settings.TWINS_FRESH_DAYS)
    rows: QuerySet[Person] = Person.objects.visible_to(user).filter(
        sex=sought.sex,
        nationality=sought.nationality,
        birth_year_from__lte=last,
        birth_year_to__gte=first,
        last_visit_on__gte=since,
        organization=user.organization_id,
    )
    if sought.language:
        rows = rows.filter(language=sought.language)
    rows = rows.exclude(pk__in=named).select_related("language", "team")
    return list(rows.order_by(F("last_visit_on").desc(), "pk")[:MOST_SHOWN])


def _judged(person: Person, sought: Sought, *, by_name: bool) -> Alike:
    """How alike two are; very alike is who has the name, and nothing that speaks against it."""
    years = person.birth_year_from, person.birth_year_to
    overlap = years_overlap(years, sought.born or (None, None))
    same_sex = SEX_UNKNOWN in {person.sex, sought.sex} or not sought.sex or person.sex == sought.sex
    likeness: list[str] = [Likeness.NAME] if by_name else []
    likeness += [Likeness.BORN] if overlap else []
    likeness += [Likeness.SEX] if person.sex == sought.sex != SEX_UNKNOWN else []
    likeness += [Likeness.NATIONALITY] if person.nationality == sought.nationality else []
    likeness += [Likeness.LANGUAGE] if person.language_id == sought.language else []
    likeness += [Likeness.DAY] if _was_here(person, sought.team, timezone.localdate()) else []
    is_strong = by_name and same_sex and overlap is not False
    score = TwinTicket.Score.STRONG if is_strong else TwinTicket.Score.POSSIBLE
    return Alike(person, likeness, score)


def _was_here(person: Person, team: Team | None, day: date) -> bool:
    return team is not None and person.team_id == team.pk and person.last_visit_on == day
