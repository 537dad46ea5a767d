"""Income-generating activities: start, attend, end."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from casework.actions.access import lock_open_case, require_may_write
from casework.actions.days import check_day
from casework.actions.events import record_case_event, touch_case
from casework.actions.services import check_grant
from casework.models import Case, CaseEvent, IncomeActivity, IncomeActivitySession
from directory.models import Grant


def may_record_income_activity(user: User) -> bool:
    return user.has_perm("casework.record_income_activity")


@transaction.atomic
def start_income_activity(
    case: Case, *, kind: str, started_on: date, actor: User, grant: Grant | None = None
) -> IncomeActivity:
    """Raises PermissionDenied, ValidationError."""
    if not may_record_income_activity(actor):
        raise PermissionDenied
    require_may_write(case, actor)
    case = lock_open_case(case)
    check_day("started_on", started_on)
    check_grant(grant, case.organization_id, started_on)
    activity = IncomeActivity(
        case=case, kind=kind, started_on=started_on, grant=grant, recorded_by=actor
    )
    activity.full_clean()
    activity.save()
    record(actor, "start_income_activity", activity, case_id=case.pk)
    _remember(case, CaseEvent.Code.ACTIVITY_STARTED, activity, actor)
    return activity


@transaction.atomic
def attend_income_activity(
    activity: IncomeActivity, *, attended_on: date, actor: User
) -> IncomeActivitySession:
    """Record one day on which the client took part. Raises PermissionDenied, ValidationError."""
    if not may_record_income_activity(actor):
        raise PermissionDenied
    require_may_write(activity.case, actor)
    lock_open_case(activity.case)
    activity = IncomeActivity.objects.select_for_update().get(pk=activity.pk)
    last_day = activity.ended_on or timezone.localdate()
    if not activity.started_on <= attended_on <= last_day:
        raise ValidationError(
            {"attended_on": _("This day lies outside the activity, or in the future.")}
        )
    session = IncomeActivitySession(activity=activity, attended_on=attended_on, recorded_by=actor)
    session.full_clean()
    session.save()
    touch_case(activity.case, attended_on)
    record(actor, "attend_income_activity", session, case_id=activity.case_id)
    _remember(activity.case, CaseEvent.Code.ACTIVITY_ATTENDED, activity, actor)
    return session


@transaction.atomic
def end_income_activity(
    activity: IncomeActivity, *, ended_on: date, outcome: str, actor: User
) -> IncomeActivity:
    """Raises PermissionDenied, ValidationError."""
    if not may_record_income_activity(actor):
        raise PermissionDenied
    require_may_write(activity.case, actor)
    activity = IncomeActivity.objects.select_for_update().get(pk=activity.pk)
    if activity.ended_on is not None:
        raise ValidationError(_("This activity has ended already."))
    check_day("ended_on", ended_on)
    activity.ended_on, activity.outcome = ended_on, outcome
    activity.full_clean()
    activity.save()
    record(actor, "end_income_activity", activity, case_id=activity.case_id)
    _remember(activity.case, CaseEvent.Code.ACTIVITY_ENDED, activity, actor)
    return activity


def _remember(case: Case, code: CaseEvent.Code, activity: IncomeActivity, actor: User) -> None:
    record_case_event(
        case, code, actor=actor, url_name="casework:income_activity", object_id=activity.pk
    )
