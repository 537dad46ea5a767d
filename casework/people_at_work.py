"""Who of an organization has a function today, so that she can be told."""

from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import RoleAssignment, User
from casework.models import Case, CaseAccess, CaseBlock, TeamCaseAccess


def holders_of(
    permission: str, organization: UUID, *, but: User | None = None, case: Case | None = None
) -> list[User]:
    """Active users whose roles in force allow it, without one and whoever the case is closed to."""
    users = _may(permission, organization)
    if but is not None:
        users = users.exclude(pk=but.pk)
    if case is not None:
        blocked = CaseBlock.objects.in_force().filter(case__person=case.person_id)
        users = users.exclude(pk__in=blocked.values("user"))
    return list(users)


def who_work_on(case: Case, permission: str) -> QuerySet[User]:
    """Active users whose roles allow it and who have access to this case, by name or by team."""
    people = CaseAccess.objects.in_force().filter(content_object=case).values("user")
    teams = TeamCaseAccess.objects.in_force().filter(content_object=case).values("group")
    blocked = CaseBlock.objects.in_force().filter(case__person=case.person_id).values("user")
    by_team = Q(teams__in=[] if case.is_sealed else teams)
    users = _may(permission, case.organization_id).filter(Q(pk__in=people) | by_team)
    return users.exclude(pk__in=blocked).distinct().order_by("name", "pk")


def _may(permission: str, organization: UUID) -> QuerySet[User]:
    app, codename = permission.split(".")
    roles = RoleAssignment.objects.in_force().filter(
        role__permissions__codename=codename,
        role__permissions__content_type__app_label=app,
    )
    return User.objects.filter(
        organization=organization, is_active=True, pk__in=roles.values("user")
    )
