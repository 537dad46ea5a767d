"""Change what a role may do; say what each role may do when nobody changed it."""

import json
from collections.abc import Iterable
from pathlib import Path

from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.functions import KEPT, fits
from accounts.models import Role, User
from accounts.models.user import RoleChange

FILE = Path(__file__).resolve().parents[1] / "reference" / "roles.json"


def roles_of_file() -> dict[str, frozenset[str]]:
    """{role: names of its permissions} as roles.json has it."""
    return {code: frozenset(names) for code, names in json.loads(FILE.read_text()).items()}


def permissions_by_name() -> dict[str, Permission]:
    """{`app.codename`: permission}."""
    return {
        f"{row.content_type.app_label}.{row.codename}": row
        for row in Permission.objects.select_related("content_type")
    }


def may_edit_roles(user: User) -> bool:
    return user.has_perm("accounts.edit_roles")


@transaction.atomic
def change_role(role: Role, *, functions: Iterable[str], actor: User) -> Role:
    """Give a role exactly these functions; they hold from everybody's next request on.

    What departs from roles.json is kept as rows. Raises PermissionDenied, ValidationError.
    """
    if not may_edit_roles(actor):
        raise PermissionDenied
    role = Role.objects.select_for_update().get(pk=role.pk)
    wanted, known = frozenset(functions), permissions_by_name()
    _check(role, wanted, known)
    before = {
        f"{row.content_type.app_label}.{row.codename}"
        for row in role.permissions.select_related("content_type")
    }
    of_file = roles_of_file().get(role.code, frozenset())
    for name in sorted(wanted ^ before):
        permission, is_given = known[name], name in wanted
        if is_given == (name in of_file):
            role.changes.filter(permission=permission).delete()
        else:
            RoleChange.objects.update_or_create(
                role=role,
                permission=permission,
                defaults={
                    "is_given": is_given,
                    "changed_by": actor,
                    "changed_at": timezone.now(),
                },
            )
        verb = "give_function" if is_given else "take_function"
        record(actor, verb, role, note=name)
    role.permissions.set(known[name] for name in wanted)
    return role


def _check(role: Role, wanted: frozenset[str], known: dict[str, Permission]) -> None:
    code = Role.Code(role.code)
    if wanted - known.keys():
        raise ValidationError(_("There is no such function."))
    if code == Role.Code.DATA_PROTECTION and KEPT[code] - wanted:
        raise ValidationError(
            _("Data protection stays the second person: nobody would have to be asked any more.")
        )
    if KEPT.get(code, frozenset()) - wanted:
        raise ValidationError(
            _("The administrator keeps the right to change this matrix: nobody could undo it.")
        )
    if all(fits(code, name) for name in wanted):
        return
    if code == Role.Code.ADMINISTRATOR:
        raise ValidationError(
            _("Whoever gives rights gets no function with clients or what leaves the house."),
            code="exclusive",
        )
    raise ValidationError(_("Whoever is outside the house gets no function inside it."))


@transaction.atomic
def load_roles() -> int:
    """Give each role what roles.json lists and what was changed here since; returns how many.

    Raises LookupError for a role or a permission that does not exist.
    """
    wanted, known = roles_of_file(), permissions_by_name()
    if strangers := wanted.keys() - set(Role.Code.values):
        raise LookupError(f"No such role: {', '.join(sorted(strangers))}")
    for code in Role.Code.values:
        names = wanted.get(code, frozenset())
        if unknown := sorted(names - known.keys()):
            raise LookupError(f"{code}: no such permission: {', '.join(unknown)}")
        role, _is_new = Role.objects.get_or_create(code=code)
        allowed = {known[name].pk for name in names}
        for permission, is_given in role.changes.values_list("permission", "is_given"):
            (allowed.add if is_given else allowed.discard)(permission)
        # A change of an older release that would not be taken any more holds no more either.
        allowed -= {row.pk for name, row in known.items() if not fits(code, name)}
        role.permissions.set(allowed)
    return len(Role.Code)
