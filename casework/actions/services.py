"""Record what was done for a person."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import stale
from accounts.audit import record
from accounts.models import Organization, User
from casework.actions.access import (
    lock_open_case,
    lock_person,
    require_may_write,
    require_may_write_person,
)
from casework.actions.days import check_day
from casework.actions.events import record_case_event, touch_case
from casework.actions.visit_rules import check_visit_rules
from casework.models import Case, CaseEvent, ServiceDelivered
from casework.rules import on_day
from directory.models import Grant, Language, ServiceType

# What a rule of the house looks at.
RULED = {"service_type", "delivered_on", "quantity", "organization"}


def check_grant(grant: Grant | None, organization_id: UUID, day: date) -> None:
    """Raises ValidationError for a grant of somebody else, or one that did not run that day."""
    if grant is not None and not grant.pays(organization_id, day):
        raise ValidationError({"grant": _("This grant does not cover that day.")})


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
    override: str = "",
) -> ServiceDelivered:
    """Record one service inside a case, under a grant or under none.

    `override` says why it was given against a rule of the house.

    Raises PermissionDenied, ValidationError.
    """
    if not may_deliver_service(actor):
        raise PermissionDenied
    require_may_write(case, actor)
    day = delivered_on or timezone.localdate()
    check_day("delivered_on", day)
    check_grant(grant, case.organization_id, day)
    person = lock_person(case.person_id)
    case = lock_open_case(case)
    house = organization or case.organization
    against = house.pk == person.organization_id and check_visit_rules(
        person,
        {service_type: quantity},
        on_day(day),
        actor=actor,
        field="service_type",
        override=override,
    )
    service = ServiceDelivered(
        case=case,
        person=case.person,
        service_type=service_type,
        organization=house,
        grant=grant,
        delivered_on=day,
        language=language,
        channel=channel,
        quantity=quantity,
        override=override if against else "",
        recorded_by=actor,
    )
    service.full_clean()
    service.save()
    touch_case(case, day)
    record(actor, "deliver_service", service, case_id=case.pk)
    record_case_event(
        case,
        CaseEvent.Code.SERVICE_DELIVERED,
        actor=actor,
        url_name="casework:services",
        object_id=case.pk,
    )
    return service


@transaction.atomic
def change_service(
    service: ServiceDelivered, *, version: int, actor: User, **facts: Any
) -> ServiceDelivered:
    """Correct what was recorded; `facts` are fields of ServiceDelivered, never whose it was.

    Raises PermissionDenied, ValidationError (code `stale` when somebody else was first).
    """
    if not may_deliver_service(actor):
        raise PermissionDenied
    _check_hand(service, actor)
    person = lock_person(service.person_id)
    service = ServiceDelivered.objects.select_for_update(of=("self",)).get(pk=service.pk)
    stale(version, service.version)
    override = str(facts.pop("override", "") or service.override)
    for name, value in facts.items():
        setattr(service, name, value)
    check_day("delivered_on", service.delivered_on)
    check_grant(service.grant, service.person.organization_id, service.delivered_on)
    if RULED.intersection(facts) and service.organization_id == person.organization_id:
        against = check_visit_rules(
            person,
            {service.service_type: service.quantity},
            on_day(service.delivered_on),
            actor=actor,
            field="service_type",
            override=override,
            leave_out=[service.pk],
        )
        service.override = override if against else ""
    service.version += 1
    service.full_clean()
    service.save()
    record(actor, "change_service", service, case_id=service.case_id, fields=facts)
    return service


def _check_hand(service: ServiceDelivered, actor: User) -> None:
    """Raises PermissionDenied for who sees the service by emergency access only."""
    if service.case is not None:
        require_may_write(service.case, actor)
    else:
        require_may_write_person(service.person, actor)
