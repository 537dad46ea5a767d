"""Ask for an export, or register one that is handed out at once."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts import lock
from accounts.audit import record
from accounts.limits import allowed
from accounts.models import Organization, User
from accounts.notices import notify
from accounts.outbox import enqueue
from exports.locks import is_age_key
from exports.models import Export
from exports.rules import RULES, rule_of
from vault.models import DataKey

Codes = Mapping[str, str | list[str]]


def event_of(kind: str) -> str:
    """The event that the app answers which knows how to make this kind."""
    return f"{kind}_export_requested"


def may_have(export: Export, user: User) -> bool:
    """Whether a user may ask for, agree to get and fetch this, now."""
    rule = rule_of(export)
    if not user.has_perm(rule.permission) or lock.is_on():
        return False
    return not rule.still_allowed or bool(import_string(rule.still_allowed)(export, user))


@transaction.atomic
def request_export(
    *,
    kind: Export.Kind,
    purpose: str,
    format: str,
    actor: User,
    object_id: UUID | None = None,
    case_id: UUID | None = None,
    filters: Codes | None = None,
    recipient: Organization | None = None,
    recipient_key: str = "",
    wants_agreement: bool = False,
) -> Export:
    """Ask for a file that is made by a job and fetched once.

    Where a second person has to agree, or is wanted, it waits for her. Raises PermissionDenied,
    ValidationError.
    """
    rule = RULES[kind]
    export = Export(
        kind=kind,
        organization=actor.organization,
        object_id=object_id,
        case_id=case_id,
        filters=dict(filters or {}),
        purpose=purpose,
        recipient=recipient,
        recipient_key=recipient_key,
        label=rule.label,
        format=format,
        state=Export.State.REQUESTED,
        requested_by=actor,
    )
    if rule.needs_agreement or wants_agreement:
        export.state = Export.State.WAITING
    if not may_have(export, actor):
        raise PermissionDenied
    _check_form(export)
    if not allowed("export", str(actor.pk)):
        raise ValidationError(_("You have asked for five files in a day. Go on tomorrow."))
    key = DataKey.make(export.pk)
    key.save()
    export.data_key = key
    export.full_clean()
    export.save()
    record(actor, "request_export", export, case_id=case_id, note=kind)
    if export.is_waiting:
        notify(deciders(export), "export_waiting", url_name="exports:export", object_id=export.pk)
    else:
        promise(export)
    return export


def _check_form(export: Export) -> None:
    if export.format not in rule_of(export).formats:
        raise ValidationError({"format": _("This is not handed out in that form.")})
    wants_key = export.format == Export.Format.AGE
    if wants_key and not is_age_key(export.recipient_key):
        raise ValidationError({"recipient_key": _("This is no public key of age (age1…).")})
    if not wants_key:
        export.recipient_key = ""


def promise(export: Export) -> None:
    """Have the file made."""
    enqueue(event_of(export.kind), key=str(export.pk), export_id=export.pk)


def deciders(export: Export) -> list[User]:
    """Who may agree to it."""
    everybody = User.objects.filter(organization=export.organization_id, is_active=True)
    return [
        user
        for user in everybody.exclude(pk=export.requested_by_id)
        if user.has_perm("exports.approve_export")
        and Export.objects.waiting_for(user).filter(pk=export.pk).exists()
    ]


@transaction.atomic
def register(
    kind: Export.Kind,
    write: Callable[[Export], bytes],
    *,
    purpose: str,
    format: str,
    actor: User,
    columns: Iterable[str],
    rows: int,
    label: Export.Label | None = None,
    object_id: UUID | None = None,
    filters: Codes | None = None,
    recipient: Organization | None = None,
    organization: Organization | None = None,
) -> bytes:
    """Write a line for counts that are handed out at once, and return their file.

    `write` gets the unsaved line, so that its number can stand in the file. The line belongs to
    the register of `organization`, else of the actor's own. Raises PermissionDenied.
    """
    export = Export(
        kind=kind,
        organization=organization or actor.organization,
        object_id=object_id,
        filters=dict(filters or {}),
        columns=list(columns),
        rows=rows,
        purpose=purpose,
        recipient=recipient,
        label=label or RULES[kind].label,
        format=format,
        state=Export.State.HANDED_OUT,
        requested_by=actor,
        made_at=timezone.now(),
        downloaded_at=timezone.now(),
    )
    if not may_have(export, actor):
        raise PermissionDenied
    content = write(export)
    export.sha256 = made_of(content)
    export.full_clean()
    export.save()
    record(actor, "hand_out_export", export, fields=export.columns, note=kind)
    return content


def made_of(content: bytes) -> str:
    """The hash that stands in the register."""
    return hashlib.sha256(content).hexdigest()
