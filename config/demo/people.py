"""Who comes: groups that arrive on the same day, everybody in them, and the days they come."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

from casework.codes import code_from
from casework.models import Person
from casework.models.person import ADULT, YesNo
from config.demo.days import Calendar
from config.demo.house import Desk, new_id
from config.demo.mix import GROUPS, ORIGINS, SEASON, Origin
from config.demo.writer import Rows, Sealer
from vault.models import DataKey

# Codes are spread over all 31^5 of them by a step that shares no factor with that number.
CODES, CODE_STEP = 31**5, 11_400_714
LONG_STAY_SHARE = 0.35
FEMALE, MALE = Person.Sex.FEMALE, Person.Sex.MALE
HANDLING_NOTES = (
    "Message only, after 18:00. Do not call.",
    "Wants to talk with a woman, and with a woman as interpreter.",
    "Tires soon. Short talks, with a break and water.",
    "Do not speak of the family while others can hear.",
    "Hears badly on the left side. Sit on the right.",
    "Reads well: give it in writing.",
)


@dataclass(frozen=True)
class Member:
    """Somebody of a group before she arrives: sex, age, whether a child alone."""

    sex: str
    age: int
    alone: bool = False


@dataclass(frozen=True)
class Guest:
    """One person as she came: what the generator goes on with. `days` are those of her visits."""

    id: UUID
    desk: Desk
    origin: Origin
    language: str
    sex: str
    age: int
    alone: bool
    spread: int
    family: str
    days: tuple[date, ...]

    @property
    def first(self) -> date:
        return self.days[0]

    @property
    def last(self) -> date:
        return self.days[-1]

    def may_be_child(self, day: date) -> bool:
        """As the house asks: under 18, possibly or surely."""
        return day.year - self.first.year + self.age - self.spread - 1 < ADULT


class People:
    """Collects the rows of the people who came."""

    def __init__(self, rng: Random, sealer: Sealer, days: Calendar) -> None:
        self.rng, self.sealer, self.days = rng, sealer, days
        self.number = 0
        self.keys, self.persons = Rows(DataKey), Rows(Person)

    @property
    def tables(self) -> list[Rows]:
        return [self.keys, self.persons]

    def arrive(self, desk: Desk, kind: str, days: tuple[date, ...]) -> list[Guest]:
        """A group that first came on the first of these days, and again on some of the others."""
        rng = self.rng
        origin = rng.choices(ORIGINS, [o.share for o in ORIGINS])[0]
        language, family = rng.choice(origin.languages), rng.choice(origin.parts.family)
        guests = []
        for number, member in enumerate(_members(rng, kind)):
            guest = Guest(
                id=new_id(rng),
                desk=desk,
                origin=origin,
                language=language,
                sex=member.sex,
                age=member.age,
                alone=member.alone,
                spread=0 if rng.random() < 0.4 else rng.choice((1, 1, 2)),
                family=family,
                days=days if number == 0 else _some_of(rng, days),
            )
            self._add(guest)
            guests.append(guest)
        return guests

    def _add(self, guest: Guest) -> None:
        rng, moment = self.rng, self.days.at_desk(self.rng, guest.first)
        self.keys.add(**self.sealer.new_key(guest.id), created_at=moment)
        self.number += 1
        born = guest.first.year - guest.age
        note = rng.choice(HANDLING_NOTES) if rng.random() < 0.06 else ""
        status, source = Person.ResidenceStatus, Person.BirthYearSource
        statuses = (status.IN_TRANSIT, status.INTENTION, status.ASYLUM_SEEKER, status.UNKNOWN)
        self.persons.add(
            id=guest.id,
            code=code_from(self.number * CODE_STEP % CODES),
            organization=guest.desk.organization,
            team=guest.desk.team,
            data_key=guest.id,
            sex=guest.sex,
            birth_year_from=born - guest.spread,
            birth_year_to=born + guest.spread,
            birth_year_source=source.ESTIMATED if guest.spread else source.STATED,
            nationality=guest.origin.country,
            language=guest.language,
            residence_status=rng.choices(statuses, (60, 15, 10, 15))[0],
            disability=rng.choices((YesNo.YES, YesNo.NO, YesNo.UNKNOWN), (4, 56, 40))[0],
            unaccompanied_or_separated=YesNo.YES if guest.alone else YesNo.NO,
            handling_note=self.sealer.seal(Person, "handling_note", guest.id, guest.id, note),
            registered_by=guest.desk.worker,
            registered_at=moment,
            last_visit_on=guest.last,
        )

    # Days

    def stay(self) -> tuple[date, ...]:
        """The days on which somebody came in the last two years, by the season of arrivals."""
        rng = self.rng
        is_long = rng.random() < LONG_STAY_SHARE
        length = int(rng.expovariate(1 / 90)) + 20 if is_long else rng.randint(0, 12)
        return self._days_within(self._arrival(), length)

    def stay_until(self, last: date, weeks: int) -> tuple[date, ...]:
        """The days of somebody who came for some weeks, and last on that day."""
        first = last - timedelta(days=weeks * 7 - self.rng.randint(0, 6))
        return tuple(sorted({*self._days_within(first, (last - first).days), last}))

    def _days_within(self, first: date, length: int) -> tuple[date, ...]:
        rng = self.rng
        more = min(int(rng.expovariate(0.6)), 8)
        days = {first + timedelta(days=rng.randint(0, length)) for _ in range(more)}
        return tuple(sorted(day for day in {first, *days} if day <= self.days.until))

    def _arrival(self) -> date:
        until = self.days.until
        years_ago = self.rng.randint(0, 1)
        month = self.rng.choices(range(1, 13), SEASON)[0]
        year = until.year - years_ago - (month > until.month)
        return min(date(year, month, self.rng.randint(1, 28)), until)

    def group_kind(self) -> str:
        return self.rng.choices([kind for kind, _ in GROUPS], [share for _, share in GROUPS])[0]


def _some_of(rng: Random, days: tuple[date, ...]) -> tuple[date, ...]:
    """The first day, and now and then another: not everybody comes along each time."""
    return days[:1] + tuple(day for day in days[1:] if rng.random() < 0.5)


def _members(rng: Random, kind: str) -> list[Member]:
    adult = rng.randint(21, 30) if rng.random() < 0.6 else rng.randint(31, 64)
    if kind == "man_alone":
        return [Member(MALE, adult)]
    if kind == "woman_alone":
        return [Member(FEMALE, adult)]
    if kind == "boy_alone":
        return [Member(MALE, rng.randint(12, 17), alone=True)]
    if kind == "girl_alone":
        return [Member(FEMALE, rng.randint(13, 17), alone=True)]
    if kind == "boys_together":
        return [Member(MALE, rng.randint(13, 17), alone=True) for _ in range(rng.randint(2, 5))]
    children = [
        Member(rng.choice((FEMALE, MALE)), rng.randint(0, 16)) for _ in range(rng.randint(1, 4))
    ]
    parents = [Member(FEMALE, rng.randint(22, 45))]
    if kind == "family":
        parents.append(Member(MALE, rng.randint(24, 50)))
    return parents + children
