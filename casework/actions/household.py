"""Who is in which household: join, leave, speak for it."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from casework.actions.access import lock_people
from casework.actions.days import check_day
from casework.models import Household, HouseholdMember, Person


def may_record_family(user: User) -> bool:
    return user.has_perm("casework.record_family")


@transaction.atomic
def join_household(
    person: Person,
    *,
    actor: User,
    beside: Person | None = None,
    role: str = HouseholdMember.Role.MEMBER,
    since: date | None = None,
) -> HouseholdMember:
    """Put a person into the household of another one, or into a new one of her own.

    Who stands `beside` without a household gets one as well. Raises PermissionDenied,
    ValidationError (also when the person is in a household: she leaves that one first).
    """
    if not may_record_family(actor):
        raise PermissionDenied
    lock_people([person, beside] if beside else [person], actor)
    day = since or timezone.localdate()
    check_day("since", day)
    if beside is not None and beside.pk == person.pk:
        raise ValidationError({"beside": _("Choose somebody else.")})
    if beside is not None and beside.organization_id != person.organization_id:
        raise ValidationError({"beside": _("They are looked after by different houses.")})
    household = _household_of(beside, day, actor) if beside else _new_household(person, actor)
    return _add(household, person, role, day, actor)


def _household_of(person: Person, day: date, actor: User) -> Household:
    """The household somebody is in now, or a new one with her in it."""
    own = HouseholdMember.objects.current().filter(person=person).select_related("household")
    membership = own.first()
    if membership is not None:
        return membership.household
    household = _new_household(person, actor)
    _add(household, person, HouseholdMember.Role.MEMBER, day, actor)
    return household


def _new_household(person: Person, actor: User) -> Household:
    household = Household(organization_id=person.organization_id, made_by=actor)
    household.full_clean()
    household.save()
    record(actor, "make_household", household)
    return household


def _add(
    household: Household, person: Person, role: str, day: date, actor: User
) -> HouseholdMember:
    member = HouseholdMember(
        household=household, person=person, role=role, since=day, recorded_by=actor
    )
    # The database shows a household only once somebody is in it.
    member.full_clean(exclude=["household"])
    _save(member)
    record(actor, "join_household", member)
    return member


def _save(member: HouseholdMember) -> None:
    """Raises ValidationError where somebody speaks for it whom the actor may not see."""
    try:
        with transaction.atomic():
            member.save()
    except IntegrityError as error:
        raise ValidationError(_("Somebody speaks for this household already.")) from error


@transaction.atomic
def leave_household(person: Person, *, actor: User, until: date | None = None) -> HouseholdMember:
    """End somebody's time in her household. Raises PermissionDenied, ValidationError."""
    if not may_record_family(actor):
        raise PermissionDenied
    lock_people([person], actor)
    day = until or timezone.localdate()
    check_day("until", day)
    member = _current_of(person)
    member.until = day
    member.full_clean(exclude=["household"])
    member.save(update_fields=["until"])
    record(actor, "leave_household", member)
    return member


@transaction.atomic
def lead_household(person: Person, *, actor: User) -> HouseholdMember:
    """Let a member speak for her household; who did so before is a member like the others.

    Raises PermissionDenied, ValidationError.
    """
    if not may_record_family(actor):
        raise PermissionDenied
    lock_people([person], actor)
    member = _current_of(person)
    heads = HouseholdMember.objects.current().filter(role=HouseholdMember.Role.HEAD)
    before = heads.filter(household=member.household_id).exclude(pk=member.pk)
    before.update(role=HouseholdMember.Role.MEMBER)
    member.role = HouseholdMember.Role.HEAD
    member.full_clean(exclude=["household"])
    _save(member)
    record(actor, "lead_household", member)
    return member


def _current_of(person: Person) -> HouseholdMember:
    member = HouseholdMember.objects.current().filter(person=person).first()
    if member is None:
        raise ValidationError(_("This person is in no household."))
    return member
