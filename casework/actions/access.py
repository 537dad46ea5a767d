"""Give and end access to a case; let a colleague stand in; tell who may write."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record, record_list
from accounts.levels import Level
from accounts.models import User
from accounts.notices import notify
from casework.actions.events import record_case_event
from casework.models import Case, CaseAccess, CaseBlock, CaseEvent, Person
from casework.models.access import AccessKind, permission_for
from casework.people_at_work import holders_of


def insert_access(
    case: Case,
    user: User,
    level: Level,
    kind: AccessKind,
    *,
    granted_by: User,
    ends_at: datetime | None = None,
    reason: str = "",
) -> CaseAccess:
    """The bare row; callers guard and record."""
    return CaseAccess.objects.create(
        content_object=case,
        user=user,
        permission=permission_for(level),
        kind=kind,
        granted_by=granted_by,
        ends_at=ends_at,
        reason=reason,
    )


def may_give_access(user: User) -> bool:
    return user.has_perm("casework.assign_case")


def require_may_write(case: Case, user: User) -> None:
    """Raises PermissionDenied for who has opened this case by emergency access: that only reads.

    Each verb that changes a case or what belongs to it asks here.
    """
    if is_read_only(case, user):
        raise PermissionDenied


def is_read_only(case: Case, user: User) -> bool:
    """Whether nothing but emergency access opens the names and notes of this case. One query."""
    rows = CaseAccess.objects.held_by(user, Level.NARRATIVE).filter(content_object=case)
    kinds = set(rows.values_list("kind", flat=True))
    if AccessKind.BREAK_GLASS not in kinds:
        return False
    return kinds == {AccessKind.BREAK_GLASS}


def lock_open_case(case: Case) -> Case:
    """Its row with person and key, held until the end. Raises ValidationError for a closed case.

    Each verb that adds to a case asks here; what is there already can still be corrected or ended.
    """
    rows = Case.objects.select_for_update(of=("self",))
    held = rows.select_related("person__data_key", "data_key").get(pk=case.pk)
    if not held.is_open:
        raise ValidationError(_("This case is closed. Open it again first."), code="closed")
    return held


def require_may_write_person(person: Person, user: User) -> None:
    """Raises PermissionDenied for who sees this person by emergency access to her case only."""
    rows = CaseAccess.objects.held_by(user).filter(content_object__person=person)
    kinds = set(rows.values_list("kind", flat=True))
    if AccessKind.BREAK_GLASS in kinds and not Person.objects.lasting_for(user).filter(
        pk=person.pk
    ):
        raise PermissionDenied


def may_write_person(person: Person, user: User) -> bool:
    """The same as an answer, for pages that offer what can be done."""
    try:
        require_may_write_person(person, user)
    except PermissionDenied:
        return False
    return True


def lock_person(person_id: UUID) -> Person:
    """Her row with its key, held until the end: who writes of one person at once takes turns."""
    return _held().get(pk=person_id)


def lock_each(keys: Iterable[UUID], *related: str) -> dict[UUID, Person]:
    """Those of these who are there, held, in one order: nobody waits for ever."""
    rows = _held().filter(pk__in=keys).select_related("data_key", *related)
    return {person.pk: person for person in rows.order_by("pk")}


def _held() -> QuerySet[Person]:
    return Person.objects.select_for_update(of=("self",)).select_related("data_key")


def lock_people(people: Iterable[Person], actor: User) -> None:
    """Holds them. Raises PermissionDenied for who may not see and write about each of them."""
    wanted = list(people)
    for person in wanted:
        require_may_write_person(person, actor)
    keys = {person.pk for person in wanted}
    seen = Person.objects.visible_to(actor).filter(pk__in=keys)
    if len(lock_each(seen.values_list("pk", flat=True))) != len(keys):
        raise PermissionDenied


@transaction.atomic
def give_access(
    case: Case,
    *,
    user: User,
    level: Level,
    kind: AccessKind,
    actor: User,
    ends_at: datetime | None = None,
) -> CaseAccess:
    """Let a colleague of the same organization see a case; the row stands on the case for all.

    Who lets herself see more than what is operational is told to others at once.

    Raises PermissionDenied, ValidationError.
    """
    if not may_give_access(actor):
        raise PermissionDenied
    require_may_write(case, actor)
    Case.objects.select_for_update().get(pk=case.pk)
    _check_house(case.organization_id, user)
    if CaseBlock.objects.persons_closed_to(user).filter(case__person=case.person_id).exists():
        raise ValidationError({"user": _("This case is closed to this person.")})
    if kind == AccessKind.COVERING and ends_at is None:
        raise ValidationError({"ends_at": _("Standing in ends on a day. Say on which.")})
    _check_end(ends_at)
    if CaseAccess.objects.held_by(user, level).lasting().filter(content_object=case).exists():
        raise ValidationError({"user": _("This person has that access already.")})
    access = insert_access(case, user, level, kind, granted_by=actor, ends_at=ends_at)
    told = {"own": True} if user.pk == actor.pk and level > Level.OPERATIONAL else None
    record(
        actor,
        "give_access",
        access,
        case_id=case.pk,
        note=f"{kind} {level.name.lower()}",
        meta=told,
    )
    record_case_event(case, CaseEvent.Code.ACCESS_GIVEN, actor=actor)
    if told:
        _tell_of_own_access(case, actor)
    return access


def _tell_of_own_access(case: Case, actor: User) -> None:
    """To who answers for the case, and to data protection, which sees who did it in the trail."""
    if case.owner_id != actor.pk and case.level_for(case.owner) > Level.NONE:
        notify([case.owner], "access_own", url_name="casework:access", object_id=case.pk)
    watching = holders_of("accounts.search_trail", case.organization_id, but=actor, case=case)
    notify([user for user in watching if user.pk != case.owner_id], "access_own")


def _check_house(organization_id: UUID, *users: User) -> None:
    if {user.organization_id for user in users} != {organization_id}:
        raise ValidationError({"user": _("Only people of the same organization can get access.")})


def _check_end(ends_at: datetime | None) -> None:
    if ends_at is not None and ends_at <= timezone.now():
        raise ValidationError({"ends_at": _("The access must end in the future.")})


def _keeps_reader(case: Case, *, without: UUID | None = None) -> bool:
    """Whether somebody reads the case by name, without an end in sight; `without` one row."""
    rows = CaseAccess.objects.in_force().lasting().filter(content_object=case, ends_at=None)
    closed_to = CaseBlock.objects.in_force().filter(case__person=case.person_id).values("user")
    rows = rows.filter(user__is_active=True).exclude(user__in=closed_to)
    return rows.exclude(pk=without).exists() if without else rows.exists()


def require_reader(case: Case, *, without: UUID | None = None) -> None:
    """Raises ValidationError where nobody would read a sealed case any more."""
    if not _keeps_reader(case, without=without):
        raise ValidationError(
            _("Nobody would see it any more. Give somebody access by name first."),
            code="last_reader",
        )


@transaction.atomic
def end_access(case: Case, *, access: UUID, actor: User) -> Case:
    """End the access of a user or team to this case, from the next request on.

    Raises PermissionDenied, or ValidationError for a row that is not of this case, and for the
    last one of a sealed case: nobody could open that one again.
    """
    if not may_give_access(actor):
        raise PermissionDenied
    require_may_write(case, actor)
    # Two who each end the access of the other one must not both succeed.
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    row = (
        case.access.select_for_update().filter(pk=access).first()
        or case.team_access.select_for_update().filter(pk=access).first()
    )
    if row is None:
        raise ValidationError(_("There is no such access to this case."))
    if case.is_sealed:
        require_reader(case, without=row.pk)
    if row.ends_at is None or row.ends_at > timezone.now():
        row.ends_at = timezone.now()
        row.save(update_fields=["ends_at"])
        record(actor, "end_access", row, case_id=case.pk)
        record_case_event(case, CaseEvent.Code.ACCESS_ENDED, actor=actor)
    return case


@transaction.atomic
def cover_colleague(
    *, absent: User, user: User, ends_at: datetime, actor: User, case: Case | None = None
) -> User:
    """Let somebody stand in for a colleague until a day, in one of her cases or in all open ones.

    She gets what the colleague has, case by case, and nothing of a case that is closed to her.
    Returns who stands in. Raises PermissionDenied, ValidationError.
    """
    if not may_give_access(actor):
        raise PermissionDenied
    # Nobody names herself: what the colleague may see would be hers without a second look.
    if user in {absent, actor}:
        raise ValidationError({"user": _("Choose somebody else to stand in.")})
    _check_house(actor.organization_id, absent, user)
    _check_end(ends_at)
    rows = _to_cover(absent, user, actor, case)
    if not rows:
        raise ValidationError(_("There is no case to stand in for."))
    CaseAccess.objects.bulk_create(
        CaseAccess(
            content_object_id=row.content_object_id,
            user=user,
            permission_id=row.permission_id,
            kind=AccessKind.COVERING,
            granted_by=actor,
            # Standing in ends with what it stands in for.
            ends_at=min(ends_at, row.ends_at) if row.ends_at else ends_at,
        )
        for row in rows
    )
    cases = [row.content_object_id for row in rows]
    CaseEvent.objects.bulk_create(
        CaseEvent(case_id=pk, code=CaseEvent.Code.ACCESS_GIVEN, actor=actor) for pk in cases
    )
    record_list(actor, "cover_colleague", Case, cases, note="covering")
    return user


def _to_cover(absent: User, user: User, actor: User, case: Case | None) -> list[CaseAccess]:
    """The colleague's highest access to each open case that the actor sees, locked."""
    seen = Case.objects.visible_to(actor).open()
    if case is not None:
        seen = seen.filter(pk=case.pk)
    locked = Case.objects.filter(pk__in=seen.values("pk")).select_for_update().order_by("pk")
    wanted = {each.pk for each in locked}
    closed = set(CaseBlock.objects.persons_closed_to(user).values_list("case__person", flat=True))
    rows = _highest(CaseAccess.objects.held_by(absent).lasting(), wanted)
    own = _highest(CaseAccess.objects.held_by(user).lasting(), wanted)
    return [
        row
        for pk, row in rows.items()
        if row.content_object.person_id not in closed
        and (pk not in own or own[pk].level < row.level)
    ]


def _highest(rows: Iterable[CaseAccess], wanted: set[UUID]) -> dict[UUID, CaseAccess]:
    """{case: the row that gives most}."""
    best: dict[UUID, CaseAccess] = {}
    queryset = CaseAccess.objects.filter(
        pk__in=[row.pk for row in rows], content_object__in=wanted
    ).select_related("permission", "content_object")
    for row in queryset.order_by("starts_at"):
        held = best.get(row.content_object_id)
        if held is None or held.level < row.level:
            best[row.content_object_id] = row
    return best
