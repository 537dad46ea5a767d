"""How an empty installation gets its first administrator."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import Installation, Organization, Role, RoleAssignment, Team, User
from vault.keys import key_provider


def setup_code() -> str:
    """The word that proves to an empty installation that whoever types it runs the server."""
    return key_provider().blind("first administrator", "").hex()[:12]


@transaction.atomic
def make_first_administrator(
    *, code: str, organization: str, team: str, name: str, username: str, password: str
) -> User:
    """Begin an empty installation: its organization, a hub team, and who administers it.

    Raises ValidationError when somebody exists already, or the code is not the server's.
    """
    with connection.cursor() as cursor:
        # Two browsers at once must not both find nobody.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('first administrator'))")
    if User.objects.exists():
        raise ValidationError(_("This installation has its administrator. Sign in."))
    if not constant_time_compare(code.strip().lower(), setup_code()):
        raise ValidationError({"code": _("This is not the code that the server shows.")})
    house = Organization(
        code="house",
        name_en=organization,
        name_sr=organization,
        type=Organization.Type.NGO,
        is_house=True,
    )
    house.full_clean()
    house.save()
    hub = Team(name=team, organization=house, kind=Team.Kind.HUB)
    hub.full_clean()
    hub.save()
    user = User(username=username, name=name, organization=house)
    validate_password(password, user)
    user.set_password(password)
    user.full_clean()
    user.save()
    user.teams.add(hub)
    role, _made = Role.objects.get_or_create(code=Role.Code.ADMINISTRATOR)
    RoleAssignment.objects.create(user=user, role=role)
    Installation.objects.create(kind=Installation.Kind.REAL)
    record(user, "make_first_administrator", user)
    return user
