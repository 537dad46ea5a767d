"""Referrals of the invented cases: to whom, with which consent, and what was answered when."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from casework.models import CaseEvent, Consent
from config.demo.cases import Cases, OpenCase
from config.demo.house import new_id
from config.demo.screenings import Screenings
from config.demo.writer import Rows
from directory.models import Service
from referrals.actions.moving import EVENTS, MOMENTS
from referrals.clocks import Moments, due_at, first_check
from referrals.models import NUMBERS, Referral, ReferralStep
from referrals.states import WAITING, Side, State, Verb, step_for

FIRST_NUMBER = 20_001
Item, Urgency = Consent.Item, Referral.Urgency
ITEMS = (Item.CODE, Item.AGE_BAND, Item.SEX, Item.LANGUAGE, Item.MESSAGE)
RECEIVER_SAYS = {
    Verb.RECEIVE,
    Verb.NEED_INFORMATION,
    Verb.ACCEPT,
    Verb.DECLINE,
    Verb.START,
    Verb.NO_SHOW,
    Verb.DELIVER,
}
# Whose help is asked for, by what happened: institutions in the order of likelihood.
RECEIVERS = {
    "control": ("CZZTLJ", "CZZTLJ", "ATINA", "ASTRA"),
    "work": ("CZZTLJ", "ATINA", "ASTRA", "APC"),
    "debt": ("CZZTLJ", "APC", "BCHR", "ATINA", "MSF"),
    "unease": ("APC", "INFOPARK", "MSF", "ATINA"),
    "nothing": ("KIRS", "MSF", "CK", "INFOPARK", "BCHR"),
    "alone": ("CSR", "CYI", "UNICEF", "IDEAS"),
}
IDENTIFIER = "CZZTLJ"
MESSAGES = (
    "Afraid to go back to the place of work. Needs a safe place and somebody to talk to.",
    "Wages were kept for months. Would like to know which rights there are.",
    "Asks for the formal procedure. Has agreed to one talk, with our interpreter.",
    "Needs a doctor this week; can come with us on any morning.",
    "Alone since the border. Needs a guardian before anything is signed.",
    "Would like to stay in Serbia. Needs advice on the asylum procedure.",
)


class Receiver(NamedTuple):
    """A service that takes referrals, whom it takes, and who answers there."""

    service: UUID
    organization: UUID
    account: UUID
    sexes: list[str]
    min_age: int
    max_age: int


class Course(NamedTuple):
    """How one referral went: how soon it was wanted, hours since it was sent, and what was said
    so many hours after the sending."""

    urgency: str
    sent_hours_ago: float
    said: tuple[tuple[Verb, float], ...] = ()


RECEIVE, ACCEPT, DECLINE = Verb.RECEIVE, Verb.ACCEPT, Verb.DECLINE
START, DELIVER, CLOSE, RECALL = Verb.START, Verb.DELIVER, Verb.CLOSE, Verb.RECALL
COURSES = {
    "new": Course(Urgency.URGENT, 5),
    "received": Course(Urgency.NORMAL, 29, ((RECEIVE, 4),)),
    "late": Course(Urgency.URGENT, 99),
    "late_received": Course(Urgency.EMERGENCY, 33, ((RECEIVE, 2),)),
    "accepted": Course(Urgency.NORMAL, 150, ((RECEIVE, 3), (ACCEPT, 25))),
    "started": Course(Urgency.URGENT, 320, ((RECEIVE, 2), (ACCEPT, 20), (START, 120))),
    "delivered": Course(
        Urgency.NORMAL, 500, ((RECEIVE, 5), (ACCEPT, 30), (START, 130), (DELIVER, 320))
    ),
    "declined": Course(Urgency.NORMAL, 75, ((RECEIVE, 4), (DECLINE, 27))),
    "asked": Course(Urgency.NORMAL, 30, ((RECEIVE, 3), (Verb.NEED_INFORMATION, 6))),
    "no_show": Course(Urgency.NORMAL, 130, ((RECEIVE, 3), (ACCEPT, 25), (Verb.NO_SHOW, 100))),
}


class Referrals:
    """Collects the rows of referrals and their steps."""

    def __init__(self, cases: Cases, screenings: Screenings) -> None:
        self.cases, self.screenings = cases, screenings
        self.rng, self.days = cases.rng, cases.days
        self.number = FIRST_NUMBER - 1
        self.receivers: dict[str, list[Receiver]] = {}
        taking = Service.objects.filter(is_referable=True).order_by("organization__code", "name_en")
        for service in taking.select_related("organization").prefetch_related(
            "organization__users"
        ):
            self.receivers.setdefault(service.organization.code, []).append(
                Receiver(
                    service.pk,
                    service.organization_id,
                    service.organization.users.all()[0].pk,
                    service.sexes,
                    service.min_age or 0,
                    service.max_age or 200,
                )
            )
        self.referrals, self.steps = Rows(Referral), Rows(ReferralStep)

    @property
    def tables(self) -> list[Rows]:
        return [self.referrals, self.steps]

    def count_on(self) -> None:
        """The next referral that somebody drafts gets the number after the last one of these."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval(%s, %s, true)", [NUMBERS, self.number])

    def refer(self, case: OpenCase) -> None:
        """A referral of any time since the case was opened, answered or not as it happened."""
        rng = self.rng
        sent = self.days.at_desk(rng, rng.choice(case.guest.days))
        urgency = rng.choices((Urgency.NORMAL, Urgency.URGENT, Urgency.EMERGENCY), (75, 20, 5))[0]
        said = [(verb, moment) for verb, moment in self._answers(sent) if moment <= self.days.now]
        self._add(case, self._receiver(case), urgency, sent, said)

    def follow(self, case: OpenCase, course: Course, institution: str = "") -> None:
        """A referral that went just so."""
        sent = self.days.ago(course.sent_hours_ago)
        said = [(verb, sent + timedelta(hours=after)) for verb, after in course.said]
        self._add(case, self._receiver(case, institution), course.urgency, sent, said)

    def draft(self, case: OpenCase) -> None:
        """Begun today and not sent."""
        receiver, row = self._receiver(case), new_id(self.rng)
        moment = self.days.at_desk(self.rng, case.guest.last)
        self._row(case, receiver, row, Urgency.NORMAL, moment, state=State.DRAFT, version=1)
        link = ("referrals:detail", row)
        self.cases.event(case, CaseEvent.Code.REFERRAL_DRAFTED, moment, link=link)

    def _answers(self, sent: datetime) -> list[tuple[Verb, datetime]]:
        """What was said, and when: most answer in days, some decline, some never answer."""
        rng = self.rng
        outcome = rng.choices(("helped", "declined", "silent"), (68, 18, 14))[0]
        if outcome == "silent":
            return [(RECALL, sent + timedelta(days=rng.randint(18, 40)))]
        path = [RECEIVE, ACCEPT, START, DELIVER] if outcome == "helped" else [RECEIVE, DECLINE]
        if rng.random() < 0.7:
            path.append(CLOSE)
        said, moment = [], sent
        for verb in path:
            moment += timedelta(hours=1 + rng.expovariate(1 / 50))
            said.append((verb, moment))
        return said

    def _receiver(self, case: OpenCase, institution: str = "") -> Receiver:
        """Somebody who takes people like this one; else whoever takes everybody."""
        guest = case.guest
        likely = RECEIVERS["alone" if guest.alone else case.story or "nothing"]
        code = institution or self.rng.choice(likely)
        fitting = [
            receiver
            for receiver in self.receivers[code]
            if receiver.min_age <= guest.age <= receiver.max_age
            and (not receiver.sexes or guest.sex in receiver.sexes)
        ]
        return self.rng.choice(fitting or self.receivers[IDENTIFIER])

    def _add(
        self,
        case: OpenCase,
        receiver: Receiver,
        urgency: str,
        sent: datetime,
        said: list[tuple[Verb, datetime]],
    ) -> None:
        row = new_id(self.rng)
        items = (*ITEMS, Item.NAME) if case.is_named else ITEMS
        purpose, to = Consent.Purpose.REFERRAL, receiver.organization
        consent = self.cases.consent(case, purpose, sent, organization=to, items=items)
        steps = [(Verb.SEND, sent), *said]
        state = State.DRAFT
        moments: dict[str, datetime] = {}
        for verb, moment in steps:
            state = self._step(case, row, receiver, verb, state, moment)
            moments |= {name: moment for name in MOMENTS.get(verb, ()) if name not in moments}
        due = due_at(urgency, sent)
        is_late = state in WAITING and due < self.days.now
        self._row(
            case,
            receiver,
            row,
            urgency,
            sent,
            state=state,
            items=[item.value for item in items],
            consent=consent,
            due_at=due,
            decline_reason="no_place" if DECLINE in dict(said) else None,
            sent_by=case.worker,
            overdue_at=due if is_late else None,
            next_check_at=first_check(Moments(state, urgency, steps[-1][1], due)),
            deletion_asked_at=moments["ended_at"] if state == State.RECALLED else None,
            extent=Referral.Extent.FULL if "delivered_at" in moments else "",
            version=len(steps) + 1,
            **moments,
        )
        if is_late:
            link = ("referrals:detail", row)
            self.cases.event(case, CaseEvent.Code.REFERRAL_OVERDUE, due, link=link)
        self._find(case, receiver, dict(said).get(DELIVER))

    def _row(
        self,
        case: OpenCase,
        receiver: Receiver,
        row: UUID,
        urgency: str,
        created: datetime,
        **rest: object,
    ) -> None:
        self.number += 1
        text = self.rng.choice(MESSAGES)
        self.referrals.add(
            id=row,
            number=self.number,
            case=case.id,
            data_key=case.id,
            service=receiver.service,
            organization=receiver.organization,
            urgency=urgency,
            message=self.cases.sealer.seal(Referral, "message", row, case.id, text),
            created_by=case.worker,
            created_at=created,
            **rest,
        )

    def _step(
        self,
        case: OpenCase,
        row: UUID,
        receiver: Receiver,
        verb: Verb,
        source: State,
        moment: datetime,
    ) -> State:
        """One line of the referral's history; returns the state it leads to."""
        side = Side.RECEIVER if verb in RECEIVER_SAYS else Side.SENDER
        step = step_for(source, verb, side)
        if step is None:
            raise ValueError(f"{verb} does not follow {source}")
        actor = receiver.account if side == Side.RECEIVER else case.worker
        self.steps.add(
            id=new_id(self.rng),
            referral=row,
            data_key=case.id,
            verb=verb.value,
            from_state=source.value,
            to_state=step.target.value,
            at=moment,
            side=side.value,
            actor=actor,
            reason=REASONS.get(verb, ""),
        )
        link = ("referrals:detail", row)
        self.cases.event(case, EVENTS[verb], moment, actor=actor, link=link)
        return step.target

    def _find(self, case: OpenCase, receiver: Receiver, delivered: datetime | None) -> None:
        center = self.receivers[IDENTIFIER][0]
        if delivered is not None and receiver.service == center.service:
            self.screenings.find(case, center.organization, delivered.date())


REASONS = {DECLINE: "no_place", RECALL: Referral.RecallReason.NOT_NEEDED.value}
