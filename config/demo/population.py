"""Everybody together: the desks one can sign in to, today's visitors, and two years of others."""

from random import Random

from accounts.models import User
from config.demo.beside import Beside
from config.demo.cases import Cases, OpenCase
from config.demo.days import Calendar
from config.demo.house import Desk, House
from config.demo.incidents import Incidents
from config.demo.mix import HURT, STORIES
from config.demo.people import Guest, People
from config.demo.procedures import DECIDES, Procedures
from config.demo.referrals import COURSES, Referrals
from config.demo.screenings import Screenings
from config.demo.situations import (
    CASELOADS,
    SITUATIONS,
    Situation,
    caseload,
    days_since_contact,
    risk_of,
)
from config.demo.visits import Visits
from config.demo.writer import Rows, Sealer

HOUSE_B_SHARE = 0.08
FIELD_SHARE = 0.04
SCREENED_SHARE = 0.62
# Below this age nobody is asked, and hardly anybody has a case of her own.
ASKED_FROM = 12
# Groups that come on the last day, to the first desks of the house.
TODAY = 9


class Population:
    """Lives until there are so many cases."""

    def __init__(
        self, rng: Random, houses: dict[str, House], sealer: Sealer, days: Calendar
    ) -> None:
        self.rng, self.houses, self.days = rng, houses, days
        self.people = People(rng, sealer, days)
        self.visits = Visits(rng, houses, days)
        self.cases = Cases(self.visits, sealer)
        self.screenings = Screenings(self.cases)
        self.incidents = Incidents(self.cases)
        self.referrals = Referrals(self.cases, self.screenings)
        self.procedures, self.beside = Procedures(self.cases), Beside(self.cases)
        self.opened = 0

    @property
    def tables(self) -> list[Rows]:
        parts = (self.people, self.visits, self.cases, self.screenings, self.referrals)
        return [rows for part in (*parts, self.incidents, *self._late) for rows in part.tables]

    @property
    def _late(self) -> tuple[Procedures, Beside]:
        return self.procedures, self.beside

    def live(self, cases: int) -> None:
        for login, first, count in CASELOADS:
            desk = self._desk_of(login)
            for situation in caseload(first, count, cases):
                self._stand(desk, situation)
        for number in range(TODAY):
            self._visit_today(self.houses["HUB-A"].desks[number % 3])
        while self.opened < cases:
            self._arrive(cases)
        self.referrals.count_on()

    def _desk_of(self, login: str) -> Desk:
        worker = User.objects.get(username=login).pk
        desks = [desk for house in self.houses.values() for desk in house.desks]
        return next(desk for desk in desks if desk.worker == worker)

    # As it stands on the last day

    def _stand(self, desk: Desk, situation: Situation) -> None:
        """A group of whom the first has a case that stands just so."""
        rng, story = self.rng, situation.story
        risk = risk_of(rng, story, alone=situation.group in {"boy_alone", "girl_alone"})
        ago = days_since_contact(risk, situation.late)
        days = self.people.stay_until(self.days.day(ago), situation.weeks)
        first, *others = self.people.arrive(desk, situation.group, days)
        for other in others:
            self.visits.come(other)
        case = self._open(first, story, risk, follow_up=situation.follow_up)
        self._screen_as(case, situation.screening)
        if situation.referral == "draft":
            self.referrals.draft(case)
        elif situation.referral:
            self.referrals.follow(case, COURSES[situation.referral], situation.institution)
        if story in HURT:
            self.cases.support(case)
        if situation.institution == DECIDES:
            self.procedures.begin(case)
        self.beside.follow(case, situation.referral, situation.institution)
        if situation == SITUATIONS[0]:
            self.incidents.tell_today(case)
        else:
            self.incidents.tell(case)
        for _ in range(rng.randint(0, 3)):
            self.cases.note(case)

    def _screen_as(self, case: OpenCase, screening: str) -> None:
        if screening in {"decided", "undecided"}:
            self.screenings.screen(case, decided=screening == "decided")
        elif screening:
            self.screenings.leave_open(case, stopped=screening == "stopped")

    def _visit_today(self, desk: Desk) -> None:
        for guest in self.people.arrive(desk, self.people.group_kind(), (self.days.until,)):
            self.visits.come(guest)
            self.cases.tell(guest)

    # As it came

    def _arrive(self, cases: int) -> None:
        kind, desk = self.people.group_kind(), self._some_desk()
        for guest in self.people.arrive(desk, kind, self.people.stay()):
            if self._gets_case(guest) and self.opened < cases:
                self._live(guest)
            else:
                self.visits.come(guest)
                self.cases.tell(guest)

    def _some_desk(self) -> Desk:
        chance, field = self.rng.random(), self.houses["HUB-A"].field_desk
        if field is not None and chance < FIELD_SHARE:
            return field
        house = self.houses["HUB-B" if chance > 1 - HOUSE_B_SHARE else "HUB-A"]
        return self.rng.choice(house.desks)

    def _gets_case(self, guest: Guest) -> bool:
        """Not those who were met in the field; of small children, hardly any."""
        if guest.desk == self.houses["HUB-A"].field_desk:
            return False
        return self.rng.random() < (0.75 if guest.age >= ASKED_FROM else 0.08)

    def _open(self, guest: Guest, story: str, risk: str, *, follow_up: bool = False) -> OpenCase:
        self.opened += 1
        return self.cases.open_case(guest, story, risk, follow_up=follow_up)

    def _live(self, guest: Guest) -> None:
        """What a case leads to: most are screened, some referred, a few find work again."""
        rng = self.rng
        asked = guest.age >= ASKED_FROM and rng.random() < SCREENED_SHARE
        kinds, shares = [kind for kind, _ in STORIES], [share for _, share in STORIES]
        story = rng.choices(kinds, shares)[0] if asked else ""
        case = self._open(guest, story, risk_of(rng, story, alone=guest.alone))
        if asked:
            waiting = (self.days.until - guest.last).days < 6 and rng.random() < 0.4
            self.screenings.screen(case, decided=not waiting)
        self.incidents.tell(case)
        hurt = story in HURT
        if rng.random() < (0.75 if hurt else 0.2):
            self.referrals.refer(case)
        if hurt:
            self.cases.support(case)
            if rng.random() < 0.3:
                self.cases.income_activity(case)
