"""Cases, and what the house itself records in them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid5

from accounts.levels import Level
from casework.models import (
    Case,
    CaseAccess,
    CaseEvent,
    CaseNote,
    Consent,
    ConsentText,
    IncomeActivity,
    IncomeActivitySession,
    PersonIdentity,
)
from casework.models.access import AccessKind, permission_for
from config.demo.house import new_id
from config.demo.people import FEMALE, Guest
from config.demo.visits import Visits
from config.demo.writer import Rows, Sealer
from vault.models import DataKey

NAMED_SHARE = 0.9
# A case without any contact for so long is closed.
CLOSED_AFTER = timedelta(days=30)
TEXT_VERSION = "2026-11"
# From this age on a child is asked as well; from the other one its own yes is enough.
ASKED_TOO, OWN_YES = 7, 15
RECOVERY = ("recovery_workshop", "life_skills", "language_course")
NOTES = (
    "Slept badly again. Wants to go on with the course all the same.",
    "Called from another number. Said that everything is well and that the room is warm.",
    "Does not want to talk of the time in the workshop yet. We agreed to meet on Tuesday.",
    "Asked what happens to the answers. Explained who reads them, and who never does.",
    "Has found out that wages are owed for four months. Would like to know what can be done.",
    "Came with a cousin today. The cousin waited outside, as agreed.",
    "Wants to hear the decision from us, not by letter.",
)


@dataclass(frozen=True)
class OpenCase:
    """A guest's case: enough for screenings, referrals and services to hang on."""

    id: UUID
    guest: Guest
    story: str
    is_named: bool

    @property
    def opened(self) -> date:
        return self.guest.first

    @property
    def worker(self) -> UUID:
        return self.guest.desk.worker


