"""Begin and finish the steps of the best-interests procedure; tell coordinators what is late."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record, record_list
from accounts.models import Role, User
from accounts.notices import notify
from casework.actions.access import lock_person, require_may_write_person
from casework.actions.events import record_case_event
from casework.actions.terms import due_at, move_clocks
from casework.models import BestInterestsStep, Case, CaseEvent, Person
from casework.models.gate import has_open_case


def may_record_child(user: User) -> bool:
    return user.has_perm("casework.record_child")


def open_case_of(person: Person, actor: User) -> Case | None:
    """Her open case, as far as the actor sees it."""
    return Case.objects.visible_to(actor).open().filter(person=person).first()


def tell_case(person: Person, code: CaseEvent.Code, actor: User) -> None:
    """One line on the timeline of her open case, where there is one."""
    case = open_case_of(person, actor)
    if case is not None:
        record_case_event(case, code, actor=actor, url_name="casework:child", object_id=person.pk)


@transaction.atomic
def begin_step(
    person: Person, *, step: str, actor: User, risk: str = Case.Risk.UNKNOWN
) -> BestInterestsStep:
    """Begin a step and its clock; the risk of an open case counts before the one that is said.

    Raises PermissionDenied, ValidationError.
    """
    if not may_record_child(actor):
        raise PermissionDenied
    require_may_write_person(person, actor)
    person = lock_person(person.pk)
    if not person.may_be_child(timezone.localdate()):
        raise ValidationError(_("This person is an adult. Look at the age first."))
    waiting = BestInterestsStep.objects.waiting().filter(person=person)
    if waiting.filter(step=step).exists():
        raise ValidationError({"step": _("This step is begun already.")})
    case = open_case_of(person, actor)
    known = case.risk if case else risk
    row = BestInterestsStep(
        person=person, data_key=person.data_key, step=step, risk=known, recorded_by=actor
    )
    row.due_at = due_at(row.began_at, known)
    row.full_clean()
    row.save()
    if not has_open_case(person):
        move_clocks(person.pk, known)
    record(actor, "begin_step", row)
    tell_case(person, CaseEvent.Code.STEP_BEGUN, actor)
    return row


@transaction.atomic
def finish_step(
    step: BestInterestsStep, *, outcome: str, actor: User, note: str = ""
) -> BestInterestsStep:
    """Say what came of a step; its clock stops. Raises PermissionDenied, ValidationError."""
    if not may_record_child(actor):
        raise PermissionDenied
    rows = BestInterestsStep.objects.visible_to(actor).select_for_update(of=("self",))
    row = rows.select_related("person", "data_key").get(pk=step.pk)
    require_may_write_person(row.person, actor)
    if row.is_done:
        raise ValidationError(_("This step is done already."))
    row.done_at, row.done_by, row.outcome = timezone.now(), actor, outcome
    row.note = note.strip()
    row.full_clean()
    row.save(update_fields=["done_at", "done_by", "outcome", "note"])
    record(actor, "finish_step", row, fields=["outcome", *(["note"] if row.note else [])])
    tell_case(row.person, CaseEvent.Code.STEP_DONE, actor)
    return row


@transaction.atomic
def change_child_risk(person: Person, *, risk: str, actor: User) -> Person:
    """Say how much at risk a child without a case is; clocks of what is not done follow.

    Raises PermissionDenied, ValidationError.
    """
    if not may_record_child(actor):
        raise PermissionDenied
    require_may_write_person(person, actor)
    person = lock_person(person.pk)
    # A case that the actor does not see has its risk as well, and its clocks.
    if has_open_case(person):
        raise ValidationError({"risk": _("The risk is changed in the case.")})
    if risk not in Case.Risk.values:
        raise ValidationError({"risk": _("Choose how high the risk is.")})
    if not BestInterestsStep.objects.waiting().filter(person=person).exists():
        raise ValidationError({"risk": _("No step is waiting.")})
    move_clocks(person.pk, risk)
    record(actor, "change_child_risk", person, note=risk)
    return person


@transaction.atomic
def remind_of_steps() -> int:
    """Tell the coordinators of a house once that a step is late; returns how many steps.

    The notice says neither which nor of whom: it leads to the page of today.
    """
    late = (
        BestInterestsStep.objects.overdue()
        .filter(told_at=None, person__archived_on=None)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("person")
    )
    rows = list(late)
    houses = {row.person.organization_id for row in rows}
    for house in houses:
        coordinators = User.objects.at_work_as(Role.Code.COORDINATOR).filter(organization=house)
        notify(coordinators, "step_late", url_name="home")
    ids = [row.pk for row in rows]
    BestInterestsStep.objects.filter(pk__in=ids).update(told_at=timezone.now())
    if ids:
        record_list(None, "remind_of_steps", BestInterestsStep, ids, note=str(len(ids)))
    return len(ids)
