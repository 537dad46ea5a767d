"""Tell those who work a case that a step of its procedure is late."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.audit import record_list
from accounts.levels import Level
from accounts.models import User
from accounts.notices import notify
from casework.models import Case
from casework.people_at_work import holders_of, who_work_on
from referrals.models import Identification, ProcedureStep

BATCH = 200


def remind_of_procedures(at: datetime | None = None) -> int:
    """Tell once of each step that did not come in time; returns how many were new.

    Works in batches, each in its transaction: killed in the middle, the next run goes on.
    """
    moment = at or timezone.now()
    told = 0
    while batch := _remind_batch(moment):
        told += batch
    return told


@transaction.atomic
def _remind_batch(moment: datetime) -> int:
    late = ProcedureStep.objects.overdue(moment).filter(
        told_at=None, identification__case__archived_on=None
    )
    locked = late.select_for_update(of=("self",), skip_locked=True)
    rows = list(locked.select_related("identification__case").order_by("due_at")[:BATCH])
    if not rows:
        return 0
    ids = [row.pk for row in rows]
    ProcedureStep.objects.filter(pk__in=ids).update(told_at=moment)
    for attempt in {row.identification_id: row.identification for row in rows}.values():
        _tell(attempt)
    record_list(None, "remind_of_procedures", ProcedureStep, ids, note=str(len(ids)))
    return len(ids)


def _tell(attempt: Identification) -> None:
    """Neutral words; where nobody works the case any more, its house's coordinators hear it."""
    workers = _readers(attempt.case)
    if workers:
        notify(workers, "procedure_late", url_name="referrals:procedure", object_id=attempt.pk)
        return
    case = attempt.case
    leading = holders_of("casework.assign_case", case.organization_id, case=case)
    notify(leading, "procedure_late", url_name="home")


def _readers(case: Case) -> list[User]:
    workers = who_work_on(case, "referrals.record_identification")
    return [user for user in workers if case.level_for(user) >= Level.NARRATIVE]
