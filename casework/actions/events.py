"""What stands on the timeline of a case, and the day of the last contact."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.utils import timezone

from accounts.levels import Level
from accounts.models import User
from casework.models import Case, CaseEvent


def record_case_event(
    case: Case,
    code: CaseEvent.Code,
    *,
    actor: User | None,
    level: Level = Level.OPERATIONAL,
    url_name: str = "",
    object_id: UUID | None = None,
) -> CaseEvent:
    """Add one line to the case's timeline, in the transaction of what it tells."""
    return CaseEvent.objects.create(
        case=case, code=code, level=level, actor=actor, url_name=url_name, object_id=object_id
    )


def record_case_events(
    told: Iterable[tuple[Case, UUID]], code: CaseEvent.Code, *, url_name: str
) -> None:
    """The same line of the house's own on the timelines of many cases, each with its object."""
    CaseEvent.objects.bulk_create(
        CaseEvent(case=case, code=code, url_name=url_name, object_id=object_id)
        for case, object_id in told
    )


def touch_case(case: Case, on: date | None = None) -> None:
    """Remember the day of the last contact; an earlier day changes nothing."""
    day = on or timezone.localdate()
    Case.objects.filter(pk=case.pk, last_contact_on__lt=day).update(last_contact_on=day)
