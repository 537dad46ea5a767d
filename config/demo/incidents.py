"""What happened to some of the invented people: coded facts, one of them within the last hours."""

import json
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.levels import Level
from casework.models import CaseEvent
from config.demo.cases import Cases, OpenCase
from config.demo.house import new_id
from config.demo.writer import Rows
from screening.models import Incident

Stage, Place = Incident.Stage, Incident.Place
NOT_SEXUAL = {"rape": "no", "sexual_assault": "no"}
# What is known, where it was, and how long ago, by kind of story.
HAPPENED: dict[str, tuple[dict[str, Any], str, str, int]] = {
    "control": (
        {"asked": {"rape": "yes"}, "relation": "trafficker", "goods": "yes", "abduction": "held"},
        Stage.ROUTE,
        Place.HOME,
        40,
    ),
    "work": (
        {
            "asked": {**NOT_SEXUAL, "physical_assault": "no", "forced_marriage": "no"}
            | {"denial_resources": "yes"},
            "relation": "employer",
        },
        Stage.HERE,
        Place.WORK,
        25,
    ),
    "debt": (
        {"asked": {**NOT_SEXUAL, "physical_assault": "yes"}, "relation": "smuggler"},
        Stage.BORDER,
        Place.NATURE,
        60,
    ),
}
SHARE = 0.6
# Of so many incidents one was done by somebody who gives aid.
ONE_OF = 12


class Incidents:
    """Collects the rows of incidents; draws by a number of its own, so that lives stay the same."""

    def __init__(self, cases: Cases) -> None:
        self.cases, self.days = cases, cases.days
        self.incidents = Rows(Incident)
        self.count = 0

    @property
    def tables(self) -> list[Rows]:
        return [self.incidents]

    def tell(self, case: OpenCase) -> None:
        """What somebody told who was hurt; most tell it on the first visit."""
        rng = Random(case.id.int)  # noqa: S311  # no secret chance
        if case.story not in HAPPENED or rng.random() > SHARE:
            return
        facts, stage, place, before = HAPPENED[case.story]
        recorded = self.days.at_desk(rng, case.opened)
        day = recorded.date() - timedelta(days=rng.randint(before // 2, before))
        self._add(rng, case, facts, recorded, day, None, stage=stage, place=place)

    def tell_today(self, case: OpenCase) -> None:
        """Somebody told this morning of the night before last: care cannot wait."""
        rng = Random(case.id.int)  # noqa: S311  # no secret chance
        night = timezone.localtime(self.days.ago(34))
        facts = {"asked": {"rape": "yes"}, "relation": "unknown", "age": "adult"}
        where = {"stage": Stage.HERE, "place": Place.STREET}
        recorded = self.days.ago(3)
        self._add(rng, case, facts, recorded, night.date(), night.hour, **where)

    def _add(
        self,
        rng: Random,
        case: OpenCase,
        facts: dict[str, Any],
        recorded: datetime,
        day: date,
        hour: int | None,
        **where: str,
    ) -> None:
        self.count += 1
        is_conduct = self.count % ONE_OF == 0
        told = {**facts, "relation": "service_provider"} if is_conduct else facts
        row = new_id(rng)
        self.incidents.add(
            id=row,
            case=case.id,
            organization=case.guest.desk.organization,
            data_key=case.id,
            first_on=day,
            first_hour=hour,
            facts=self.cases.sealer.seal(Incident, "facts", row, case.id, json.dumps(told)),
            recorded_by=case.worker,
            recorded_at=recorded,
            conduct_by=case.worker if is_conduct else None,
            **where,
        )
        if not is_conduct:
            self._event(rng, case, row, recorded)

    def _event(self, rng: Random, case: OpenCase, row: UUID, at: datetime) -> None:
        self.cases.events.add(
            id=new_id(rng),
            case=case.id,
            at=at,
            code=CaseEvent.Code.INCIDENT_RECORDED,
            level=int(Level.NARRATIVE),
            actor=case.worker,
            url_name="screening:incident",
            object_id=row,
        )