class Cases:
    """Collects the rows of cases."""

    def __init__(self, visits: Visits, sealer: Sealer) -> None:
        self.rng, self.days, self.visits, self.sealer = visits.rng, visits.days, visits, sealer
        self.level = permission_for(Level.NARRATIVE).pk
        self.keys, self.identities = Rows(DataKey), Rows(PersonIdentity)
        self.cases, self.access, self.events = Rows(Case), Rows(CaseAccess), Rows(CaseEvent)
        self.consents, self.notes = Rows(Consent), Rows(CaseNote)
        english = ConsentText.objects.filter(language="en", version=TEXT_VERSION)
        self.wordings = {(row.organization_id, row.purpose): row.pk for row in english}
        self.activities, self.attended = Rows(IncomeActivity), Rows(IncomeActivitySession)

    @property
    def tables(self) -> list[Rows]:
        return [rows for rows in vars(self).values() if isinstance(rows, Rows)]

    def open_case(
        self, guest: Guest, story: str, risk: str, *, follow_up: bool = False
    ) -> OpenCase:
        """A case from the first visit on, closed when nobody was heard of for a month."""
        rng, row, moment = self.rng, new_id(self.rng), self.days.at_desk(self.rng, guest.first)
        case = OpenCase(row, guest, story, rng.random() < NAMED_SHARE)
        closed = guest.last + CLOSED_AFTER
        is_over = closed <= self.days.until
        status = Case.Status.FOLLOW_UP if follow_up else Case.Status.ACTIVE
        if is_over:
            status, reason = rng.choices(ENDINGS, (55, 25, 12, 8))[0]
        self.keys.add(**self.sealer.new_key(row), created_at=moment)
        self.cases.add(
            id=row,
            person=guest.id,
            organization=guest.desk.organization,
            team=guest.desk.team,
            owner=guest.desk.worker,
            data_key=row,
            status=status,
            risk=risk,
            opened_on=guest.first,
            closed_on=closed if is_over else None,
            closure_reason=reason if is_over else "",
            last_contact_on=guest.last,
        )
        self._assign(case, moment)
        self.event(case, CaseEvent.Code.CASE_OPENED, moment)
        self._begin(case, moment)
        for came in self.visits.come(guest):
            link = ("casework:visit", came.visit)
            self.event(case, CaseEvent.Code.VISIT_RECORDED, came.moment, link=link)
        if is_over:
            ended = self.days.at_desk(rng, closed)
            self.event(case, CaseEvent.Code.CASE_CLOSED, ended)
        return case

    def _assign(self, case: OpenCase, moment: datetime) -> None:
        self.access.add(
            id=new_id(self.rng),
            content_object=case.id,
            user=case.worker,
            permission=self.level,
            kind=AccessKind.ASSIGNED,
            starts_at=moment,
            reason="",
            granted_by=case.worker,
        )

    def _begin(self, case: OpenCase, moment: datetime) -> None:
        """The name, where it was told, and the consent to keep a record."""
        rng, guest = self.rng, case.guest
        if case.is_named:
            parts = guest.origin.parts
            given = rng.choice(parts.female if guest.sex == FEMALE else parts.male)
            row = new_id(rng)
            name = f"{given} {guest.family}"
            sealed = self.sealer.seal(PersonIdentity, "name", row, guest.id, name)
            self.identities.add(id=row, person=guest.id, data_key=guest.id, name=sealed)
            self.event(case, CaseEvent.Code.IDENTITY_RECORDED, moment)
        self.consent(case, Consent.Purpose.RECORD, moment)

    def consent(
        self,
        case: OpenCase,
        purpose: str,
        moment: datetime,
        *,
        organization: UUID | None = None,
        items: tuple[str, ...] = (),
    ) -> UUID:
        """Consent given aloud for a year, for a child by two; returns the id of the first."""
        row = new_id(self.rng)
        shared = {"organization": organization, "items": list(items), "case": case.id}
        givers = _givers(case.guest, moment.date())
        for giver in givers:
            pk = row if giver == givers[0] else uuid5(row, giver)
            self._answer(case.guest, purpose, moment, id=pk, given_by=giver, **shared)
        link = ("casework:consents", case.id)
        self.event(case, CaseEvent.Code.CONSENT_RECORDED, moment, link=link)
        return row

    def tell(self, guest: Guest) -> None:
        """At the desk: every third newcomer agreed that a record is kept, and has no case."""
        if guest.id.int % 3 == 0:
            moment = self.days.at_desk(Random(guest.id.int), guest.first)  # noqa: S311  # no secret chance
            giver = _givers(guest, guest.first)[0]
            row = uuid5(guest.id, "told")
            self._answer(guest, Consent.Purpose.RECORD, moment, id=row, given_by=giver)

    def _wording(self, organization: UUID, purpose: str) -> UUID | None:
        """The house's own, or the draft that came with the product."""
        return self.wordings.get((organization, purpose), self.wordings.get((None, purpose)))

    def _answer(self, guest: Guest, purpose: str, moment: datetime, **facts: Any) -> None:
        day = moment.date()
        known = {"case": None, "organization": None, "items": []} | facts
        self.consents.add(
            **known,
            person=guest.id,
            data_key=known["case"] or guest.id,
            purpose=purpose,
            decision=Consent.Decision.GIVEN,
            channel=Consent.Channel.SPOKEN,
            language=guest.language,
            is_read_back=guest.id.int % 2 == 0,
            text=self._wording(guest.desk.organization, purpose),
            text_version=TEXT_VERSION,
            given_on=day,
            valid_until=day + timedelta(days=365),
            recorded_by=guest.desk.worker,
            recorded_at=moment,
        )

    def event(
        self,
        case: OpenCase,
        code: str,
        moment: datetime,
        *,
        level: Level = Level.OPERATIONAL,
        actor: UUID | None = None,
        link: tuple[str, UUID | None] = ("", None),
        row: UUID | None = None,
    ) -> None:
        """A line of the timeline; `link` is a URL's name and the id it takes.

        `row` is for those who leave nothing to chance.
        """
        self.events.add(
            id=row or new_id(self.rng),
            case=case.id,
            at=moment,
            code=code,
            level=int(level),
            actor=actor or case.worker,
            url_name=link[0],
            object_id=link[1],
        )

    def note(self, case: OpenCase) -> None:
        """Something told on one of the days, sealed with the case's key."""
        rng, row = self.rng, new_id(self.rng)
        moment = self.days.at_desk(rng, rng.choice(case.guest.days))
        text = self.sealer.seal(CaseNote, "text", row, case.id, rng.choice(NOTES))
        self.notes.add(
            id=row,
            case=case.id,
            data_key=case.id,
            text=text,
            written_by=case.worker,
            written_at=moment,
        )
        link = ("casework:notes", case.id)
        self.event(case, CaseEvent.Code.NOTE_ADDED, moment, level=Level.NARRATIVE, link=link)

    def support(self, case: OpenCase) -> None:
        """Services of the case itself, on the days on which the person came."""
        for service in ("accommodation", "counselling", "legal", self.rng.choice(RECOVERY)):
            if self.rng.random() < 0.6:
                self.deliver(case, service, self.rng.choice(case.guest.days))

    def deliver(self, case: OpenCase, service: str, day: date) -> None:
        guest, grant = case.guest, self.visits.grant_on(case.guest, day)
        moment = self.visits.deliver(guest, service, day, grant=grant, case=case.id)
        link = ("casework:services", case.id)
        self.event(case, CaseEvent.Code.SERVICE_DELIVERED, moment, link=link)

    def income_activity(self, case: OpenCase) -> None:
        """A course, a workshop, a kit or a job over some weeks, attended on some of its days."""
        rng, row, kinds = self.rng, new_id(self.rng), IncomeActivity.Kind
        start = min(case.opened + timedelta(days=rng.randint(5, 20)), self.days.until)
        end = start + timedelta(days=rng.randint(20, 60))
        over, moment = end <= self.days.until, self.days.at_desk(rng, start)
        outcome = rng.choice(IncomeActivity.Outcome.values)
        self.activities.add(
            id=row,
            case=case.id,
            kind=rng.choice((kinds.COURSE, kinds.WORKSHOP, kinds.KIT, kinds.JOB)),
            grant=self.visits.grant_on(case.guest, start),
            started_on=start,
            ended_on=end if over else None,
            outcome=outcome if over else "",
            recorded_by=case.worker,
            recorded_at=moment,
        )
        link = ("casework:income_activity", row)
        self.event(case, CaseEvent.Code.ACTIVITY_STARTED, moment, link=link)
        for week in range(rng.randint(1, 5)):
            day = start + timedelta(days=7 * week)
            if day <= min(end, self.days.until):
                self.attended.add(
                    id=new_id(rng), activity=row, attended_on=day, recorded_by=case.worker
                )


ENDINGS = (
    (Case.Status.CLOSED, Case.ClosureReason.MOVED_ON),
    (Case.Status.CLOSED, Case.ClosureReason.LOST),
    (Case.Status.CLOSED, Case.ClosureReason.DONE),
    (Case.Status.CLOSED_REFERRED, Case.ClosureReason.REFERRED),
)


def _givers(guest: Guest, day: date) -> list[str]:
    """Who answered: the person, and for a child whoever answers for it as well."""
    by = Consent.GivenBy
    youngest = day.year - guest.first.year + guest.age - guest.spread - 1
    if youngest >= OWN_YES:
        return [by.OWN]
    beside = by.AUTHORITY if guest.alone else by.GUARDIAN
    return [by.OWN, beside] if guest.age + guest.spread >= ASKED_TOO else [beside]
