"""What is to be done in the invented cases, as it follows from what was decided."""

import json
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from casework.models import Task
from config.demo.cases import Cases, OpenCase
from config.demo.writer import Rows
from screening.actions.proposals import KINDS
from screening.proposals import TASK, proposals_of
from screening.scoring import Definition

# What was due longer ago than this was done in time.
DONE_AFTER = timedelta(days=2)


class Tasks:
    """Collects the rows of tasks; nothing of them is left to chance."""

    def __init__(self, cases: Cases) -> None:
        self.cases, self.days = cases, cases.days
        self.tasks = Rows(Task)

    @property
    def tables(self) -> list[Rows]:
        return [self.tasks]

    def follow(
        self,
        case: OpenCase,
        screening: UUID,
        definition: Definition,
        *,
        profile: str,
        band: str,
        decided: datetime,
    ) -> None:
        """The first step of a result that is a task, taken on when it was decided."""
        steps = [s for s in proposals_of(definition, profile, band) if s.kind == TASK]
        if not steps:
            return
        step, pk = steps[0], uuid5(screening, "task")
        due = decided + timedelta(hours=step.due_in_hours)
        is_done = due < self.days.now - DONE_AFTER
        wording = self.cases.sealer.seal(Task, "wording", pk, case.id, json.dumps(dict(step.text)))
        self.tasks.add(
            id=pk,
            case=case.id,
            data_key=case.id,
            kind=KINDS.get(step.about, Task.Kind.OTHER),
            wording=wording,
            due_at=due,
            assigned_to=case.worker,
            state=Task.State.DONE if is_done else Task.State.OPEN,
            origin=screening,
            added_by=case.worker,
            added_at=decided,
            settled_by=case.worker if is_done else None,
            settled_at=due if is_done else None,
        )
