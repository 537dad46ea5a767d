"""With whom a child is, and who answers for her by law."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import stale
from accounts.audit import record
from accounts.models import Organization, User
from casework.actions.access import lock_person, require_may_write_person
from casework.actions.best_interests import begin_step, may_record_child, tell_case
from casework.actions.days import check_day
from casework.models import BestInterestsStep, Care, CaseEvent, Guardian, Person
from casework.models.person import YesNo

# What the facts of a person say of a child alone.
ALONE = {
    Care.Situation.UNACCOMPANIED: YesNo.YES,
    Care.Situation.SEPARATED: YesNo.YES,
    Care.Situation.ACCOMPANIED: YesNo.NO,
    Care.Situation.UNKNOWN: YesNo.UNKNOWN,
}


def _own(person: Person, actor: User) -> Person:
    """The person, locked. Raises PermissionDenied."""
    if not may_record_child(actor):
        raise PermissionDenied
    require_may_write_person(person, actor)
    return lock_person(person.pk)


@transaction.atomic
def record_care(
    person: Person,
    *,
    situation: str,
    actor: User,
    arrangement: str = Care.Arrangement.UNKNOWN,
    since: date | None = None,
) -> Care:
    """Write down with whom a child is; for a child alone the first step begins with its clock.

    Raises PermissionDenied, ValidationError.
    """
    person = _own(person, actor)
    day = since or timezone.localdate()
    check_day("since", day)
    care = Care(
        person=person,
        situation=situation,
        arrangement=arrangement,
        since=day,
        recorded_by=actor,
    )
    care.full_clean()
    if not person.may_be_child(timezone.localdate()):
        raise ValidationError({"situation": _("This is asked of children. Look at the age first.")})
    care.save()
    latest = Care.objects.filter(person=person).latest_first().first() or care
    alone = ALONE[Care.Situation(latest.situation)]
    if person.unaccompanied_or_separated != alone:
        person.unaccompanied_or_separated = alone
        person.version += 1
        person.save(update_fields=["unaccompanied_or_separated", "version"])
    record(actor, "record_care", care, fields=["situation", "arrangement"])
    if care.is_alone and not BestInterestsStep.objects.filter(person=person).exists():
        begin_step(person, step=BestInterestsStep.Step.IDENTIFICATION, actor=actor)
    return care


@transaction.atomic
def record_guardian(
    person: Person,
    *,
    organization: Organization,
    actor: User,
    kind: str = Guardian.Kind.TEMPORARY,
    name: str = "",
    appointed_on: date | None = None,
) -> Guardian:
    """Write down who was appointed by which centre; who was it before is it no longer.

    A name needs a case whose identity the actor may see. Raises PermissionDenied, ValidationError.
    """
    person = _own(person, actor)
    day = appointed_on or timezone.localdate()
    check_day("appointed_on", day)
    named = Person.objects.named_for(actor, lasting=True)
    if name.strip() and not named.filter(pk=person.pk).exists():
        raise ValidationError({"name": _("A name belongs into a case. Open one first.")})
    for before in Guardian.objects.in_office().filter(person=person).select_for_update():
        before.until = max(day, before.appointed_on)
        before.version += 1
        before.save(update_fields=["until", "version"])
    guardian = Guardian(
        person=person,
        data_key=person.data_key,
        organization=organization,
        kind=kind,
        name=name.strip(),
        appointed_on=day,
        recorded_by=actor,
    )
    guardian.full_clean()
    guardian.save()
    # Whoever answers for the child changes what a form about her rests on.
    person.version += 1
    person.save(update_fields=["version"])
    record(actor, "record_guardian", guardian)
    tell_case(person, CaseEvent.Code.GUARDIAN_RECORDED, actor)
    return guardian


def _locked(guardian: Guardian, version: int, actor: User) -> Guardian:
    if not may_record_child(actor):
        raise PermissionDenied
    rows = Guardian.objects.visible_to(actor).select_for_update(of=("self",))
    row = rows.select_related("person", "data_key").get(pk=guardian.pk)
    require_may_write_person(row.person, actor)
    stale(version, row.version)
    return row


@transaction.atomic
def end_guardian(guardian: Guardian, *, until: date, version: int, actor: User) -> Guardian:
    """End a guardian's time. Raises PermissionDenied, ValidationError."""
    row = _locked(guardian, version, actor)
    check_day("until", until)
    if row.until is not None:
        raise ValidationError({"until": _("This guardian's time has ended already.")})
    row.until = until
    row.version += 1
    row.full_clean()
    row.save(update_fields=["until", "version"])
    record(actor, "end_guardian", row)
    return row


@transaction.atomic
def doubt_guardian(
    guardian: Guardian, *, is_suspected: bool, version: int, actor: User, doubt: str = ""
) -> Guardian:
    """Say that a guardian may not be safe for the child, or that there is no doubt any more.

    From then on nobody is told to ask or to tell this guardian. What was written before stays when
    nothing new is written. Raises PermissionDenied, ValidationError.
    """
    row = _locked(guardian, version, actor)
    row.is_suspected = is_suspected
    row.doubt = doubt.strip() or row.doubt
    row.version += 1
    row.full_clean()
    row.save(update_fields=["is_suspected", "doubt", "version"])
    record(actor, "doubt_guardian", row, fields=["is_suspected"])
    return row
