"""Work that counts numbers: outreach sessions, headcounts, trainings of professionals."""

from datetime import date, timedelta
from random import Random

from accounts.models import Organization, User
from casework.codes import code_from
from casework.models import Headcount
from config.demo.house import House, new_id
from config.demo.lives import CODE_STEP, CODES, at_desk
from config.demo.writer import Rows, Sealer
from directory.models import AgeBand, AgeBandSet, Area, LeafletEdition, Topic
from outreach.models import (
    OutreachLeaflets,
    OutreachSession,
    OutreachTally,
    Professional,
    Training,
    TrainingAttendance,
)
from vault.models import DataKey

MEMBERS = OutreachSession.members.through
TOPICS = OutreachSession.topics.through
LANGUAGES = OutreachSession.languages.through
SPOKEN = ("fa", "ps", "ar", "ur", "en", "tr")
PROGRAMMES = (
    ("Recognising signs early", "thb_risks", 16),
    ("Talking without harm", "gbv", 8),
    ("Rights of clients in proceedings", "rights", 12),
)


class Field:
    """Collects the rows of one organization's field work and trainings."""

    def __init__(self, rng: Random, house: House, sealer: Sealer, until: date) -> None:
        self.rng, self.house, self.sealer, self.until = rng, house, sealer, until
        self.number = 0
        self.areas = list(Area.objects.values_list("pk", flat=True))
        self.bands_of = AgeBandSet.objects.all()[0]
        self.bands = list(AgeBand.objects.filter(age_band_set=self.bands_of).order_by("min_age"))
        self.editions = list(LeafletEdition.objects.in_use().values_list("pk", flat=True))
        self.topics = list(Topic.objects.values_list("pk", flat=True))
        self.keys = Rows(DataKey, "id kek_version wrapped created_at")
        self.outings = Rows(
            OutreachSession,
            "id organization_id team_id area_id mode started_at ended_at grant_id age_band_set_id"
            " method children_alone recorded_by_id recorded_at version",
        )
        self.members = Rows(MEMBERS, "outreachsession_id user_id")
        self.told = Rows(TOPICS, "outreachsession_id topic_id")
        self.spoken = Rows(LANGUAGES, "outreachsession_id language_id")
        self.tallies = Rows(OutreachTally, "session_id sex age_band_id quantity")
        self.leaflets = Rows(OutreachLeaflets, "session_id edition_id quantity")
        self.counts = Rows(
            Headcount,
            "id team_id at quantity sex age_band_id nationality recorded_by_id recorded_at",
        )
        self.trainings = Rows(
            Training,
            "id organization_id topic_id programme accredited_by hours starts_on ends_on area_id"
            " grant_id recorded_by_id recorded_at",
        )
        self.professionals = Rows(
            Professional,
            "id code registered_by_organization_id data_key_id profession institution_type sex",
        )
        self.seats = Rows(
            TrainingAttendance, "training_id professional_id recorded_by_id recorded_at"
        )

    @property
    def tables(self) -> list[Rows]:
        return [
            self.keys,
            self.outings,
            self.members,
            self.told,
            self.spoken,
            self.tallies,
            self.leaflets,
            self.counts,
            self.trainings,
            self.professionals,
            self.seats,
        ]

    def outing(self) -> None:
        """One walk of the mobile team: mostly young men, some families, boys alone."""
        rng, row = self.rng, new_id(self.rng)
        day = self.until - timedelta(days=rng.randint(0, 700))
        start = at_desk(rng, day)
        grants = [pk for pk, first, last in self.house.grants if first <= day <= last]
        worker = self.house.mobile_worker
        tallies = [
            (sex, band, rng.randint(1, 9 if sex == "male" else 4))
            for band in self.bands
            for sex in ("female", "male")
            if rng.random() < (0.7 if sex == "male" and 15 <= band.min_age < 35 else 0.25)
        ]
        boys = sum(n for sex, band, n in tallies if sex == "male" and 12 <= band.min_age < 18)
        self.outings.add(
            row,
            self.house.organization,
            self.house.mobile_team,
            rng.choice(self.areas),
            rng.choice(("walking", "vehicle", "centre")),
            start,
            start + timedelta(hours=3),
            rng.choice(grants) if grants else None,
            self.bands_of.pk,
            "estimated",
            boys // 2,
            worker,
            start + timedelta(hours=3),
            2,
        )
        self.members.add(row, worker)
        for topic in rng.sample(self.topics, 2):
            self.told.add(row, topic)
        for language in rng.sample(SPOKEN, 2):
            self.spoken.add(row, language)
        for sex, band, quantity in tallies:
            self.tallies.add(row, sex, band.pk, quantity)
        for edition in rng.sample(self.editions, 2):
            self.leaflets.add(row, edition, rng.randint(2, 25))

    def headcount(self) -> None:
        rng, team = self.rng, self.rng.choice(self.house.teams)
        worker = rng.choice(self.house.workers[team])
        moment = at_desk(rng, self.until - timedelta(days=rng.randint(0, 700)))
        self.counts.add(
            new_id(rng),
            team,
            moment,
            rng.randint(1, 6),
            rng.choice(("male", "male", "female")),
            rng.choice(self.bands).pk,
            rng.choice(("AF", "SY", "")),
            worker,
            moment,
        )

    def school(self, count: int) -> None:
        """Trainings of the last two years; some professionals come to two of them."""
        rng, coordinator = self.rng, User.objects.get(username="coordinator").pk
        known: list[object] = []
        for number in range(count):
            row = new_id(rng)
            day = self.until - timedelta(days=rng.randint(5, 700))
            programme, topic, hours = rng.choice(PROGRAMMES)
            grants = [pk for pk, first, last in self.house.grants if first <= day <= last]
            moment = at_desk(rng, day)
            self.trainings.add(
                row,
                self.house.organization,
                topic,
                programme,
                "",
                hours,
                day,
                day,
                rng.choice(self.areas),
                rng.choice(grants) if grants else None,
                coordinator,
                moment,
            )
            newcomers = [self._professional() for _ in range(rng.randint(8, 20))]
            again = rng.sample(known, min(len(known), 3)) if number else []
            for professional in [*newcomers, *again]:
                self.seats.add(row, professional, coordinator, moment)
            known += newcomers

    def _professional(self) -> object:
        rng, row = self.rng, new_id(self.rng)
        self.number += 1
        self.keys.add(*self.sealer.new_key(row), at_desk(rng, self.until))
        code = code_from((CODES - 1 - self.number * CODE_STEP) % CODES)
        profession, kind = rng.choice(
            (
                ("social_worker", Organization.Type.LOCAL_GOVERNMENT),
                ("police", Organization.Type.LAW_ENFORCEMENT),
                ("judge", Organization.Type.LEGAL),
                ("health", Organization.Type.HEALTH),
                ("ngo", Organization.Type.NGO),
            )
        )
        self.professionals.add(
            row,
            code,
            self.house.organization,
            row,
            profession,
            kind.value,
            rng.choice(("female", "male")),
        )
        return row
