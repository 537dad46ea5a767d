"""Lives: groups that arrive, people who come again, cases, and what was done for them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID

from accounts.levels import Level
from casework.codes import code_from
from casework.models import (
    Case,
    CaseAccess,
    CaseEvent,
    IncomeActivity,
    IncomeActivitySession,
    LeafletGiven,
    Person,
    PersonIdentity,
    ServiceDelivered,
    Visit,
)
from casework.models.access import AccessKind, permission_for
from config.demo.house import House, new_id
from config.demo.mix import GROUPS, HUB_SERVICES, ORIGINS, SEASON, Origin
from config.demo.writer import Rows, Sealer
from directory.models import LeafletEdition
from vault.models import DataKey

# Codes are spread over all 31^5 of them by a step that shares no factor with that number.
CODES, CODE_STEP = 31**5, 11_400_714
NAMED_SHARE = 0.85
LONG_STAY_SHARE = 0.35


@dataclass(frozen=True)
class Guest:
    """One person as she arrived: what the generator goes on with."""

    id: UUID
    house: House
    team: int
    worker: UUID
    origin: Origin
    language: str
    sex: str
    age: int
    alone: bool
    arrived: date
    stays_days: int


@dataclass(frozen=True)
class OpenCase:
    """A guest's case: enough for screenings, referrals and services to hang on."""

    id: UUID
    guest: Guest
    opened: date
    until: date


