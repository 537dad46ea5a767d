"""Count visitors without a record of anybody, one number or a whole grid; take the last back."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import Team, User
from casework.actions.days import check_moment
from casework.actions.services import check_grant
from casework.models import Headcount
from directory.models import AgeBand, Grant, Language, ServiceType


class Counted(NamedTuple):
    """So many of one kind, as one cell of the grid says it."""

    quantity: int
    sex: str
    age_band: AgeBand | None = None
    nationality: str = ""
    language: Language | None = None


def may_record_headcount(user: User) -> bool:
    return user.has_perm("casework.record_headcount")


@transaction.atomic
def record_headcount(
    *,
    team: Team,
    lines: Iterable[Counted],
    actor: User,
    at: datetime | None = None,
    services: Iterable[ServiceType] = (),
    told: str = "",
    grant: Grant | None = None,
) -> Headcount:
    """Count visitors in one go, a row for each kind; returns the first of them.

    Raises PermissionDenied (also for another team's desk), ValidationError.
    """
    if not may_record_headcount(actor) or team.pk not in actor.team_ids:
        raise PermissionDenied
    moment = at or timezone.now()
    check_moment(moment)
    check_grant(grant, team.organization_id, timezone.localdate(moment))
    given, batch = list(services), uuid4()
    rows = [
        _counted(line, team=team, at=moment, told=told, grant=grant, batch=batch, recorded_by=actor)
        for line in lines
    ]
    if not rows:
        raise ValidationError(_("Nobody is counted yet. Tap once for each person."))
    for row in rows:
        row.services.set(given)
    record(actor, "record_headcount", rows[0], note=str(len(rows)))
    return rows[0]


def _counted(line: Counted, **facts: Any) -> Headcount:
    row = Headcount(**line._asdict(), **facts)
    row.full_clean()
    row.save()
    return row


def may_undo_headcount(count: Headcount, user: User) -> bool:
    """Whoever counted, for a little while."""
    since = timezone.now() - timedelta(seconds=settings.HEADCOUNT_UNDO_SECONDS)
    return (
        may_record_headcount(user)
        and count.batch is not None
        and count.recorded_by_id == user.pk
        and count.recorded_at >= since
    )


@transaction.atomic
def undo_headcount(count: Headcount, *, actor: User) -> None:
    """Take back all that was counted in one go with this row.

    Raises PermissionDenied for the count of somebody else, ValidationError when it is too late.
    """
    if not may_record_headcount(actor) or count.recorded_by_id != actor.pk:
        raise PermissionDenied
    if not may_undo_headcount(count, actor):
        raise ValidationError(_("This count is too old to be taken back here."))
    rows = Headcount.objects.visible_to(actor).filter(batch=count.batch, recorded_by=actor)
    # Of two presses the second one finds nothing, and nothing is written down.
    held = list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
    if held:
        Headcount.objects.filter(pk__in=held).delete()
        record(actor, "undo_headcount", count, note=str(len(held)))
