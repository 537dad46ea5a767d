"""Work that counts numbers: outreach sessions and headcounts. Nobody of them is a person."""

from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from casework.models import Headcount
from config.demo.days import Calendar
from config.demo.house import House, new_id
from config.demo.mix import HUB_SERVICES
from config.demo.people import FEMALE, MALE
from config.demo.writer import Rows
from directory.models import AgeBand, AgeBandSet, Area, LeafletEdition, Need, Topic
from outreach.models import OutreachLeaflets, OutreachSession, OutreachTally

SPOKEN = ("fa", "ps", "ar", "ur", "en", "tr")
Mode, Method = OutreachSession.Mode, OutreachSession.Method
RECENT_DAYS, ALL_DAYS = 40, 700


class Field:
    """Collects the rows of one organization's field work."""

    def __init__(self, rng: Random, house: House, days: Calendar) -> None:
        self.rng, self.house, self.days = rng, house, days
        self.areas = list(Area.objects.exclude(code="bg-hub").values_list("pk", flat=True))
        self.bands_of = AgeBandSet.objects.all()[0].pk
        self.bands = list(AgeBand.objects.filter(age_band_set=self.bands_of).order_by("min_age"))
        self.editions = list(LeafletEdition.objects.in_use().values_list("pk", flat=True))
        self.topics = list(Topic.objects.values_list("pk", flat=True))
        self.needs = list(Need.objects.values_list("pk", flat=True))
        self.outings, self.tallies = Rows(OutreachSession), Rows(OutreachTally)
        self.leaflets, self.counts = Rows(OutreachLeaflets), Rows(Headcount)
        self.members = Rows(OutreachSession.members.through)
        self.told = Rows(OutreachSession.topics.through)
        self.seen = Rows(OutreachSession.needs.through)
        self.spoken = Rows(OutreachSession.languages.through)
        self.given = Rows(Headcount.services.through)

    @property
    def tables(self) -> list[Rows]:
        return [rows for rows in vars(self).values() if isinstance(rows, Rows)]

    def work(self, count: int) -> None:
        """Sessions of two years, a third of them lately, and one that is still open."""
        rng = self.rng
        for number in range(count):
            longest = RECENT_DAYS if number % 3 == 0 else ALL_DAYS
            start = self.days.at_dusk(rng, self.days.day(rng.randint(1, longest)))
            self._outing(start, start + timedelta(minutes=rng.randint(90, 220)))
        self._outing(self.days.ago(1.6), None)

    def _outing(self, start: datetime, end: datetime | None) -> None:
        """One walk of the mobile team: mostly young men, some families, boys alone."""
        rng, row, desk = self.rng, new_id(self.rng), self.house.field_desk
        if desk is None:
            raise ValueError("this house has no mobile team")
        grants = self.house.grants_on(start.date())
        tallies = list(self._people())
        boys = sum(n for sex, band, n in tallies if sex == MALE and 12 <= band.min_age < 18)
        self.outings.add(
            id=row,
            organization=desk.organization,
            team=desk.team,
            area=rng.choice(self.areas),
            mode=rng.choices((Mode.WALKING, Mode.VEHICLE, Mode.CENTRE), (60, 25, 15))[0],
            started_at=start,
            ended_at=end,
            grant=rng.choice(grants) if grants else None,
            age_band_set=self.bands_of,
            method=rng.choices((Method.ESTIMATED, Method.COUNTED), (80, 20))[0],
            children_alone=boys // 2,
            recorded_by=desk.worker,
            recorded_at=end or start,
            version=2,
        )
        for member in self.house.field_members:
            self.members.add(outreachsession=row, user=member)
        for sex, band, quantity in tallies:
            self.tallies.add(session=row, sex=sex, age_band=band.pk, quantity=quantity)
        self._talk(row)

    def _people(self) -> list[tuple[str, AgeBand, int]]:
        rng = self.rng
        young = [15 <= band.min_age < 35 for band in self.bands]
        return [
            (sex, band, rng.randint(1, 9 if sex == MALE else 4))
            for band, is_young in zip(self.bands, young, strict=True)
            for sex in (FEMALE, MALE)
            if rng.random() < (0.75 if sex == MALE and is_young else 0.25)
        ]

    def _talk(self, row: UUID) -> None:
        rng = self.rng
        for topic in rng.sample(self.topics, rng.randint(1, 3)):
            self.told.add(outreachsession=row, topic=topic)
        for need in rng.sample(self.needs, rng.randint(1, 4)):
            self.seen.add(outreachsession=row, need=need)
        for language in rng.sample(SPOKEN, rng.randint(1, 3)):
            self.spoken.add(outreachsession=row, language=language)
        for edition in rng.sample(self.editions, rng.randint(1, 3)):
            self.leaflets.add(session=row, edition=edition, quantity=rng.randint(2, 25))

    def headcounts(self, count: int, today: int) -> None:
        """Visitors of the hub who were only counted, in two years and on the last day."""
        for _ in range(count):
            self._headcount(self.days.day(self.rng.randint(1, ALL_DAYS)))
        for _ in range(today):
            self._headcount(self.days.until, desk_number=0)

    def _headcount(self, day: date, desk_number: int | None = None) -> None:
        rng, row, moment = self.rng, new_id(self.rng), self.days.at_desk(self.rng, day)
        desks = self.house.desks
        desk = rng.choice(desks) if desk_number is None else desks[desk_number]
        self.counts.add(
            id=row,
            team=desk.team,
            at=moment,
            quantity=rng.choice((1, 1, 1, 2, 3, 5)),
            sex=rng.choice((MALE, MALE, FEMALE)),
            age_band=rng.choice(self.bands).pk,
            nationality=rng.choice(("AF", "SY", "")),
            language=rng.choice(SPOKEN),
            recorded_by=desk.worker,
            recorded_at=moment,
        )
        given = [service for service, share in HUB_SERVICES[:5] if rng.random() < share]
        for service in given or ["information"]:
            self.given.add(headcount=row, servicetype=service)
