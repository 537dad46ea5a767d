"""Changes that need more than one person: propose, agree to, confirm, refuse."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import post
from accounts.actions import stale
from accounts.audit import record
from accounts.models import Delivery, User
from directory.models import Change, Contact, Place, Service
from directory.models.change import Target


def plain(value: Any) -> Any:
    """A value as a change keeps it: a row of another table by its key, several in order."""
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, str | bytes) or not isinstance(value, Iterable):
        return value
    return sorted(plain(part) for part in value)


def as_it_is(target: Target, name: str) -> Any:
    """What an entry says in a field, as a change keeps it."""
    value = getattr(target, name)
    return plain(value.all() if target._meta.get_field(name).many_to_many else value)


def agree_at_once(target: Contact | Service, facts: Mapping[str, Any], *, actor: User) -> None:
    """Write down what an editor asks for and what a second person has to confirm.

    What waited for the same field is refused: the newest word counts. Raises ValidationError
    by field.
    """
    now = timezone.now()
    for name, value in facts.items():
        _check(target, name, value)
        waiting = Change.objects.of(target).waiting().filter(field=name)
        waiting.update(state=Change.State.REFUSED, decided_by=actor, decided_at=now)
        change = _written(target, name, value)
        change.state = Change.State.AGREED
        change.proposed_by = change.decided_by = actor
        change.decided_at = now
        change.full_clean()
        change.save()


@transaction.atomic
def propose_change(
    target: Target, *, version: int | None = None, actor: User, **facts: Any
) -> Target:
    """Ask for changes of an entry of the own institution; an editor decides field by field.

    What this institution asked for before in the same field gives way. Raises PermissionDenied,
    ValidationError by field, where an editor's change waits, or one of code `stale`.
    """
    actor.require("directory.propose_change")
    if target.organization_id != actor.organization_id:
        raise PermissionDenied
    target = _locked(target)
    if version is not None:
        stale(version, target.version)
    asked_for = []
    for name, value in facts.items():
        if plain(value) == as_it_is(target, name):
            continue
        _check(target, name, value)
        asked = Change.objects.of(target).filter(field=name, state=Change.State.PROPOSED)
        asked.update(state=Change.State.REFUSED, decided_by=actor, decided_at=timezone.now())
        change = _written(target, name, value)
        change.proposed_by = actor
        change.full_clean()
        change.save()
        asked_for.append(name)
    record(actor, "propose_change", target, fields=asked_for)
    return target


def _written(target: Target, name: str, value: Any) -> Change:
    """A change of one field, of which nobody has said yet who asked for it."""
    return Change(
        **{target._meta.model_name or "": target},
        organization=target.organization,
        field=name,
        old=as_it_is(target, name),
        new=plain(value),
        version=target.version,
    )


@transaction.atomic
def agree_to_change(change: Change, *, actor: User) -> Change:
    """Let what an institution asked for hold; a number or address waits for a second person.

    Raises PermissionDenied, or ValidationError when somebody was first, when it does not fit, or
    when the entry is another one meanwhile.
    """
    actor.require("directory.review_change")
    change = _waiting(change, Change.State.PROPOSED)
    if change.proposed_by_id == actor.pk:
        raise ValidationError(_("You asked for this yourself."))
    change.decided_by, change.decided_at = actor, timezone.now()
    if change.is_guarded:
        change.state = Change.State.AGREED
        change.full_clean()
        change.save()
    else:
        _make(change, actor)
    record(actor, "agree_to_change", change, fields=[change.field])
    return change


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
    _tell_old(change)
    record(actor, "confirm_change", change, fields=[change.field])
    return change


@transaction.atomic
def refuse_change(change: Change, *, actor: User) -> Change:
    """Leave the entry as it is. Raises PermissionDenied, or ValidationError when it is decided."""
    if not may_refuse(actor, change):
        raise PermissionDenied
    change = _waiting(change, *Change.State)
    change.state = Change.State.REFUSED
    change.decided_by, change.decided_at = actor, timezone.now()
    change.full_clean()
    change.save()
    record(actor, "refuse_change", change, fields=[change.field])
    return change


def may_refuse(user: User, change: Change) -> bool:
    """An editor what was proposed, the second person what waits for her."""
    if change.waits_for_second:
        return user.has_perm("directory.confirm_change")
    return user.has_perm("directory.review_change")


def _tell_old(change: Change) -> None:
    """Tell the old address that it is no longer the one, so that nobody takes it over unseen.

    Of a new number the contact's mail address is told; links that were sent stay what they are.
    """
    contact = change.contact
    if contact is None or not change.old:
        return
    channel, to = Delivery.Channel.MAIL, contact.email
    if not to or change.field == "email":
        to = change.old
        channel = Delivery.Channel.MAIL if change.field == "email" else Delivery.Channel.SMS
    if post.is_address(channel, to):
        language = contact.language_id or ""
        key = f"contact_changed:{change.pk}"
        post.send(channel, to=to, text="contact_changed", language=language, key=key)


def _waiting(change: Change, *states: Change.State) -> Change:
    """The change, locked, still in one of these states."""
    locked = Change.objects.select_for_update(of=("self",)).with_target().get(pk=change.pk)
    if not locked.is_waiting or locked.state not in states:
        raise ValidationError(_("Somebody decided this already."), code="answered")
    return locked


def _locked(target: Target) -> Target:
    found: Target = type(target)._default_manager.select_for_update(of=("self",)).get(pk=target.pk)
    return found


def _make(change: Change, actor: User) -> None:
    """Let the new value hold."""
    target = _locked(change.target)
    if as_it_is(target, change.field) != change.old:
        raise ValidationError(
            _("The entry is another one meanwhile. Refuse this and ask again."), code="stale"
        )
    field = target._meta.get_field(change.field)
    if not field.many_to_many:
        setattr(target, getattr(field, "attname", change.field), change.new)
    target.version += 1
    _note_who(target, change, actor)
    target.full_clean()
    target.save()
    if field.many_to_many:
        getattr(target, change.field).set(change.new)
    change.state = Change.State.MADE
    change.full_clean()
    change.save()


def _note_who(target: Target, change: Change, actor: User) -> None:
    """Who answers for the entry from now on."""
    if isinstance(target, Place):
        target.edited_by = actor
    if isinstance(target, Contact) and change.is_guarded:
        # The second person found it right.
        target.verified_on, target.verified_by = timezone.localdate(), actor
    if isinstance(target, Service):
        target.edited_at = timezone.now()
        if change.is_guarded:
            status = Service.PhoneStatus
            target.phone_status = status.CONFIRMED if change.new else status.NONE
            target.phone_source = ""


def _check(target: Target, name: str, value: Any) -> None:
    """Raises ValidationError by field when the entry could not hold this."""
    field = target._meta.get_field(name)
    if field.many_to_many or not isinstance(field, models.Field):
        return
    if isinstance(value, models.Model):
        return
    try:
        field.clean(value, target)
    except ValidationError as error:
        raise ValidationError({name: error.messages}) from error
