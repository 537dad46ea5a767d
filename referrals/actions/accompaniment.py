"""Record that somebody went along; it is counted as a service once."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import Organization, User
from casework.actions import deliver_service, record_case_event
from casework.actions.access import lock_open_case, lock_person, require_may_write
from casework.actions.days import check_day
from casework.actions.events import touch_case
from casework.actions.services import may_deliver_service
from casework.models import Case, CaseEvent, Interpreter, ServiceDelivered
from directory.models import Grant, ServiceType
from referrals.models import Accompaniment, Referral


def may_record_accompaniment(user: User) -> bool:
    return user.has_perm("referrals.record_accompaniment") and may_deliver_service(user)


def counted_as() -> ServiceType | None:
    """The kind of service that going along is counted as; none where the lists have none."""
    wanted = ServiceType.Category.ACCOMPANIMENT
    return ServiceType.objects.filter(category=wanted).order_by("order", "code").first()


@transaction.atomic
def record_accompaniment(
    case: Case,
    *,
    worker: User,
    why: str,
    started_at: datetime,
    minutes: int,
    outcome: str,
    actor: User,
    organization: Organization | None = None,
    place: str = "",
    referral: Referral | None = None,
    interpreter: Interpreter | None = None,
    grant: Grant | None = None,
) -> Accompaniment:
    """Write down who went along, and count it as one service under a grant or under none.

    Raises PermissionDenied, ValidationError.
    """
    if not may_record_accompaniment(actor):
        raise PermissionDenied
    require_may_write(case, actor)
    # In the order in which a service is recorded.
    lock_person(case.person_id)
    case = lock_open_case(case)
    day = timezone.localdate(started_at)
    check_day("started_at", day)
    _check_company(case, worker, referral, interpreter)
    row = Accompaniment(
        case=case,
        referral=referral,
        worker=worker,
        organization=organization,
        place=place,
        why=why,
        started_at=started_at,
        minutes=minutes,
        outcome=outcome,
        interpreter=interpreter,
        recorded_by=actor,
    )
    row.full_clean(exclude=["service"])
    row.service = _count(case, actor, delivered_on=day, grant=grant)
    row.save()
    record(actor, "record_accompaniment", row, case_id=case.pk)
    if row.service is None:
        touch_case(case, day)
        record_case_event(
            case,
            CaseEvent.Code.ACCOMPANIED,
            actor=actor,
            url_name="casework:services",
            object_id=case.pk,
        )
    return row


def _count(case: Case, actor: User, **facts: Any) -> ServiceDelivered | None:
    """The one service that it is; the line on the timeline is the service's own."""
    kind = counted_as()
    if kind is None:
        return None
    return deliver_service(case, service_type=kind, actor=actor, **facts)


def _check_company(
    case: Case, worker: User, referral: Referral | None, interpreter: Interpreter | None
) -> None:
    """Raises ValidationError for somebody of another house, or the referral of another case."""
    house = case.organization_id
    if worker.organization_id != house or not worker.is_active:
        raise ValidationError({"worker": _("Choose somebody who works here.")})
    if referral is not None and referral.case_id != case.pk:
        raise ValidationError({"referral": _("This referral is of another case.")})
    if interpreter is not None and interpreter.organization_id != house:
        raise ValidationError({"interpreter": _("Choose somebody who interprets here.")})
