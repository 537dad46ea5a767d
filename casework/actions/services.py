"""Record what was done for a person."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import Organization, User
from casework.actions.cases import record_case_event, touch_case
from casework.models import Case, CaseEvent, ServiceDelivered
from directory.models import Grant, Language, ServiceType


def may_deliver_service(user: User) -> bool:
    return user.has_perm("casework.deliver_service")


@transaction.atomic
def deliver_service(
    case: Case,
    *,
    service_type: ServiceType,
    actor: User,
    delivered_on: date | None = None,
    organization: Organization | None = None,
    grant: Grant | None = None,
    language: Language | None = None,
    channel: str = ServiceDelivered.Channel.IN_PERSON,
    quantity: int = 1,
) -> ServiceDelivered:
    """Record one service inside a case, under a grant or under none.

    Raises PermissionDenied, ValidationError.
    """
    if not may_deliver_service(actor):
        raise PermissionDenied
    day = delivered_on or timezone.localdate()
    if day > timezone.localdate():
        raise ValidationError({"delivered_on": _("A service is recorded once it was delivered.")})
    if grant is not None and not grant.covers(day):
        raise ValidationError({"grant": _("This grant does not cover that day.")})
    service = ServiceDelivered(
        case=case,
        person=case.person,
        service_type=service_type,
        organization=organization or case.organization,
        grant=grant,
        delivered_on=day,
        language=language,
        channel=channel,
        quantity=quantity,
        recorded_by=actor,
    )
    service.full_clean()
    service.save()
    touch_case(case, day)
    record(actor, "deliver_service", service, case_id=case.pk)
    record_case_event(case, CaseEvent.Code.SERVICE_DELIVERED, actor=actor)
    return service
