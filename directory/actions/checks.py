"""Ask institutions each month whether their entries are still right, and take their answer."""

import secrets
from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import post
from accounts.actions.entrances import token_hash
from accounts.audit import record
from accounts.models import Delivery
from directory.models import EntryCheck, Service, to_ask
from directory.models.check import OPEN_FOR

TOKEN_BYTES = 32


class Said(NamedTuple):
    """What a contact says of one service."""

    is_right: bool
    accepting: str
    places_free: int | None


@transaction.atomic
def ask_due_checks() -> int:
    """Ask one contact of each institution that has an entry due; returns how many were asked."""
    asked = set()
    now = timezone.now()
    for contact in to_ask().select_for_update(of=("self",), skip_locked=True):
        if contact.organization_id in asked:
            continue
        asked.add(contact.organization_id)
        check = EntryCheck(
            organization_id=contact.organization_id, contact=contact, expires_at=now + OPEN_FOR
        )
        check.full_clean()
        check.save()
        post.send(
            Delivery.Channel.MAIL,
            to=contact.email,
            text="entry_check",
            language=contact.language_id or "",
            key=f"entry_check:{check.pk}",
            check=check.pk,
        )
        record(None, "ask_check", check)
    return len(asked)


def begin_check(check: EntryCheck) -> str:
    """Make the secret of the link that is mailed now; an earlier one of this check is dead."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    check.token_hash = token_hash(token)
    check.save(update_fields=["token_hash"])
    return token


def find_check(token: str) -> EntryCheck | None:
    """The open question of a link, its contact still being there."""
    rows = EntryCheck.objects.open().filter(token_hash=token_hash(token), contact__is_active=True)
    return rows.select_related("contact", "organization").first()


@transaction.atomic
def answer_check(token: str, *, said: Mapping[UUID, Said], remark: str = "") -> EntryCheck:
    """Take the answer of a contact: entries that are right are verified as of today.

    An entry that is not right counts as verified by nobody, until an editor has mended it.
    Raises ValidationError, code `over` for a link that opens no more.
    """
    check = find_check(token)
    locked = check and EntryCheck.objects.open().select_for_update().filter(pk=check.pk).first()
    if check is None or locked is None:
        raise ValidationError(_("This link opens nothing any more."), code="over")
    services = Service.objects.filter(organization=check.organization_id, pk__in=said)
    for service in services.select_for_update():
        _take(service, said[service.pk], check)
    locked.answered_at, locked.remark = timezone.now(), remark
    locked.full_clean()
    locked.save()
    record(None, "answer_check", locked)
    return locked


def _take(service: Service, said: Said, check: EntryCheck) -> None:
    service.verified_on = timezone.localdate() if said.is_right else None
    service.verified_by, service.verified_contact = None, check.contact if said.is_right else None
    service.accepting, service.places_free = said.accepting, said.places_free
    service.capacity_at, service.capacity_by = timezone.now(), None
    service.capacity_contact = check.contact
    service.version += 1
    service.full_clean()
    service.save()
