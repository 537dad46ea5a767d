"""What grows out of cases: screenings and decisions, consents and referrals with late answers."""

import json
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from casework.models import Consent, TraffickingStatus
from config.demo.house import new_id
from config.demo.lives import Lives, OpenCase, at_desk
from config.demo.mix import STORIES
from config.demo.writer import Rows
from directory.models import Service
from referrals.clocks import due_at
from referrals.models import Referral, ReferralStep
from screening.answers import AnswerSheet, assess_sheet
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
ITEMS = ["code", "age_band", "sex", "language", "message", "name"]
DECISIONS = {
    "A": "presumed",
    "B": "presumed",
    "C": "at_risk",
    "D": "at_risk",
    "E": "no_indications",
}


class Wings:
    """Collects the rows of screening and referrals for the cases of `lives`."""

    def __init__(self, rng: Random, lives: Lives, partners: dict[UUID, UUID]) -> None:
        self.rng, self.lives = rng, lives
        version = InstrumentVersion.objects.get(instrument__code="thb", valid_until=None)
        self.version, self.definition = version.pk, version.definition
        self.receivers = [
            (service.pk, service.organization_id, partners.get(service.organization_id))
            for service in Service.objects.filter(is_referable=True).select_related("organization")
        ]
        self.answering = [row for row in self.receivers if row[2]]
        self.screenings = Rows(
            Screening,
            "id case_id instrument_version_id data_key_id state profile profile_basis"
            " unaccompanied_or_separated safety limits_explained language_id interpreting answers"
            " band started_by_id started_at saved_at stop_reason completed_by_id completed_at"
            " decision decision_reason decided_by_id decided_at version",
        )
        self.statuses = Rows(
            TraffickingStatus,
            "id case_id status decided_on deciding_body organization_id basis recorded_by_id"
            " recorded_at",
        )
        self.consents = Rows(
            Consent,
            "id case_id purpose organization_id items decision channel language_id text_version"
            " given_on valid_until withdrawn_at recorded_by_id recorded_at",
        )
        self.referrals = Rows(
            Referral,
            "id case_id data_key_id service_id organization_id consent_id urgency state"
            " items message due_at decline_reason_id created_by_id created_at sent_by_id sent_at"
            " received_at answered_at started_at delivered_at ended_at version",
        )
        self.steps = Rows(
            ReferralStep,
            "id referral_id data_key_id verb from_state to_state at actor_id reason",
        )

    @property
    def tables(self) -> list[Rows]:
        return [self.screenings, self.statuses, self.consents, self.referrals, self.steps]

    def screen(self, case: OpenCase) -> str:
        """A finished screening, its decision and the status; returns the story's kind."""
        rng, guest = self.rng, case.guest
        story = rng.choices([kind for kind, _ in STORIES], [share for _, share in STORIES])[0]
        signs, count = SIGNS[story]
        ticked = rng.sample(signs, count)
        profile = "child" if guest.age < 18 else "adult"
        sheet = AnswerSheet(_parts(ticked, acts=bool(ticked)))
        result = assess_sheet(
            self.definition, sheet, profile=profile, unaccompanied_or_separated=guest.alone
        )
        started = at_desk(rng, case.opened)
        ended = min(started + timedelta(minutes=rng.randint(20, 70)), datetime.now(UTC))
        row = new_id(rng)
        answers = self.lives.sealer.seal(
            Screening, "answers", row, case.id, json.dumps(dict(sheet.parts), ensure_ascii=False)
        )
        decided = rng.random() < 0.9
        decision = result.band if rng.random() < 0.93 else "D"
        self.screenings.add(
            row,
            case.id,
            self.version,
            case.id,
            "completed",
            profile,
            "birth_years",
            guest.alone,
            "safe",
            True,
            guest.language,
            "in_person",
            answers,
            result.band,
            guest.worker,
            started,
            ended,
            "",
            guest.worker,
            ended,
            decision if decided else "",
            "answers" if decided else "",
            guest.worker if decided else None,
            ended if decided else None,
            4,
        )
        self.lives.service(
            guest,
            "info_thb_risks",
            ended.date(),
            grant=self.lives.grant_on(guest, ended.date()),
            case=case,
        )
        self.lives.event(case, "screening_completed", ended)
        if decided:
            self._status(case, DECISIONS[decision], ended)
        return story

    def _status(self, case: OpenCase, status: str, moment: datetime) -> None:
        self.statuses.add(
            new_id(self.rng),
            case.id,
            status,
            moment.date(),
            "NGO",
            case.guest.house.organization,
            "screening",
            case.guest.worker,
            moment,
        )
        self.lives.event(case, "status_recorded", moment)

    def refer(self, case: OpenCase) -> None:
        """A referral with its consent; the answer comes in time, late or never."""
        rng, guest = self.rng, case.guest
        pool = self.answering if self.answering and rng.random() < 0.5 else self.receivers
        service, organization, account = rng.choice(pool)
        row, consent = new_id(rng), new_id(rng)
        sent = min(at_desk(rng, case.opened) + timedelta(days=rng.randint(0, 6)), datetime.now(UTC))
        urgency = rng.choices(("normal", "urgent", "emergency"), (75, 20, 5))[0]
        self.consents.add(
            consent,
            case.id,
            "referral",
            organization,
            ITEMS,
            "given",
            "spoken",
            guest.language,
            "2026-11",
            sent.date(),
            sent.date() + timedelta(days=365),
            None,
            guest.worker,
            sent,
        )
        message = self.lives.sealer.seal(
            Referral,
            "message",
            row,
            case.id,
            "Help as agreed with the person; please call us first.",
        )
        moments = self._answers(sent, account)
        state = list(moments)[-1]
        reason = rng.choice(("no_place", "not_eligible", "status")) if state == "declined" else None
        self.referrals.add(
            row,
            case.id,
            case.id,
            service,
            organization,
            consent,
            urgency,
            state,
            ITEMS,
            message,
            due_at(urgency, sent),
            reason,
            guest.worker,
            sent,
            guest.worker,
            sent,
            moments.get("received"),
            moments.get("accepted") or moments.get("declined"),
            moments.get("started"),
            moments.get("delivered"),
            None,
            len(moments),
        )
        self._steps(case, row, moments, account, reason or "")

    def _answers(self, sent: datetime, account: UUID | None) -> dict[str, datetime]:
        """When each state was reached, in their order; whoever has no account never answers."""
        rng, moments = self.rng, {"sent": sent}
        if account is None or rng.random() < 0.25:
            return moments
        after = sent + timedelta(hours=rng.expovariate(1 / 40))
        path = (
            ["received", "declined"]
            if rng.random() < 0.2
            else ["received", "accepted", "started", "delivered"]
        )
        for state in path:
            if after > datetime.now(UTC) or rng.random() < 0.08:
                break
            moments[state] = after
            after += timedelta(hours=rng.expovariate(1 / 60))
        return moments

    def _steps(
        self,
        case: OpenCase,
        row: UUID,
        moments: dict[str, datetime],
        account: UUID | None,
        reason: str,
    ) -> None:
        before = "draft"
        verbs = {
            "sent": "send",
            "received": "receive",
            "accepted": "accept",
            "declined": "decline",
            "started": "start",
            "delivered": "deliver",
        }
        for state, moment in moments.items():
            actor = case.guest.worker if state == "sent" else account
            self.steps.add(
                new_id(self.rng),
                row,
                case.id,
                verbs[state],
                before,
                state,
                moment,
                actor,
                reason if state == "declined" else "",
            )
            self.lives.event(
                case,
                f"referral_{state}",
                moment,
                actor=actor,
                url_name="referrals:detail",
                target=row,
            )
            before = state


def _parts(ticked: list[str], *, acts: bool) -> dict[str, dict[str, object]]:
    """The saved parts of a sheet on which these indicators were answered with yes."""
    parts: dict[str, dict[str, object]] = {}
    for sign in ticked:
        section = SECTION_OF[sign.rsplit("-", 1)[0]]
        answers = parts.setdefault(section, {}).setdefault("indicators", {})
        answers[sign] = "yes"  # type: ignore[index]  # the dict made on the line above
    if acts:
        parts.setdefault("journey", {})["acts"] = ["transportation"]
    return parts
