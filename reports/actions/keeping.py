"""Keep what was counted of somebody whose record goes: figures stay as they were told.

Called in the transaction in which the rows go, before they do. Sources: GDPR 17 and 89; counting
the same period again after an erasure gives the same figures.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.db.models import Model, QuerySet

from casework.consent_rules import may_be_counted
from casework.models import (
    Case,
    Consent,
    IncomeActivitySession,
    LeafletGiven,
    Person,
    ServiceDelivered,
)
from directory.models import AgeBand, Grant
from referrals.models import Referral
from reports.models import CountFact, KeptCount, KeptFact, PersonFact, Report, Uncounted
from screening.models import Screening


def fact_key(*parts: object) -> UUID:
    """The opaque key of the views for a person or record: `md5(kind || id)`."""
    text = "".join(str(part) for part in parts)
    return UUID(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest())


@dataclass(frozen=True)
class Grain:
    """How coarse a kept fact may be without changing any count: edges of times and of ages."""

    days: list[date]
    ages: list[int]

    @classmethod
    def now(cls) -> "Grain":
        """The edges of all reports, grants and age bands there are."""
        days = {
            day for row in Report.objects.values_list("starts_on", "ends_before") for day in row
        }
        for starts_on, ends_on in Grant.objects.values_list("starts_on", "ends_on"):
            days |= {starts_on, ends_on + timedelta(days=1)}
        ages = {0}
        for youngest, oldest in AgeBand.objects.values_list("min_age", "max_age"):
            ages |= {youngest} if oldest is None else {youngest, oldest + 1}
        return cls(sorted(days), sorted(ages))

    def day(self, day: date) -> date:
        """The first day of its month, or of the period or grant that begins within the month."""
        first, before = day.replace(day=1), bisect_right(self.days, day)
        return max(first, self.days[before - 1]) if before else first

    def age(self, age: int | None) -> int | None:
        """The lowest age that every list of bands counts alike."""
        return None if age is None else self.ages[bisect_right(self.ages, age) - 1]


def keep_person_counted(person: Person) -> int:
    """Keep the facts and leaflets of somebody whose whole record goes; returns how many.

    New random keys tie her facts together, and to nothing else. A second call finds nothing.
    """
    grain, somebody, records = Grain.now(), uuid4(), _Keys()
    facts = list(_facts_of(person))
    earlier = KeptFact.objects.filter(person=fact_key("person", person.pk))
    earlier.delete()
    KeptFact.objects.bulk_create(
        KeptFact(
            **{
                **_values(fact),
                "id": uuid4(),
                "person": somebody,
                "record": records(fact.record),
                "day": grain.day(fact.day),
                "age": grain.age(fact.age),
            }
        )
        for fact in facts
    )
    Uncounted.objects.filter(person=fact_key("person", person.pk)).delete()
    return len(facts) + _keep_leaflets(person, grain)


def _keep_leaflets(person: Person, grain: Grain) -> int:
    taken = LeafletGiven.objects.filter(visit__person=person)
    keys = [
        fact_key("leaflet", leaflet, "hub", pk)
        for pk, leaflet in taken.values_list("pk", "edition__leaflet")
    ]
    kept = KeptCount.objects.bulk_create(
        KeptCount(**{**_values(fact), "id": uuid4(), "record": uuid4(), "day": grain.day(fact.day)})
        for fact in CountFact.objects.filter(id__in=keys)
    )
    return len(kept)


def keep_case_counted(case: Case) -> int:
    """Keep the facts of somebody who stays while her case goes; returns how many.

    Her status stood in the case, so all her facts are kept as they are counted today, and those
    of the case made coarse. From now on they are counted from what was kept. A refusal to be
    counted is kept as well.
    """
    grain, gone = Grain.now(), set(_records_of(case))
    if _refuses(case.person):
        Uncounted.objects.get_or_create(person=fact_key("person", case.person_id))
    facts = list(_facts_of(case.person))
    earlier = set(
        KeptFact.objects.values_list("record", flat=True).filter(
            person=fact_key("person", case.person_id)
        )
    )
    fresh = [fact for fact in facts if fact.record not in earlier]
    KeptFact.objects.bulk_create(
        KeptFact(
            **{
                **_values(fact),
                "id": uuid4(),
                "day": grain.day(fact.day) if fact.record in gone else fact.day,
                "age": grain.age(fact.age) if fact.record in gone else fact.age,
            }
        )
        for fact in fresh
    )
    return len(fresh)


class _Keys:
    """A new random key for each old one, the same each time it is asked."""

    def __init__(self) -> None:
        self._known: dict[UUID, UUID] = {}

    def __call__(self, old: UUID) -> UUID:
        return self._known.setdefault(old, uuid4())


def _facts_of(person: Person) -> QuerySet[PersonFact]:
    return PersonFact.objects.filter(person=fact_key("person", person.pk))


def _values(fact: Model) -> dict[str, object]:
    return {field.attname: getattr(fact, field.attname) for field in fact._meta.concrete_fields}


def _records_of(case: Case) -> Iterator[UUID]:
    """The views' keys of what stands in a case."""
    kinds = {
        "service": ServiceDelivered.objects.filter(case=case),
        "information": ServiceDelivered.objects.filter(case=case),
        "screening": Screening.objects.filter(case=case),
        "referral": Referral.objects.filter(case=case),
        "income_session": IncomeActivitySession.objects.filter(activity__case=case),
    }
    for kind, rows in kinds.items():
        for pk in rows.values_list("pk", flat=True):
            yield fact_key(kind, pk)


def _refuses(person: Person) -> bool:
    """Whether the last answer of anybody who was asked about statistics is no."""
    said: dict[str, bool] = {}
    rows = Consent.objects.filter(person=person, purpose=Consent.Purpose.STATISTICS)
    for row in rows.order_by("given_on", "recorded_at"):
        said[row.given_by] = row.is_given and row.withdrawn_at is None
    return not may_be_counted(said)
