"""Trainings of professionals: two years of them; some professionals come to two."""

from random import Random
from uuid import UUID

from accounts.models import Organization, User
from casework.codes import code_from
from config.demo.days import Calendar
from config.demo.house import House, new_id
from config.demo.names import SERBIAN_LATIN
from config.demo.people import CODE_STEP, CODES, FEMALE, MALE
from config.demo.writer import Rows, Sealer
from outreach.models import Professional, Training, TrainingAttendance
from vault.models import DataKey

PROGRAMMES = (
    ("Recognising signs early", "thb_risks", 16),
    ("Talking without harm", "gbv", 8),
    ("Rights of clients in proceedings", "rights", 12),
    ("Children alone on the way", "children", 8),
)
PLACES = ("bg-old-town", "novi-sad", "nis", "subotica-town", "presevo-town")
Kind, Job = Organization.Type, Professional.Profession
PROFESSIONS = (
    (Job.SOCIAL_WORKER, Kind.LOCAL_GOVERNMENT),
    (Job.POLICE, Kind.LAW_ENFORCEMENT),
    (Job.JUDGE, Kind.LEGAL),
    (Job.HEALTH, Kind.HEALTH),
    (Job.NGO, Kind.NGO),
    (Job.ASYLUM, Kind.CENTRAL_GOVERNMENT),
)


class School:
    """Collects the rows of one organization's trainings."""

    def __init__(self, rng: Random, house: House, sealer: Sealer, days: Calendar) -> None:
        self.rng, self.house, self.sealer, self.days = rng, house, sealer, days
        self.coordinator = User.objects.get(username="coordinator").pk
        self.number = 0
        self.keys, self.professionals = Rows(DataKey), Rows(Professional)
        self.trainings, self.seats = Rows(Training), Rows(TrainingAttendance)

    @property
    def tables(self) -> list[Rows]:
        return [self.keys, self.trainings, self.professionals, self.seats]

    def teach(self, count: int) -> None:
        known: list[UUID] = []
        for _ in range(count):
            newcomers = [self._professional() for _ in range(self.rng.randint(8, 20))]
            again = self.rng.sample(known, min(len(known), 3))
            self._training([*newcomers, *again])
            known += newcomers

    def _training(self, people: list[UUID]) -> None:
        rng, row = self.rng, new_id(self.rng)
        day = self.days.day(rng.randint(5, 700))
        programme, topic, hours = rng.choice(PROGRAMMES)
        grants, moment = self.house.grants_on(day), self.days.at_desk(rng, day)
        self.trainings.add(
            id=row,
            organization=self.house.organization,
            topic=topic,
            programme=programme,
            hours=hours,
            starts_on=day,
            ends_on=day,
            area=rng.choice(PLACES),
            grant=rng.choice(grants) if grants else None,
            recorded_by=self.coordinator,
            recorded_at=moment,
        )
        for professional in people:
            self.seats.add(
                training=row,
                professional=professional,
                recorded_by=self.coordinator,
                recorded_at=moment,
            )

    def _professional(self) -> UUID:
        rng, row = self.rng, new_id(self.rng)
        self.number += 1
        self.keys.add(**self.sealer.new_key(row), created_at=self.days.now)
        code = code_from((CODES - 1 - self.number * CODE_STEP) % CODES)
        profession, kind = rng.choice(PROFESSIONS)
        sex = rng.choice((FEMALE, FEMALE, MALE))
        given = rng.choice(SERBIAN_LATIN.female if sex == FEMALE else SERBIAN_LATIN.male)
        name = f"{given} {rng.choice(SERBIAN_LATIN.family)}"
        self.professionals.add(
            id=row,
            code=code,
            registered_by_organization=self.house.organization,
            data_key=row,
            name=self.sealer.seal(Professional, "name", row, row, name),
            profession=profession,
            institution_type=kind,
            sex=sex,
        )
        return row
