"""Screenings of the invented cases, what was decided on them, and the status that followed."""

import json
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings

from accounts.levels import Level
from casework.models import CaseEvent, TraffickingStatus
from casework.models.visit import Interpreting
from config.demo.cases import Cases, OpenCase
from config.demo.house import new_id
from config.demo.tasks import Tasks
from config.demo.writer import Rows
from screening.answers import YES, AnswerSheet, assess_sheet
from screening.limits import CURRENT
from screening.models import InstrumentVersion, Screening

# Which indicators each kind of story ticks, and how many of them.
SIGNS = {
    "nothing": ((), 0),
    "unease": (("ILO-AVR-06", "ILO-AVR-14", "ILO-AVR-02", "ILO-DR-07"), 2),
    "debt": (("ILO-CR-04", "ILO-DR-07", "ILO-DR-02", "ILO-CR-07", "ILO-AVR-06"), 3),
    "work": (("ILO-EX-01", "ILO-EX-02", "ILO-EX-03", "ILO-EX-05", "ILO-DR-01", "ILO-DR-02"), 4),
    "control": (("ILO-CD-01", "ILO-CD-03", "ILO-CD-05", "ILO-EX-01", "ILO-EX-02", "ILO-DR-01"), 5),
}
SECTION_OF = {
    "ILO-DR": "journey",
    "ILO-CR": "pressure",
    "ILO-AVR": "circumstances",
    "ILO-EX": "work",
    "ILO-CD": "control",
}
Band, Status = Screening.Band, TraffickingStatus.Status
STATUS_OF = {
    Band.A: Status.PRESUMED,
    Band.B: Status.PRESUMED,
    Band.C: Status.AT_RISK,
    Band.D: Status.AT_RISK,
    Band.E: Status.NO_INDICATIONS,
}


# By which route somebody came, by the last figure of the case's key; of three in ten nobody knows.
ROUTES = ("bulgaria", "bulgaria", "bulgaria", "north_macedonia", "north_macedonia", "kosovo", "air")


