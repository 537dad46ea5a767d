"""What people are to each other, and whom to keep apart."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from accounts.outbox import enqueue
from casework.actions.access import lock_people, require_may_write_person
from casework.actions.household import may_record_family
from casework.models import KeepApart, Person, PossibleMatch, Relation


@transaction.atomic
def relate(
    person: Person,
    *,
    other: Person,
    kind: str,
    actor: User,
    basis: str = Relation.Basis.STATED,
    is_caregiver: bool = False,
    is_known_to_both: bool = False,
) -> Relation:
    """Write into the file of `person` what `other` is to her.

    The other one's file stays silent unless both know. Raises PermissionDenied, ValidationError.
    """
    if not may_record_family(actor):
        raise PermissionDenied
    _check_two(person, other)
    lock_people([person, other], actor)
    known = Relation.objects.standing().filter(person=person, other=other, kind=kind)
    if known.exists():
        raise ValidationError({"kind": _("This relation is recorded already.")})
    relation = Relation(
        person=person,
        other=other,
        kind=kind,
        basis=basis,
        is_caregiver=is_caregiver,
        is_known_to_both=is_known_to_both,
        recorded_by=actor,
    )
    relation.full_clean()
    relation.save()
    record(actor, "relate", relation)
    return relation


def _check_two(person: Person, other: Person) -> None:
    if person.pk == other.pk:
        raise ValidationError({"other": _("This is the same person.")})
    if person.organization_id != other.organization_id:
        raise ValidationError({"other": _("This person is looked after by another house.")})


@transaction.atomic
def end_relation(relation: Relation, *, actor: User) -> Relation:
    """Take a relation back; it stays in the history. Raises PermissionDenied, ValidationError."""
    if not may_record_family(actor):
        raise PermissionDenied
    row = Relation.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=relation.pk)
    # From the other side it is read and no more.
    if not Person.objects.visible_to(actor).filter(pk=row.person_id).exists():
        raise PermissionDenied
    require_may_write_person(row.person, actor)
    if row.ended_at is not None:
        raise ValidationError(_("This relation was taken back already."))
    row.ended_at = timezone.now()
    row.save(update_fields=["ended_at"])
    record(actor, "end_relation", row)
    return row


@transaction.atomic
def keep_apart(person: Person, *, other: Person, reason: str, actor: User) -> KeepApart:
    """Mark in the file of `person` whom she must not meet; the other one's file never says so.

    Raises PermissionDenied, ValidationError.
    """
    if not may_record_family(actor):
        raise PermissionDenied
    _check_two(person, other)
    lock_people([person, other], actor)
    if KeepApart.objects.in_force().filter(person=person, other=other).exists():
        raise ValidationError({"other": _("This mark stands already.")})
    mark = KeepApart(person=person, other=other, reason=reason, recorded_by=actor)
    mark.full_clean()
    mark.save()
    record(actor, "keep_apart", mark)
    _end_matches(person, other, actor)
    return mark


def _end_matches(person: Person, other: Person, actor: User) -> None:
    """Nobody leads the two to each other, whichever of them seeks the other one."""
    pair = Q(seeker=person, person=other) | Q(seeker=other, person=person)
    rows = PossibleMatch.objects.filter(pair).exclude(state=PossibleMatch.State.NOT_HER)
    for row in rows.select_for_update(of=("self",)).order_by("pk"):
        row.state = PossibleMatch.State.NOT_HER
        row.settled_by, row.settled_at = actor, timezone.now()
        row.save(update_fields=["state", "settled_by", "settled_at"])
        record(actor, "settle_match", row, note=row.state)
        enqueue("match_settled", key=f"{row.pk} {row.state}", sought_id=row.sought_id)


@transaction.atomic
def lift_keep_apart(mark: KeepApart, *, actor: User) -> KeepApart:
    """Take the mark off; it stays in the history. Raises PermissionDenied, ValidationError."""
    if not may_record_family(actor):
        raise PermissionDenied
    rows = KeepApart.objects.visible_to(actor).select_for_update(of=("self",))
    row = rows.select_related("person").get(pk=mark.pk)
    require_may_write_person(row.person, actor)
    if row.lifted_at is not None:
        raise ValidationError(_("This mark is off already."))
    row.lifted_at = timezone.now()
    row.save(update_fields=["lifted_at"])
    record(actor, "lift_keep_apart", row)
    return row
