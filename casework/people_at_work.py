"""Who of an organization has a function today, so that she can be told."""

from uuid import UUID

from accounts.models import RoleAssignment, User
from casework.models import Case, CaseBlock


def holders_of(
    permission: str, organization: UUID, *, but: User | None = None, case: Case | None = None
) -> list[User]:
    """Active users whose roles in force allow it, without one and whoever the case is closed to."""
    app, codename = permission.split(".")
    roles = RoleAssignment.objects.in_force().filter(
        role__permissions__codename=codename,
        role__permissions__content_type__app_label=app,
    )
    users = User.objects.filter(
        organization=organization, is_active=True, pk__in=roles.values("user")
    )
    if but is not None:
        users = users.exclude(pk=but.pk)
    if case is not None:
        blocked = CaseBlock.objects.in_force().filter(case__person=case.person_id)
        users = users.exclude(pk__in=blocked.values("user"))
    return list(users)