class Screenings:
    """Collects the rows of screenings and statuses."""

    def __init__(self, cases: Cases) -> None:
        self.cases, self.rng, self.days = cases, cases.rng, cases.days
        version = InstrumentVersion.objects.get(instrument__code="thb", valid_until=None)
        self.version, self.definition = version.pk, version.definition
        self.screenings, self.statuses = Rows(Screening), Rows(TraffickingStatus)
        self.tasks = Tasks(cases)

    @property
    def tables(self) -> list[Rows]:
        return [self.screenings, self.statuses, *self.tasks.tables]

    def screen(self, case: OpenCase, *, decided: bool = True) -> None:
        """A finished screening; decided on the day of the first visit, or not yet, on the last."""
        guest, day = case.guest, case.opened if decided else case.guest.last
        sheet = self._sheet(case)
        started = self.days.at_desk(self.rng, day)
        ended = min(started + timedelta(minutes=self.rng.randint(20, 70)), self.days.now)
        result = assess_sheet(
            self.definition,
            sheet,
            profile=self._profile(case, day),
            unaccompanied_or_separated=guest.alone,
        )
        band = Band(result.band)
        decision = (Band.D if self.rng.random() < 0.05 else band) if decided else None
        row = self._add(
            case,
            sheet,
            started,
            ended,
            state=Screening.State.COMPLETED,
            band=band,
            completed_by=case.worker,
            completed_at=ended,
            decision=decision or "",
            decision_reason=Screening.DecisionReason.ANSWERS if decided else "",
            decided_by=case.worker if decided else None,
            decided_at=ended if decided else None,
            ask_again_on=_again(decision, day),
        )
        self._event(case, CaseEvent.Code.SCREENING_COMPLETED, row, ended)
        self.cases.deliver(case, "info_thb_risks", day)
        if decision:
            self._event(case, CaseEvent.Code.SCREENING_DECIDED, row, ended)
            self._presume(case, STATUS_OF[decision], ended)
            self.tasks.follow(
                case,
                row,
                self.definition,
                profile=self._profile(case, day),
                band=band,
                decided=ended,
            )

    def leave_open(self, case: OpenCase, *, stopped: bool) -> None:
        """A talk that was begun on the last visit: to be gone on with, or stopped."""
        started = self.days.at_desk(self.rng, case.guest.last)
        saved = min(started + timedelta(minutes=15), self.days.now)
        sheet = AnswerSheet(dict(list(self._sheet(case).parts.items())[:1]))
        reason = Screening.StopReason.DISTRESS if stopped else ""
        state = Screening.State.STOPPED if stopped else Screening.State.DRAFT
        row = self._add(case, sheet, started, saved, state=state, stop_reason=reason)
        if stopped:
            self._event(case, CaseEvent.Code.SCREENING_STOPPED, row, saved)

    def find(self, case: OpenCase, body: UUID, on: date) -> None:
        """The deciding body's own finding after a formal identification."""
        found = (Status.IDENTIFIED, Status.IDENTIFIED, Status.NOT_CONFIRMED)
        self._record(
            case,
            self.rng.choice(found),
            self.days.at_desk(self.rng, on),
            deciding_body=TraffickingStatus.DecidingBody.GOVERNMENT,
            organization=body,
            basis=TraffickingStatus.Basis.FINDING,
        )

    def _sheet(self, case: OpenCase) -> AnswerSheet:
        signs, count = SIGNS[case.story]
        ticked = self.rng.sample(signs, count)
        parts: dict[str, dict[str, object]] = {"journey": {"acts": ["transportation"]}}
        for section in sorted({_section(sign) for sign in ticked}):
            marks = {sign: YES for sign in ticked if _section(sign) == section}
            parts[section] = {**parts.get(section, {}), "indicators": marks}
        return AnswerSheet(parts if ticked else {})

    def _profile(self, case: OpenCase, day: date) -> str:
        is_child = case.guest.may_be_child(day)
        return Screening.Profile.CHILD if is_child else Screening.Profile.ADULT

    def _add(
        self,
        case: OpenCase,
        sheet: AnswerSheet,
        started: datetime,
        saved: datetime,
        **rest: object,
    ) -> UUID:
        row = new_id(self.rng)
        told = json.dumps(dict(sheet.parts), ensure_ascii=False)
        self.screenings.add(
            id=row,
            case=case.id,
            instrument_version=self.version,
            data_key=case.id,
            profile=self._profile(case, started.date()),
            profile_basis=Screening.ProfileBasis.BIRTH_YEARS,
            unaccompanied_or_separated=case.guest.alone,
            safety=Screening.Safety.SAFE,
            limits_said_by=case.worker,
            limits_said_at=started,
            limits_text=CURRENT[self._profile(case, started.date())],
            language=case.guest.language,
            route=dict(enumerate(ROUTES)).get(case.id.int % 10),
            interpreting=Interpreting.IN_PERSON,
            answers=self.cases.sealer.seal(Screening, "answers", row, case.id, told),
            started_by=case.worker,
            started_at=started,
            saved_at=saved,
            version=len(sheet.parts) + 1,
            **rest,
        )
        self._event(case, CaseEvent.Code.SCREENING_STARTED, row, started)
        return row

    def _event(self, case: OpenCase, code: str, row: UUID, moment: datetime) -> None:
        link = ("screening:screening", row)
        self.cases.event(case, code, moment, level=Level.NARRATIVE, link=link)

    def _presume(self, case: OpenCase, status: str, moment: datetime) -> None:
        self._record(
            case,
            status,
            moment,
            deciding_body=TraffickingStatus.DecidingBody.NGO,
            organization=case.guest.desk.organization,
            basis=TraffickingStatus.Basis.SCREENING,
        )

    def _record(self, case: OpenCase, status: str, moment: datetime, **by: object) -> None:
        self.statuses.add(
            id=new_id(self.rng),
            case=case.id,
            status=status,
            decided_on=moment.date(),
            recorded_by=case.worker,
            recorded_at=moment,
            **by,
        )
        link = ("casework:statuses", case.id)
        self.cases.event(case, CaseEvent.Code.STATUS_RECORDED, moment, link=link)


def _again(decision: str | None, day: date) -> date | None:
    """The day for a new talk, as it is proposed with a decision."""
    days = settings.ASK_AGAIN_DAYS.get(decision or "")
    return day + timedelta(days=days) if days else None


def _section(sign: str) -> str:
    return SECTION_OF[sign.rsplit("-", 1)[0]]
