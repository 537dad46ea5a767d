"""How far formal identification has come for the invented people who were told to the Center."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from accounts.levels import Level
from accounts.models import Organization
from casework.models import CaseEvent
from casework.models.person import YesNo
from config.demo.cases import Cases, OpenCase
from config.demo.writer import Rows
from referrals.identification import PATH, Step, clock_of, due_at, meets
from referrals.models import Identification, ProcedureStep, SuspicionReport

DECIDES = "CZZTLJ"
# So long after the one before, on the main path.
GAPS = (0, 3, 5, 20, 30)
TEXT = "Lives where the work is, and the door is locked at night. Papers are with the employer."


class Procedures:
    """Collects the rows of procedures; nothing of them is left to chance."""

    def __init__(self, cases: Cases) -> None:
        self.cases, self.days = cases, cases.days
        self.attempts, self.steps = Rows(Identification), Rows(ProcedureStep)
        self.reports = Rows(SuspicionReport)
        self.body = Organization.objects.get(code=DECIDES).pk
        self.count = 0

    @property
    def tables(self) -> list[Rows]:
        return [self.attempts, self.steps, self.reports]

    def begin(self, case: OpenCase) -> None:
        """One more attempt, each a step further than the one before; some wait, some are late."""
        self.count += 1
        taken = PATH[: 2 + self.count % 4]
        pk = uuid5(case.id, "procedure")
        moments = self._moments(case, len(taken))
        self.attempts.add(
            id=pk,
            case=case.id,
            data_key=case.id,
            number=1,
            route=_route(case, moments[0]),
            organization=self.body,
            begun_by=case.worker,
            begun_at=moments[0],
            version=len(taken),
        )
        for place, (step, moment) in enumerate(zip(taken, moments, strict=True)):
            self._step(case, pk, step, moment, list(zip(taken, moments, strict=True))[place + 1 :])
        if Step.REPORT in taken:
            self._report(case, pk, moments[taken.index(Step.REPORT)])

    def _moments(self, case: OpenCase, count: int) -> list[datetime]:
        """Ending a few hours before now, or where it stopped a week ago."""
        hours = GAPS[:count]
        last = self.days.now - timedelta(hours=7 if self.count % 3 else 170)
        return [last - timedelta(hours=sum(hours[place + 1 :])) for place in range(count)]

    def _step(
        self,
        case: OpenCase,
        attempt: UUID,
        step: Step,
        moment: datetime,
        later: list[tuple[Step, datetime]],
    ) -> None:
        clock = clock_of(step, "")
        met = [at for one, at in later if clock and meets(one, clock.awaits)]
        self.steps.add(
            id=uuid5(attempt, step),
            identification=attempt,
            data_key=case.id,
            step=step.value,
            at=moment,
            due_at=due_at(clock, moment, None) if clock else None,
            met_at=min(met, default=None),
            recorded_by=case.worker,
            recorded_at=moment,
        )
        link = ("referrals:procedure", attempt)
        code = CaseEvent.Code.PROCEDURE_STEP
        row = uuid5(attempt, f"line of {step}")
        self.cases.event(case, code, moment, level=Level.NARRATIVE, link=link, row=row)

    def _report(self, case: OpenCase, attempt: UUID, moment: datetime) -> None:
        pk = uuid5(attempt, "paper")
        is_child = case.guest.may_be_child(moment.date())
        ground = SuspicionReport.Ground.CHILD if is_child else SuspicionReport.Ground.DANGER
        self.reports.add(
            id=pk,
            identification=attempt,
            data_key=case.id,
            ground=ground,
            receivers=[SuspicionReport.Receiver.BODY.value],
            exploitation=[SuspicionReport.Exploitation.LABOUR.value],
            control=[SuspicionReport.Control.DOCUMENTS.value],
            in_danger=YesNo.UNKNOWN if is_child else YesNo.YES,
            text=self.cases.sealer.seal(SuspicionReport, "text", pk, case.id, TEXT),
            reported_by=case.worker,
            reported_at=moment,
        )


def _route(case: OpenCase, moment: datetime) -> str:
    is_child = case.guest.may_be_child(moment.date())
    return Identification.Route.SOCIAL_WORK if is_child else Identification.Route.CENTER
