"""Verbs about those who work here: who they are, what they may do, and when they leave."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.entrances import forget_ways_by_address
from accounts.actions.sessions import end_all_sessions
from accounts.audit import record
from accounts.exclusive_roles import belongs, clash
from accounts.models import AddressChange, Role, RoleAssignment, Team, User
from accounts.notices import notify
from accounts.outbox import enqueue

OWN = _("Somebody else has to change this for you.")
LAST = _("Without this person nobody could manage users any more. Name another one first.")


def require_care(user: User, actor: User) -> None:
    """Raises PermissionDenied unless the actor manages users and this one is in her care."""
    actor.require("accounts.manage_users")
    if not User.objects.in_care_of(actor).filter(pk=user.pk).exists():
        raise PermissionDenied


@transaction.atomic
def change_user(
    user: User, *, name: str, teams: Iterable[Team], trained_on: date | None, actor: User
) -> User:
    """Change what is known of a colleague. Her sessions end when her teams do."""
    user = _locked(user, actor)
    wanted = {team.pk: team for team in teams}
    if any(team.organization_id != user.organization_id for team in wanted.values()):
        raise ValidationError({"teams": _("This team belongs to another organization.")})
    before = {"name": user.name, "trained_on": user.trained_on, "teams": set(user.team_ids)}
    user.name, user.trained_on = name, trained_on
    user.full_clean(exclude=["password"])
    user.save(update_fields=["name", "trained_on"])
    user.teams.set(wanted.values())
    after = {"name": name, "trained_on": trained_on, "teams": set(wanted)}
    changed = [field for field in before if before[field] != after[field]]
    record(actor, "change_user", user, fields=changed)
    if "teams" in changed:
        end_all_sessions(user, actor=actor, reason="teams_changed")
    return user


@transaction.atomic
def change_email(user: User, *, email: str, actor: User) -> User:
    """Change the address that links go to; the old address is told. Raises ValidationError.

    What the old one could still open ends: links under way, and logins of another provider.
    """
    user = _locked(user, actor)
    old = user.email
    if email == old:
        return user
    user.email = email
    user.full_clean(exclude=["password"])
    user.save(update_fields=["email"])
    forget_ways_by_address(user)
    record(actor, "change_email", user, fields=["email"])
    notify([user], "email_changed", url_name="accounts:settings")
    if old:
        told = AddressChange.objects.create(user=user, old_address=old)
        enqueue("email_changed", key=str(told.pk), change=told.pk)
    return user


@transaction.atomic
def forget_old_address(change: AddressChange) -> None:
    """Drop an old address that was told."""
    change.delete()


@transaction.atomic
def set_leaving_day(user: User, *, leaves_on: date | None, actor: User) -> User:
    """Say which day is a colleague's last; when it is past, she is out at once."""
    user = _locked(user, actor)
    _not_oneself(user, actor)
    user.leaves_on = leaves_on
    user.save(update_fields=["leaves_on"])
    record(actor, "set_leaving_day", user, fields=["leaves_on"])
    if user.has_left:
        end_all_sessions(user, actor=actor, reason="left")
    _keep_an_administrator(user)
    return user


@transaction.atomic
def close_account(user: User, *, actor: User) -> User:
    """Close a colleague's account at once."""
    user = _locked(user, actor)
    _not_oneself(user, actor)
    user.is_active = False
    user.save(update_fields=["is_active"])
    record(actor, "close_account", user)
    end_all_sessions(user, actor=actor, reason="closed")
    _keep_an_administrator(user)
    return user


@transaction.atomic
def reopen_account(user: User, *, actor: User) -> User:
    """Open a closed account again; what was to be its last day is forgotten if it is past."""
    user = _locked(user, actor)
    _not_oneself(user, actor)
    user.is_active = True
    if user.has_left:
        user.leaves_on = None
    user.save(update_fields=["is_active", "leaves_on"])
    record(actor, "reopen_account", user)
    return user


