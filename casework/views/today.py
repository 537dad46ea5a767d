"""What waits today: the desk's part of the first page."""

from typing import Any

from django.utils import timezone

from accounts.audit import record_list
from accounts.models import Role, User
from casework.actions.visits import may_record_visit
from casework.daylog import day_log
from casework.models import Case

SHOWN = 10


def today_context(user: User) -> dict[str, Any]:
    """For `casework/_today.html`: contacts due, high risks, today's log; and their audit row.

    A coordinator has no cases of her own: hers are all of the house.
    """
    mine = Case.objects.visible_to(user).open().with_person()
    if not user.has_role(Role.Code.COORDINATOR):
        mine = mine.filter(owner=user)
    due = list(mine.contact_due().order_by("last_contact_on", "pk")[: SHOWN + 1])
    high = list(mine.filter(risk=Case.Risk.HIGH).order_by("last_contact_on", "pk")[:SHOWN])
    record_list(user, "view_today", Case, {case.pk for case in [*due, *high]})
    return {
        "today": timezone.localdate(),
        "due": sorted(due[:SHOWN], key=lambda case: case.contact_due_on),
        "more_due": len(due) > SHOWN,
        "high": high,
        "my_open": mine.count(),
        "log": day_log(user, timezone.localdate()),
        "may_record_visit": may_record_visit(user),
        "may_view_cases": user.has_perm("casework.view_cases"),
    }
