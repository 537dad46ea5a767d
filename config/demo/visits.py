"""What the desk records of people: their visits, and the services and leaflets of each."""

from datetime import date, datetime
from random import Random
from typing import NamedTuple
from uuid import UUID

from casework.models import LeafletGiven, ServiceDelivered, Visit
from casework.models.visit import Interpreting
from config.demo.days import Calendar
from config.demo.house import House, new_id
from config.demo.mix import HUB_SERVICES
from config.demo.people import Guest
from config.demo.writer import Rows
from directory.models import LeafletEdition

LEAFLETS = ("journey", "trafficking", "asylum", "rights", "info_card")


class Came(NamedTuple):
    """A visit as a case's timeline names it."""

    visit: UUID
    moment: datetime


class Visits:
    """Collects the rows of visits and services."""

    def __init__(self, rng: Random, houses: dict[str, House], days: Calendar) -> None:
        self.rng, self.days = rng, days
        self.houses = {house.organization: house for house in houses.values()}
        self.editions = {
            (edition.leaflet_id, edition.language_id): edition.pk
            for edition in LeafletEdition.objects.in_use()
        }
        self.visits, self.services = Rows(Visit), Rows(ServiceDelivered)
        self.leaflets = Rows(LeafletGiven)

    @property
    def tables(self) -> list[Rows]:
        return [self.visits, self.services, self.leaflets]

    def come(self, guest: Guest) -> list[Came]:
        """All the visits of one person."""
        return [self._visit(guest, day) for day in guest.days]

    def _visit(self, guest: Guest, day: date) -> Came:
        rng = self.rng
        moment, row, grant = self.days.at_desk(rng, day), new_id(rng), self.grant_on(guest, day)
        ways = (Interpreting.IN_PERSON, Interpreting.BY_PHONE, Interpreting.NOT_NEEDED)
        concerns = (Visit.Concern.NO, Visit.Concern.YES, Visit.Concern.NOT_SURE)
        self.visits.add(
            id=row,
            person=guest.id,
            team=guest.desk.team,
            data_key=guest.id,
            at=moment,
            language=guest.language,
            interpreting=rng.choices((*ways, Interpreting.NONE_FREE), (45, 20, 25, 10))[0],
            concern=rng.choices(concerns, (92, 4, 4))[0],
            grant=grant,
            recorded_by=guest.desk.worker,
            recorded_at=moment,
        )
        given = [service for service, share in HUB_SERVICES if rng.random() < share]
        for service in given or ["information"]:
            self.deliver(guest, service, day, visit=row, grant=grant)
        edition = self.editions.get((rng.choice(LEAFLETS), guest.language))
        if edition and rng.random() < 0.5:
            self.leaflets.add(visit=row, edition=edition)
        return Came(row, moment)

    def deliver(
        self,
        guest: Guest,
        service: str,
        day: date,
        *,
        grant: UUID | None,
        visit: UUID | None = None,
        case: UUID | None = None,
    ) -> datetime:
        """One service, at the visit or in the case; returns the moment."""
        moment = self.days.at_desk(self.rng, day)
        self.services.add(
            id=new_id(self.rng),
            person=guest.id,
            case=case,
            visit=visit,
            service_type=service,
            organization=guest.desk.organization,
            grant=grant,
            delivered_on=day,
            language=guest.language,
            recorded_by=guest.desk.worker,
            recorded_at=moment,
        )
        return moment

    def grant_on(self, guest: Guest, day: date) -> UUID | None:
        grants = self.houses[guest.desk.organization].grants_on(day)
        return self.rng.choice(grants) if grants and self.rng.random() < 0.8 else None