@transaction.atomic
def give_role(
    user: User, *, role: str, starts_on: date, ends_on: date | None, actor: User
) -> RoleAssignment:
    """Give a role from a day to a day. Her sessions end, so that nothing old goes on.

    Raises ValidationError for one's own role, a role of another kind of organization, one she
    holds already, or one that excludes another at the same time.
    """
    user = _locked(user, actor)
    _not_oneself(user, actor)
    if not belongs(role, is_house=user.organization.is_house):
        raise ValidationError({"role": _("This role does not fit her organization.")})
    beside = _overlapping(user, starts_on, ends_on)
    if role in beside:
        raise ValidationError({"role": _("She holds this role in that time already.")})
    reason = clash({role, *beside})
    if reason is not None:
        raise ValidationError({"role": reason}, code="exclusive")
    assignment = RoleAssignment(user=user, role_id=role, starts_on=starts_on, ends_on=ends_on)
    assignment.full_clean()
    assignment.save()
    _role_changed(user, "give_role", role, actor)
    return assignment


@transaction.atomic
def end_role(user: User, *, assignment: int, ends_on: date, actor: User) -> RoleAssignment:
    """Let a role end on a day, the last one included; one that has not begun never begins."""
    user = _locked(user, actor)
    _not_oneself(user, actor)
    row = RoleAssignment.objects.select_for_update().filter(user=user, pk=assignment).first()
    if row is None:
        raise ValidationError(_("She does not hold this role any more."), code="stale")
    if ends_on < row.starts_on:
        row.delete()
    else:
        row.ends_on = ends_on
        row.full_clean()
        row.save(update_fields=["ends_on"])
    _role_changed(user, "end_role", row.role_id, actor)
    _keep_an_administrator(user)
    return row


@transaction.atomic
def end_sessions_of(user: User, *, actor: User) -> None:
    """Sign a colleague out everywhere, for example because her device is lost."""
    actor.require("accounts.end_sessions")
    if not User.objects.in_house_of(actor).filter(pk=user.pk).exists():
        raise PermissionDenied
    end_all_sessions(user, actor=actor, reason="device_lost")


def _locked(user: User, actor: User) -> User:
    """The user as the database has her, held against two changes at once."""
    require_care(user, actor)
    with connection.cursor() as cursor:
        # Two who end each other's role must not both find another administrator.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('administrators'))")
    return (
        User.objects.select_for_update(of=("self",)).select_related("organization").get(pk=user.pk)
    )


def _not_oneself(user: User, actor: User) -> None:
    if user.pk == actor.pk:
        raise ValidationError(OWN, code="own")


def _overlapping(user: User, starts_on: date, ends_on: date | None) -> set[str]:
    rows = user.role_assignments.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on))
    if ends_on is not None:
        rows = rows.filter(starts_on__lte=ends_on)
    return set(rows.values_list("role_id", flat=True))


def _role_changed(user: User, verb: str, role: str, actor: User) -> None:
    record(actor, verb, user, note=role)
    end_all_sessions(user, actor=actor, reason="role_changed", tell=False)
    notify([user], "role_changed", url_name="accounts:settings")


def _keep_an_administrator(user: User) -> None:
    """Raises ValidationError when nobody of her organization would manage users from now on."""
    if not user.organization.is_house:
        return
    today = timezone.localdate()
    left = RoleAssignment.objects.in_force().filter(
        Q(user__leaves_on=None) | Q(user__leaves_on__gte=today),
        role=Role.Code.ADMINISTRATOR,
        user__organization=user.organization_id,
        user__is_active=True,
    )
    held = RoleAssignment.objects.filter(user=user, role=Role.Code.ADMINISTRATOR)
    lasting = left.filter(Q(ends_on=None), Q(user__leaves_on=None))
    if held.exists() and not lasting.exists():
        raise ValidationError(LAST, code="last_administrator")
