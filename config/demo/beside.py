"""Who went along with the invented people, and what could not be found for them."""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID, uuid5

from accounts.models import Organization
from casework.models import CaseEvent
from config.demo.cases import Cases, OpenCase
from config.demo.writer import Rows
from referrals.models import Accompaniment, UnmetNeed

Reason, Barrier = UnmetNeed.Reason, UnmetNeed.Barrier
# What could not be referred, by turns: need, why not, what stood in the way, who was asked.
NEEDS = (
    ("shelter", Reason.REFUSED, Barrier.MIGRANTS, "CSR"),
    ("psychological_support", Reason.UNAVAILABLE, Barrier.NO_INTERPRETER, ""),
    ("shelter", Reason.REFUSED, Barrier.NO_CAPACITY, "KIRS"),
    ("legal_help", Reason.INELIGIBLE, Barrier.NO_DOCUMENTS, ""),
    ("medical_help", Reason.REFUSED, Barrier.FOREIGNER, ""),
    ("shelter", Reason.DECLINED, "", ""),
)
WAYS = (
    (Accompaniment.Place.HEALTH, Accompaniment.Why.EXAMINATION, 120, Accompaniment.Outcome.DONE),
    (Accompaniment.Place.POLICE, Accompaniment.Why.HEARING, 210, Accompaniment.Outcome.PARTLY),
    (Accompaniment.Place.ASYLUM, Accompaniment.Why.PAPERS, 95, Accompaniment.Outcome.AGAIN),
)
ANSWERED = {"accepted", "started", "delivered"}


class Beside:
    """Collects the rows; nothing of them is left to chance."""

    def __init__(self, cases: Cases) -> None:
        self.cases, self.days = cases, cases.days
        self.company, self.needs = Rows(Accompaniment), Rows(UnmetNeed)
        self.bodies = dict(Organization.objects.values_list("code", "pk"))
        self.ways = self.turn = 0

    @property
    def tables(self) -> list[Rows]:
        return [self.company, self.needs]

    def follow(self, case: OpenCase, referral: str, institution: str) -> None:
        """After an answer somebody went along; without one something could not be found."""
        if referral in ANSWERED:
            self._go_along(case, self.bodies.get(institution))
        elif case.story:
            self._miss(case)

    def _go_along(self, case: OpenCase, institution: UUID | None) -> None:
        place, why, minutes, outcome = WAYS[self.ways % len(WAYS)]
        self.ways += 1
        pk, service = uuid5(case.id, "company"), uuid5(case.id, "company counted")
        moment = self._moment(case)
        self._count(case, service)
        self.company.add(
            id=pk,
            case=case.id,
            worker=case.worker,
            organization=institution if self.ways % 2 else None,
            place="" if self.ways % 2 and institution else place,
            why=why,
            started_at=moment - timedelta(minutes=minutes),
            minutes=minutes,
            outcome=outcome,
            service=service,
            recorded_by=case.worker,
            recorded_at=moment,
        )

    def _moment(self, case: OpenCase) -> datetime:
        """Of the last day, the same one each time it is asked for."""
        chance = Random(case.id.int)  # noqa: S311  # an invented moment is no secret
        return self.days.at_desk(chance, case.guest.last)

    def _count(self, case: OpenCase, pk: UUID) -> None:
        guest, day = case.guest, case.guest.last
        moment = self._moment(case)
        self.cases.visits.services.add(
            id=pk,
            person=guest.id,
            case=case.id,
            service_type="accompaniment",
            organization=guest.desk.organization,
            grant=None,
            delivered_on=day,
            language=guest.language,
            recorded_by=case.worker,
            recorded_at=moment,
        )
        link = ("casework:services", case.id)
        self.cases.event(
            case, CaseEvent.Code.SERVICE_DELIVERED, moment, link=link, row=uuid5(pk, "line")
        )

    def _miss(self, case: OpenCase) -> None:
        need, reason, barrier, asked = NEEDS[self.turn % len(NEEDS)]
        self.turn += 1
        moment = self._moment(case)
        self.needs.add(
            id=uuid5(case.id, "need"),
            organization=case.guest.desk.organization,
            case=case.id,
            need=need,
            reason=reason,
            barrier=barrier,
            refused_by=self.bodies.get(asked),
            day=case.guest.last,
            recorded_by=case.worker,
            recorded_at=moment,
        )
        link = ("referrals:of_case", case.id)
        row = uuid5(case.id, "need line")
        self.cases.event(case, CaseEvent.Code.NEED_UNMET, moment, link=link, row=row)
