"""Keep right what one has to know before going: hours, costs, papers to bring."""

from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from directory.models import Cost, Place, RequiredDocument, Schedule, Service


@transaction.atomic
def add_hours(
    service: Service,
    *,
    weekdays: Sequence[int],
    opens: time,
    closes: time,
    valid_from: date | None = None,
    valid_until: date | None = None,
    place: Place | None = None,
    actor: User,
) -> Service:
    """Say when a service is open. Raises PermissionDenied, or ValidationError by field."""
    actor.require("directory.edit_service")
    if place and place.organization_id != service.organization_id:
        raise ValidationError({"place": _("This place is of another institution.")})
    for weekday in weekdays:
        row = Schedule(
            service=service,
            place=place,
            weekday=int(weekday),
            opens=opens,
            closes=closes,
            valid_from=valid_from,
            valid_until=valid_until,
        )
        row.full_clean()
        row.save()
    record(actor, "add_hours", service)
    return service


@transaction.atomic
def add_cost(
    service: Service,
    *,
    name_en: str,
    name_sr: str = "",
    amount: Decimal | None = None,
    actor: User,
) -> Cost:
    """Say what a service costs. Raises PermissionDenied, or ValidationError by field."""
    actor.require("directory.edit_service")
    row = Cost(service=service, name_en=name_en, name_sr=name_sr, amount=amount)
    row.full_clean()
    row.save()
    record(actor, "add_cost", service)
    return row


@transaction.atomic
def add_document(
    service: Service, *, name_en: str, name_sr: str = "", actor: User
) -> RequiredDocument:
    """Say which paper to bring. Raises PermissionDenied, or ValidationError by field."""
    actor.require("directory.edit_service")
    row = RequiredDocument(service=service, name_en=name_en, name_sr=name_sr)
    row.full_clean()
    row.save()
    record(actor, "add_document", service)
    return row


@transaction.atomic
def remove_detail(detail: Schedule | Cost | RequiredDocument, *, actor: User) -> None:
    """Take a line away that is no longer right. Raises PermissionDenied."""
    actor.require("directory.edit_service")
    record(actor, "remove_detail", detail.service, fields=[detail._meta.model_name or ""])
    detail.delete()
