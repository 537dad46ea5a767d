"""What each role can see and do, as one matrix; changes are shown before they hold."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import functions
from accounts.actions.roles import change_role, may_edit_roles, roles_of_file
from accounts.audit import record
from accounts.forms import RoleForm
from accounts.http import AuthedRequest, asks_and_saves
from accounts.models import Role, RoleAssignment
from accounts.stepup import step_up_required


def _names_of(role: Role) -> set[str]:
    return {f"{row.content_type.app_label}.{row.codename}" for row in role.permissions.all()}


def _roles() -> list[Role]:
    order = {code: place for place, code in enumerate(Role.Code.values)}
    rows = _role_rows().annotate(
        holders=Count("assignments", filter=Q(assignments__in=RoleAssignment.objects.in_force()))
    )
    return sorted(rows, key=lambda role: order[role.code])


def _role_rows() -> "QuerySet[Role]":
    return Role.objects.prefetch_related("permissions__content_type")


@require_safe
def roles(request: AuthedRequest) -> HttpResponse:
    """All roles side by side, by area."""
    request.user.require("accounts.view_roles")
    rows = _roles()
    held = {role.code: _names_of(role) for role in rows}
    of_file = roles_of_file()
    context = {
        "roles": [{"role": role, "reach": functions.REACH[role.code]} for role in rows],
        "areas": [
            (
                area.title,
                [(said, _cells(name, held, of_file)) for name, said in area.functions.items()],
            )
            for area in functions.AREAS
        ],
        "may_edit": may_edit_roles(request.user),
    }
    record(request.user, "view_roles", Role())
    return render(request, "accounts/roles.html", context)


def _cells(
    name: str, held: dict[str, set[str]], of_file: dict[str, frozenset[str]]
) -> list[tuple[bool, bool]]:
    """For each role whether it has this function, and whether that was changed here."""
    return [
        (name in names, (name in names) != (name in of_file.get(code, ())))
        for code, names in held.items()
    ]


@asks_and_saves
@step_up_required
def role(request: AuthedRequest, code: str) -> HttpResponse:
    """Change what one role may do: first what would change is shown, then it holds."""
    if not may_edit_roles(request.user):
        raise PermissionDenied
    found = get_object_or_404(_role_rows(), code=code)
    form = RoleForm(request.POST or None, role=found, held=_names_of(found))
    is_shown = form.is_valid() and not form.is_confirmed
    if not is_shown and form.perform(change_role, found, actor=request.user):
        messages.success(request, _("Changed. It holds from everybody's next page on."))
        return redirect("accounts:roles")
    record(request.user, "view_role", found)
    context = {"role": found, "reach": functions.REACH[found.code], "form": form}
    template = "accounts/confirm_role.html" if is_shown else "accounts/role.html"
    return render(request, template, context)
