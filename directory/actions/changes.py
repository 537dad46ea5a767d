"""Changes that need more than one person: agree to, confirm, refuse."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from accounts.outbox import enqueue
from directory.models import Change, Contact


def agree_at_once(target: Contact, facts: Mapping[str, Any], *, actor: User) -> None:
    """Write down what an editor asks for and what a second person has to confirm.

    What waited for the same field is refused: the newest word counts. Raises ValidationError
    by field.
    """
    for name, value in facts.items():
        _check(target, name, value)
        open_ones = target.changes.waiting().filter(field=name)
        now = timezone.now()
        open_ones.update(state=Change.State.REFUSED, decided_by=actor, decided_at=now)
        change = Change(
            organization=target.organization,
            contact=target,
            field=name,
            old=getattr(target, name),
            new=value,
            state=Change.State.AGREED,
            proposed_by=actor,
            decided_by=actor,
            decided_at=now,
        )
        change.full_clean()
        change.save()


@transaction.atomic
def confirm_change(change: Change, *, actor: User) -> Change:
    """Be the second person: from now on the new number or address holds, the old one is told.

    Raises PermissionDenied, or ValidationError for who asked for it or agreed to it, when
    somebody was first, or when the entry is another one meanwhile.
    """
    actor.require("directory.confirm_change")
    change = _waiting(change, Change.State.AGREED)
    change.confirmed_by, change.confirmed_at = actor, timezone.now()
    change.full_clean()
    _make(change, actor)
    return change


@transaction.atomic
def refuse_change(change: Change, *, actor: User) -> Change:
    """Leave the entry as it is. Raises PermissionDenied, or ValidationError when it is decided."""
    actor.require("directory.confirm_change")
    change = _waiting(change, *Change.State)
    change.state = Change.State.REFUSED
    change.decided_by, change.decided_at = actor, timezone.now()
    change.full_clean()
    change.save()
    record(actor, "refuse_change", change, fields=[change.field])
    return change


def _waiting(change: Change, *states: Change.State) -> Change:
    """The change, locked, still in one of these states."""
    locked = Change.objects.select_for_update(of=("self",)).with_target().get(pk=change.pk)
    if not locked.is_waiting or locked.state not in states:
        raise ValidationError(_("Somebody decided this already."), code="answered")
    return locked


def _make(change: Change, actor: User) -> None:
    """Let the new value hold."""
    target = type(change.target)._default_manager.select_for_update().get(pk=change.target.pk)
    if getattr(target, change.field) != change.old:
        raise ValidationError(
            _("The entry is another one meanwhile. Refuse this and ask again."), code="stale"
        )
    setattr(target, change.field, change.new)
    target.version += 1
    if isinstance(target, Contact):
        # The second person found it right.
        target.verified_on, target.verified_by = timezone.localdate(), actor
    target.full_clean()
    target.save()
    change.state = Change.State.MADE
    change.full_clean()
    change.save()
    record(actor, "confirm_change", change, fields=[change.field])
    if change.field in Contact.GUARDED and change.old:
        enqueue("address_changed", key=str(change.pk), change_id=change.pk)


def _check(target: models.Model, name: str, value: Any) -> None:
    """Raises ValidationError by field when the entry could not hold this."""
    tried = type(target)(pk=target.pk, **{name: value})
    try:
        tried.clean_fields(
            exclude=[field.name for field in target._meta.fields if field.name != name]
        )
    except ValidationError as error:
        raise ValidationError({name: error.messages}) from error