class Lives:
    """Collects the rows of casework; `tables` in the order in which they can be written."""

    def __init__(self, rng: Random, houses: dict[str, House], sealer: Sealer, until: date) -> None:
        self.rng, self.houses, self.sealer, self.until = rng, houses, sealer, until
        self.number = 0
        self.level = permission_for(Level.NARRATIVE).pk
        self.editions = {
            (edition.leaflet_id, edition.language_id): edition.pk
            for edition in LeafletEdition.objects.in_use()
        }
        self.keys = Rows(DataKey, "id kek_version wrapped created_at")
        self.people = Rows(
            Person,
            "id code organization_id team_id data_key_id sex birth_year_from birth_year_to"
            " birth_year_source nationality language_id residence_status disability"
            " unaccompanied_or_separated handling_note registered_by_id registered_at"
            " last_visit_on version",
        )
        self.identities = Rows(PersonIdentity, "id person_id data_key_id name")
        self.cases = Rows(
            Case,
            "id person_id organization_id team_id owner_id data_key_id status risk opened_on"
            " closed_on closure_reason last_contact_on version",
        )
        self.access = Rows(
            CaseAccess,
            "id case_id user_id permission_id kind starts_at reason granted_by_id",
        )
        self.visits = Rows(
            Visit,
            "id person_id team_id data_key_id at language_id interpreting concern grant_id"
            " recorded_by_id recorded_at",
        )
        self.services = Rows(
            ServiceDelivered,
            "id person_id case_id visit_id service_type_id organization_id grant_id delivered_on"
            " language_id channel quantity recorded_by_id recorded_at",
        )
        self.leaflets = Rows(LeafletGiven, "visit_id edition_id quantity")
        self.events = Rows(CaseEvent, "id case_id at code level actor_id url_name object_id")
        self.activities = Rows(
            IncomeActivity,
            "id case_id kind grant_id started_on ended_on outcome recorded_by_id recorded_at",
        )
        self.sessions = Rows(IncomeActivitySession, "id activity_id attended_on recorded_by_id")

    @property
    def tables(self) -> list[Rows]:
        return [
            self.keys,
            self.people,
            self.identities,
            self.cases,
            self.access,
            self.visits,
            self.services,
            self.leaflets,
            self.events,
            self.activities,
            self.sessions,
        ]

    # Arrivals

    def arrive(self, group: str) -> list[Guest]:
        """A group of people who come on the same day: a family, boys, somebody alone."""
        rng = self.rng
        house = self.houses["HUB-B" if rng.random() < 0.08 else "HUB-A"]
        team = rng.choice(house.teams)
        worker = rng.choice(house.workers[team])
        origin = rng.choices(ORIGINS, [o.share for o in ORIGINS])[0]
        language = rng.choice(origin.languages)
        arrived = self.arrival_day()
        stays = (
            int(rng.expovariate(1 / 90)) + 20
            if rng.random() < LONG_STAY_SHARE
            else rng.randint(0, 12)
        )
        family = rng.choice(origin.parts.family)
        return [
            self._person(
                Guest(
                    new_id(rng),
                    house,
                    team,
                    worker,
                    origin,
                    language,
                    sex,
                    age,
                    alone,
                    arrived,
                    stays,
                ),
                family,
            )
            for sex, age, alone in self.members(group)
        ]

    def arrival_day(self) -> date:
        """A day of the last two years, by the season of arrivals."""
        year_ago = self.rng.randint(0, 1)
        month = self.rng.choices(range(1, 13), SEASON)[0]
        year = self.until.year - year_ago - (month > self.until.month)
        day = date(year, month, self.rng.randint(1, 28))
        return min(day, self.until)

    def members(self, group: str) -> list[tuple[str, int, bool]]:
        """Sex, age and whether a child alone, for each member of a group."""
        rng = self.rng
        adult = rng.randint(18, 30) if rng.random() < 0.6 else rng.randint(31, 64)
        if group == "man_alone":
            return [("male", adult, False)]
        if group == "woman_alone":
            return [("female", adult, False)]
        if group == "boy_alone":
            return [("male", rng.randint(12, 17), True)]
        if group == "boys_together":
            return [("male", rng.randint(13, 17), True) for _ in range(rng.randint(2, 5))]
        children = [
            (rng.choice(("female", "male")), rng.randint(0, 16), False)
            for _ in range(rng.randint(1, 4))
        ]
        parents = [("female", rng.randint(22, 45), False)]
        if group == "family":
            parents.append(("male", rng.randint(24, 50), False))
        return parents + children

    def _person(self, guest: Guest, family: str) -> Guest:
        rng, key = self.rng, self.sealer.new_key(guest.id)
        moment = at_desk(rng, guest.arrived)
        self.keys.add(*key, moment)
        self.number += 1
        born = guest.arrived.year - guest.age
        spread = 0 if rng.random() < 0.4 else rng.choice((1, 2, 3))
        source = "stated" if spread == 0 else "estimated"
        last = min(guest.arrived + timedelta(days=guest.stays_days), self.until)
        self.people.add(
            guest.id,
            code_from(self.number * CODE_STEP % CODES),
            guest.house.organization,
            guest.team,
            guest.id,
            guest.sex,
            born - spread,
            born + spread,
            source,
            guest.origin.country,
            guest.language,
            rng.choices(("in_transit", "intention", "asylum_seeker", "unknown"), (60, 15, 10, 15))[
                0
            ],
            "yes" if rng.random() < 0.04 else "no" if rng.random() < 0.6 else "unknown",
            "yes" if guest.alone else "no",
            None,
            guest.worker,
            moment,
            last,
            1,
        )
        if rng.random() < NAMED_SHARE:
            given = rng.choice(
                guest.origin.parts.female if guest.sex == "female" else guest.origin.parts.male
            )
            row = new_id(rng)
            sealed = self.sealer.seal(PersonIdentity, "name", row, guest.id, f"{given} {family}")
            self.identities.add(row, guest.id, guest.id, sealed)
        return guest

    # What happens next

    def visit(self, guest: Guest, case: OpenCase | None) -> None:
        """One hub visit with its services, leaflets and, in a case, its event."""
        rng = self.rng
        day = min(guest.arrived + timedelta(days=rng.randint(0, guest.stays_days)), self.until)
        moment, row, grant = at_desk(rng, day), new_id(rng), self.grant_on(guest, day)
        self.visits.add(
            row,
            guest.id,
            guest.team,
            guest.id,
            moment,
            guest.language,
            rng.choices(("in_person", "by_phone", "not_needed", "none_free"), (45, 20, 25, 10))[0],
            rng.choices(("no", "yes", "not_sure"), (90, 5, 5))[0],
            grant,
            guest.worker,
            moment,
        )
        for service, share in HUB_SERVICES:
            if rng.random() < share:
                self.service(guest, service, day, grant=grant, visit=row)
        edition = self.editions.get(
            (rng.choice(("journey", "trafficking", "asylum")), guest.language)
        )
        if edition and rng.random() < 0.3:
            self.leaflets.add(row, edition, 1)
        if case is not None and day >= case.opened:
            self.event(case, "visit_recorded", moment)

    def service(
        self,
        guest: Guest,
        service: str,
        day: date,
        *,
        grant: UUID | None,
        visit: UUID | None = None,
        case: OpenCase | None = None,
    ) -> None:
        moment = at_desk(self.rng, day)
        self.services.add(
            new_id(self.rng),
            guest.id,
            case.id if case else None,
            visit,
            service,
            guest.house.organization,
            grant,
            day,
            guest.language,
            "in_person",
            1,
            guest.worker,
            moment,
        )
        if case is not None:
            self.event(case, "service_delivered", moment)

    def open_case(self, guest: Guest) -> OpenCase:
        rng, row = self.rng, new_id(self.rng)
        last = min(guest.arrived + timedelta(days=guest.stays_days), self.until)
        left_long_ago = (self.until - last).days > 45
        closed = last + timedelta(days=30) if left_long_ago else None
        reason = rng.choices(("moved_on", "lost", "done", "referred"), (55, 25, 12, 8))[0]
        status = "Active" if closed is None else "Closed"
        if closed is not None and reason == "referred":
            status = "ClosedReferred"
        self.keys.add(*self.sealer.new_key(row), at_desk(rng, guest.arrived))
        self.cases.add(
            row,
            guest.id,
            guest.house.organization,
            guest.team,
            guest.worker,
            row,
            status,
            rng.choices(("unknown", "low", "medium", "high"), (45, 30, 18, 7))[0],
            guest.arrived,
            closed,
            reason if closed else "",
            last,
            1,
        )
        moment = at_desk(rng, guest.arrived)
        self.access.add(
            new_id(rng),
            row,
            guest.worker,
            self.level,
            AccessKind.ASSIGNED.value,
            moment,
            "",
            guest.worker,
        )
        case = OpenCase(row, guest, guest.arrived, last)
        self.event(case, "case_opened", moment)
        return case

    def event(
        self,
        case: OpenCase,
        code: str,
        moment: datetime,
        *,
        actor: UUID | None = None,
        url_name: str = "",
        target: UUID | None = None,
    ) -> None:
        self.events.add(
            new_id(self.rng),
            case.id,
            moment,
            code,
            int(Level.OPERATIONAL),
            actor or case.guest.worker,
            url_name,
            target,
        )

    def income_activity(self, case: OpenCase) -> None:
        """A course or workshop over some weeks, attended on some of its days."""
        rng, row = self.rng, new_id(self.rng)
        start = min(case.opened + timedelta(days=rng.randint(5, 20)), self.until)
        end = start + timedelta(days=rng.randint(20, 60))
        over = end <= self.until
        self.activities.add(
            row,
            case.id,
            rng.choice(("course", "workshop", "kit", "job")),
            self.grant_on(case.guest, start),
            start,
            end if over else None,
            rng.choice(("earning", "completed", "left")) if over else "",
            case.guest.worker,
            at_desk(rng, start),
        )
        self.event(case, "activity_started", at_desk(rng, start))
        days = sorted({start + timedelta(days=7 * week) for week in range(rng.randint(0, 5))})
        for day in days:
            if day <= min(end, self.until):
                self.sessions.add(new_id(rng), row, day, case.guest.worker)

    def grant_on(self, guest: Guest, day: date) -> UUID | None:
        open_grants = [pk for pk, first, last in guest.house.grants if first <= day <= last]
        return self.rng.choice(open_grants) if open_grants and self.rng.random() < 0.8 else None

    def group_kind(self) -> str:
        return self.rng.choices([kind for kind, _ in GROUPS], [share for _, share in GROUPS])[0]


def at_desk(rng: Random, day: date) -> datetime:
    """A moment of that day while the hub is open, never later than now."""
    moment = datetime.combine(day, time(rng.randint(8, 17), rng.randint(0, 59)), UTC)
    return min(moment, datetime.now(UTC))
