"""Edit the register of interpreters, and keep an interpreter away from a person."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import stale
from accounts.audit import record
from accounts.models import User
from casework.actions.days import check_day
from casework.actions.talking import lock_for_talk
from casework.interpreting import is_blocked
from casework.models import Interpreter, InterpreterBlock, Person, TalkWish
from casework.models.visit import Interpreting
from directory.models import Dialect, Language
from vault.models import DataKey

FORGOTTEN = ("name", "phone", "notes", "user")
WITH_INTERPRETER = (Interpreting.IN_PERSON, Interpreting.BY_PHONE)


def may_view_interpreters(user: User) -> bool:
    return user.has_perm("casework.view_interpreters")


def may_edit_interpreters(user: User) -> bool:
    return user.has_perm("casework.edit_interpreters")


@transaction.atomic
def edit_interpreter(
    interpreter: Interpreter | None = None,
    *,
    languages: Iterable[Language],
    actor: User,
    dialects: Iterable[Dialect] = (),
    version: int = 0,
    **facts: Any,
) -> Interpreter:
    """Add somebody to the register of the own organization, or change what stands there.

    `facts` are fields of Interpreter. Raises PermissionDenied, ValidationError (code `stale` when
    somebody else was first).
    """
    if not may_edit_interpreters(actor):
        raise PermissionDenied
    row = _new(actor) if interpreter is None else _locked(interpreter, actor)
    stale(version, row.version)
    for name, value in facts.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    spoken, ways = list(languages), list(dialects)
    _check(row, spoken, ways)
    row.version += 1
    row.full_clean()
    row.save()
    row.languages.set(spoken)
    row.dialects.set(ways)
    record(actor, "edit_interpreter", row, fields=[*facts, "languages", "dialects"])
    return row


def _new(actor: User) -> Interpreter:
    row = Interpreter(organization=actor.organization, recorded_by=actor, version=0)
    key = DataKey.make(row.pk)
    key.save()
    row.data_key = key
    return row


def _locked(interpreter: Interpreter, actor: User) -> Interpreter:
    rows = Interpreter.objects.visible_to(actor).select_for_update(of=("self",))
    row = rows.select_related("data_key").get(pk=interpreter.pk)
    if row.data_key is None:
        raise ValidationError(_("This interpreter has left, and the name is forgotten."))
    return row


def _check(row: Interpreter, languages: list[Language], dialects: list[Dialect]) -> None:
    if not row.name:
        raise ValidationError({"name": _("Write what the interpreter is called.")})
    if not languages:
        raise ValidationError({"languages": _("Choose at least one language.")})
    spoken = {language.pk for language in languages}
    strange = ", ".join(str(way) for way in dialects if way.language_id not in spoken)
    if strange:
        raise ValidationError(
            {"dialects": _("Tick the language of %(names)s too.") % {"names": strange}}
        )
    if row.user is not None and row.user.organization_id != row.organization_id:
        raise ValidationError({"user": _("This login belongs to another organization.")})


def check_interpreter(
    interpreter: Interpreter | None, person: Person, interpreting: str, day: date
) -> None:
    """What holds whenever somebody interprets for a person; the caller locked the person's row.

    Raises ValidationError on `interpreter`.
    """
    if interpreter is None:
        return
    if interpreting not in WITH_INTERPRETER:
        said = _("Say that the interpreter was here or on the phone.")
    elif interpreter.organization_id != person.organization_id:
        said = _("Choose an interpreter of this house.")
    elif is_blocked(interpreter, person.pk):
        said = _("This interpreter is blocked for this person.")
    elif not (interpreter.is_bound_on(day) and interpreter.is_vetted_on(day)):
        said = _("The pledge or the vetting of this interpreter does not hold on that day.")
    else:
        return
    raise ValidationError({"interpreter": said})


@transaction.atomic
def block_interpreter(
    person: Person, *, interpreter: Interpreter, reason: str, said_by: str, actor: User
) -> InterpreterBlock:
    """Never ask this interpreter for this person again.

    Raises PermissionDenied, ValidationError.
    """
    person = lock_for_talk(person, actor)
    if not Interpreter.objects.visible_to(actor).filter(pk=interpreter.pk).exists():
        raise PermissionDenied
    if is_blocked(interpreter, person.pk):
        raise ValidationError({"interpreter": _("Blocked for this person already.")})
    block = InterpreterBlock(
        interpreter=interpreter,
        person=person,
        reason=reason,
        said_by=said_by,
        recorded_by=actor,
    )
    block.full_clean()
    block.save()
    # Whoever is blocked is no longer asked for.
    wishes = TalkWish.objects.standing().filter(person=person, interpreter=interpreter)
    wishes.update(interpreter=None)
    record(actor, "block_interpreter", block)
    return block


@transaction.atomic
def lift_interpreter_block(
    block: InterpreterBlock,
    *,
    actor: User,
    is_own_word: bool = False,
    said_on: date | None = None,
    asked_by: User | None = None,
) -> InterpreterBlock:
    """Take a block off; what an interpreter or the house said, only coordinators take back.

    What the person asked for holds until she says herself that it may end: `is_own_word`, on which
    day, and which colleague asked her. Raises PermissionDenied, ValidationError.
    """
    rows = InterpreterBlock.objects.visible_to(actor).select_for_update(of=("self",))
    row = rows.select_related("person").get(pk=block.pk)
    lock_for_talk(row.person, actor)
    if not row.is_own_wish and not may_edit_interpreters(actor):
        raise PermissionDenied
    if row.lifted_at is not None:
        raise ValidationError(_("This block was taken off already."))
    if row.is_own_wish:
        _check_own_word(row, is_own_word, said_on, asked_by)
        row.lift_said_by = InterpreterBlock.SaidBy.CLIENT
        row.lift_said_on, row.lift_asked_by = said_on, asked_by
    else:
        row.lift_said_by = InterpreterBlock.SaidBy.COORDINATOR
    row.lifted_at = timezone.now()
    row.full_clean()
    row.save(update_fields=["lifted_at", "lift_said_by", "lift_said_on", "lift_asked_by"])
    record(actor, "lift_interpreter_block", row, note=f"{row.said_by} {row.lift_said_by}")
    return row


def _check_own_word(
    block: InterpreterBlock, is_own_word: bool, said_on: date | None, asked_by: User | None
) -> None:
    if not is_own_word or said_on is None or asked_by is None:
        raise ValidationError(
            {
                "is_own_word": _(
                    "The person asked for this block, and only the person ends it. Ask first."
                )
            }
        )
    check_day("said_on", said_on)
    if said_on < timezone.localdate(block.recorded_at):
        raise ValidationError({"said_on": _("The block is younger than this day.")})
    if asked_by.organization_id != block.person.organization_id:
        raise ValidationError({"asked_by": _("Choose a colleague of this house.")})
    if block.interpreter.user_id == asked_by.pk:
        raise ValidationError({"asked_by": _("Not the interpreter: somebody else has to ask.")})


@transaction.atomic
def forget_interpreters(today: date | None = None) -> int:
    """Destroy the keys of those whose time after leaving is over; returns how many.

    What they interpreted stays counted by their code.
    """
    day = today or timezone.localdate()
    left = Interpreter.objects.filter(left_on__isnull=False).exclude(data_key=None)
    rows = left.select_for_update(of=("self",)).order_by("pk")
    gone = [row for row in rows if row.left_on and _is_over(row.left_on, day)]
    keys = [row.data_key_id for row in gone if row.data_key_id]
    Interpreter.objects.filter(pk__in=[row.pk for row in gone]).update(
        data_key=None,
        name=None,
        phone=None,
        notes=None,
        user=None,
        is_available=False,
        version=F("version") + 1,
    )
    DataKey.objects.filter(pk__in=keys).delete()
    for row in gone:
        record(None, "forget_interpreter", row, fields=FORGOTTEN)
    return len(gone)


def _is_over(left_on: date, day: date) -> bool:
    """Whether the years after leaving are full; from a 29th of February when the 28th is over."""
    years = settings.RETENTION_INTERPRETER_YEARS
    return (day.year - years, day.month, day.day) >= (left_on.year, left_on.month, left_on.day)
