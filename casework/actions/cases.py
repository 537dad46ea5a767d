"""Open, close and reopen a case; write its events and its notes."""

from uuid import uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import stale
from accounts.audit import record
from accounts.levels import Level
from accounts.models import User
from casework.actions.access import (
    insert_access,
    is_read_only,
    lock_open_case,
    lock_person,
    require_may_write,
    require_may_write_person,
)
from casework.actions.events import record_case_event, touch_case
from casework.actions.terms import move_clocks
from casework.models import Case, CaseEvent, CaseNote, Person
from casework.models.access import AccessKind
from casework.models.gate import has_case, has_open_case
from vault.models import DataKey


def may_open_case(user: User) -> bool:
    return user.has_perm("casework.open_case")


@transaction.atomic
def open_case(person: Person, *, actor: User) -> Case:
    """Open a person's case and assign it to the actor; her own open case is returned as it is.

    A new case opens the name that was recorded before: whoever has no access to it in a case of
    hers gets it from a coordinator. Raises PermissionDenied, or ValidationError when there are
    cases that the actor has no lasting access to: which, whose, whether one is open is not said.
    """
    if not may_open_case(actor):
        raise PermissionDenied
    # An hour's emergency access to an old case must not become a case of one's own.
    require_may_write_person(person, actor)
    lock_person(person.pk)
    told = Case.objects.visible_to(actor, Level.NARRATIVE).open()
    existing = told.filter(person=person, organization=person.organization_id).first()
    if existing is not None:
        require_may_write(existing, actor)
        return existing
    if has_open_case(person) or (has_case(person.pk) and not _knows_name(person, actor)):
        raise ValidationError(
            _("This cannot be recorded from here. Ask your coordinator how to go on."),
            code="ask_coordinator",
        )
    case_id = uuid4()
    key = DataKey.make(case_id)
    key.save()
    case = Case(
        id=case_id,
        data_key=key,
        person=person,
        organization=person.organization,
        team=person.team,
        owner=actor,
    )
    case.full_clean()
    case.save()
    insert_access(case, actor, Level.NARRATIVE, AccessKind.ASSIGNED, granted_by=actor)
    record(actor, "open_case", case, case_id=case.pk)
    record_case_event(case, CaseEvent.Code.CASE_OPENED, actor=actor)
    return case


def _knows_name(person: Person, actor: User) -> bool:
    """Whether the actor has access to who this person is, in any of her cases, that lasts."""
    cases = Case.objects.visible_to(actor, Level.IDENTITY).filter(person=person)
    return any(not is_read_only(case, actor) for case in cases)


def may_change_case(user: User) -> bool:
    return user.has_perm("casework.change_case_facts")


@transaction.atomic
def change_case(case: Case, *, version: int, actor: User, **facts: str) -> Case:
    """Change the risk of an open case, or whether it is only followed up.

    `facts` are `risk` and `status`. Raises PermissionDenied, ValidationError.
    """
    if not may_change_case(actor) or case.level_for(actor) < Level.NARRATIVE:
        raise PermissionDenied
    require_may_write(case, actor)
    case = lock_open_case(case)
    stale(version, case.version)
    for name, value in facts.items():
        setattr(case, name, value)
    if not case.is_open:
        raise ValidationError({"status": _("A case is closed with a reason.")})
    case.version += 1
    case.full_clean()
    case.save()
    if "risk" in facts:
        move_clocks(case.person_id, case.risk)
    record(actor, "change_case", case, case_id=case.pk, fields=facts)
    record_case_event(case, CaseEvent.Code.CASE_CHANGED, actor=actor)
    return case


def may_close_case(user: User) -> bool:
    return user.has_perm("casework.close_case")


@transaction.atomic
def close_case(case: Case, *, closure_reason: str, version: int, actor: User) -> Case:
    """Close a case with a coded reason. Raises PermissionDenied, ValidationError."""
    if not may_close_case(actor):
        raise PermissionDenied
    require_may_write(case, actor)
    case = Case.objects.select_for_update().get(pk=case.pk)
    stale(version, case.version)
    if not case.is_open:
        raise ValidationError(_("This case is closed already."))
    referred = closure_reason == Case.ClosureReason.REFERRED
    case.status = Case.Status.CLOSED_REFERRED if referred else Case.Status.CLOSED
    case.closed_on, case.closure_reason = timezone.localdate(), closure_reason
    case.version += 1
    case.full_clean()
    case.save()
    record(actor, "close_case", case, case_id=case.pk, note=closure_reason)
    record_case_event(case, CaseEvent.Code.CASE_CLOSED, actor=actor)
    return case


@transaction.atomic
def reopen_case(case: Case, *, version: int, actor: User) -> Case:
    """Open a closed case again. Raises PermissionDenied, ValidationError."""
    if not may_close_case(actor):
        raise PermissionDenied
    require_may_write(case, actor)
    case = Case.objects.select_for_update().get(pk=case.pk)
    stale(version, case.version)
    if case.is_open:
        raise ValidationError(_("This case is open already."))
    case.status, case.closed_on, case.closure_reason = Case.Status.ACTIVE, None, ""
    case.version += 1
    case.full_clean()
    case.save()
    record(actor, "reopen_case", case, case_id=case.pk)
    record_case_event(case, CaseEvent.Code.CASE_REOPENED, actor=actor)
    return case


def may_write_note(user: User) -> bool:
    return user.has_perm("casework.write_note")


@transaction.atomic
def write_note(case: Case, *, text: str, actor: User) -> CaseNote:
    """Add a note, sealed with the case's key. Raises PermissionDenied, ValidationError."""
    if not may_write_note(actor) or case.level_for(actor) < Level.NARRATIVE:
        raise PermissionDenied
    require_may_write(case, actor)
    case = lock_open_case(case)
    if not text.strip():
        raise ValidationError({"text": _("The note is empty.")})
    note = CaseNote(case=case, data_key=case.data_key, text=text.strip(), written_by=actor)
    note.full_clean()
    note.save()
    touch_case(case)
    record(actor, "write_note", note, case_id=case.pk, fields=["text"])
    record_case_event(
        case,
        CaseEvent.Code.NOTE_ADDED,
        actor=actor,
        level=Level.NARRATIVE,
        url_name="casework:notes",
        object_id=case.pk,
    )
    return note
