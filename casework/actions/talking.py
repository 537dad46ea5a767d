"""Record how somebody wishes to talk, and what she is not asked again."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import stale
from accounts.audit import record
from accounts.models import User
from casework.actions.access import lock_person, require_may_write_person
from casework.actions.days import check_day
from casework.models import DoNotAsk, Interpreter, InterpreterBlock, Person, TalkWish


def may_record_talk(user: User) -> bool:
    return user.has_perm("casework.record_talk")


def lock_for_talk(person: Person, actor: User) -> Person:
    """The person's row, locked: two who write about her talks go one after the other.

    Raises PermissionDenied.
    """
    if not may_record_talk(actor):
        raise PermissionDenied
    require_may_write_person(person, actor)
    return lock_person(person.pk)


def check_replaced(replaces: UUID | None, standing: UUID | None) -> None:
    """Raises ValidationError, code `stale`, when a form was filled in on what is replaced since."""
    stale(int(replaces != standing), 0)


def check_last_day(field: str, day: date | None) -> None:
    """Raises ValidationError, on that field, for a last day that is over."""
    if day is not None and day < timezone.localdate():
        raise ValidationError({field: _("This day is over. Leave it empty for no end.")})


@transaction.atomic
def record_talk_wish(
    person: Person, *, actor: User, replaces: UUID | None = None, **wishes: Any
) -> TalkWish:
    """Write down all that she wishes for talks; `wishes` are fields of TalkWish.

    `replaces` is the wish that the form showed. Raises PermissionDenied, ValidationError.
    """
    person = lock_for_talk(person, actor)
    standing = TalkWish.objects.standing().filter(person=person)
    newest = standing.first()
    check_replaced(replaces, newest.pk if newest else None)
    wish = TalkWish(person=person, recorded_by=actor, **wishes)
    _check_wish(wish, person)
    wish.full_clean()
    standing.update(ended_at=timezone.now())
    wish.save()
    record(actor, "record_talk_wish", wish, fields=[name for name in wishes if wishes[name]])
    return wish


def _check_wish(wish: TalkWish, person: Person) -> None:
    language = wish.language or person.language
    if wish.dialect is not None and wish.dialect.language_id != language.pk:
        raise ValidationError({"dialect": _("This dialect belongs to another language.")})
    asked: Interpreter | None = wish.interpreter
    if asked is None:
        return
    if asked.organization_id != person.organization_id:
        raise ValidationError({"interpreter": _("Choose an interpreter of this house.")})
    if InterpreterBlock.objects.in_force().filter(interpreter=asked, person=person).exists():
        raise ValidationError({"interpreter": _("This interpreter is blocked for this person.")})


@transaction.atomic
def mark_do_not_ask(
    person: Person,
    *,
    topic: str,
    kept_in: str,
    told_on: date,
    actor: User,
    until: date | None = None,
) -> DoNotAsk:
    """Mark what somebody told already: the next worker reads it instead of asking.

    Raises PermissionDenied, ValidationError.
    """
    person = lock_for_talk(person, actor)
    check_day("told_on", told_on)
    check_last_day("until", until)
    marks = DoNotAsk.objects.filter(person=person, topic=topic, lifted_at=None)
    if marks.in_force().exists():
        raise ValidationError({"topic": _("This is marked already.")})
    # One that ran out makes way.
    marks.update(lifted_at=timezone.now())
    mark = DoNotAsk(
        person=person, topic=topic, kept_in=kept_in, told_on=told_on, told_to=actor, until=until
    )
    mark.full_clean()
    mark.save()
    record(actor, "mark_do_not_ask", mark)
    return mark


@transaction.atomic
def lift_do_not_ask(mark: DoNotAsk, *, actor: User) -> DoNotAsk:
    """Take the mark off; it stays written down. Raises PermissionDenied, ValidationError."""
    rows = DoNotAsk.objects.visible_to(actor).select_for_update(of=("self",))
    row = rows.select_related("person").get(pk=mark.pk)
    lock_for_talk(row.person, actor)
    if row.lifted_at is not None:
        raise ValidationError(_("It may be asked again already."))
    row.lifted_at = timezone.now()
    row.save(update_fields=["lifted_at"])
    record(actor, "lift_do_not_ask", row)
    return row
