"""How the system is used: sign-ins and opened cases by month and role or team; numbers only."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from accounts.models import AuditEvent, Role, User

MONTHS = 6


def first_month(now: datetime) -> datetime:
    """The beginning of the first month that is counted."""
    here = timezone.localtime(now)
    months = here.year * 12 + here.month - 1 - (MONTHS - 1)
    return here.replace(
        year=months // 12, month=months % 12 + 1, day=1, hour=0, minute=0, second=0, microsecond=0
    )


def months_until(now: datetime) -> list[datetime]:
    start = first_month(now)
    found = []
    for step in range(MONTHS):
        months = start.year * 12 + start.month - 1 + step
        found.append(start.replace(year=months // 12, month=months % 12 + 1))
    return found


def usage(user: User, now: datetime) -> dict[str, Any]:
    """{"months", "roles": [(label, [(sign-ins, cases) by month])], "teams": the same}."""
    rows = AuditEvent.objects.filter(
        at__gte=first_month(now),
        actor__organization=user.organization_id,
        result=AuditEvent.Result.OK,
    )
    roles = dict(Role.Code.choices)
    teams = dict(user.organization.teams.values_list("pk", "name"))
    months = months_until(now)
    by_role = _counted(rows.annotate(by=F("actor__role_assignments__role")))
    by_team = _counted(rows.annotate(by=F("actor__teams")))
    return {
        "months": months,
        "roles": _table(by_role, roles, months),
        "teams": _table(by_team, teams, months),
    }


Counts = dict[Any, dict[tuple[int, int], tuple[int, int]]]


def _counted(rows: "QuerySet[AuditEvent]") -> Counts:
    found: Counts = defaultdict(dict)
    counted = (
        rows.filter(Q(verb="sign_in") | Q(verb="view_case"))
        .annotate(month=TruncMonth("at"))
        .order_by()
        .values("by", "month")
        .annotate(
            entries=Count("id", filter=Q(verb="sign_in"), distinct=True),
            cases=Count("case_id", filter=Q(verb="view_case"), distinct=True),
        )
    )
    for row in counted:
        month = row["month"]
        found[row["by"]][month.year, month.month] = (row["entries"], row["cases"])
    return found


def _table(
    counts: Counts, labels: dict[Any, Any], months: list[datetime]
) -> list[tuple[str, list[tuple[int, int]]]]:
    return [
        (str(label), [counts[by].get((month.year, month.month), (0, 0)) for month in months])
        for by, label in labels.items()
        if by in counts
    ]
