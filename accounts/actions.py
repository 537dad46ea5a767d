"""Verbs of the ground floor."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from django.apps import apps
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import Operation, Organization, OutboxJob, Role, RoleAssignment, Team, User
from vault.keys import key_provider

Result = TypeVar("Result", bound=models.Model | None)

KEEP_DONE_JOBS = timedelta(days=7)
KEEP_OPERATIONS = timedelta(days=2)


def perform_once(
    operation_id: UUID | None,
    verb: str,
    perform: Callable[[], Result],
    *,
    actor: User,
    fingerprint: str = "",
) -> Result:
    """Perform an action unless this operation was performed before; then return its result.

    `fingerprint` tells two uses of one id apart. Raises ValidationError, code `reused`, when the
    id was used by somebody else or for something else.
    """
    if operation_id is None:
        return perform()
    try:
        with transaction.atomic():
            operation = Operation.objects.create(
                id=operation_id, actor=actor, verb=verb, fingerprint=fingerprint
            )
    except IntegrityError:
        return _earlier_result(operation_id, verb, actor, fingerprint)
    result = perform()
    if result is not None:
        operation.object_type, operation.object_id = result._meta.label_lower, str(result.pk)
        operation.save(update_fields=["object_type", "object_id"])
    return result


def _earlier_result(operation_id: UUID, verb: str, actor: User, fingerprint: str) -> Result:  # type: ignore[type-var]
    operation = Operation.objects.get(pk=operation_id)
    same = (operation.actor_id, operation.verb, operation.fingerprint)
    if same != (actor.pk, verb, fingerprint):
        raise ValidationError(
            _("This form was used before. Open the page again and fill it in anew."), code="reused"
        )
    if not operation.object_type:
        return None  # type: ignore[return-value]  # the action itself returned nothing
    model = apps.get_model(operation.object_type)
    earlier: Result = model._base_manager.get(pk=operation.object_id)
    return earlier


def stale(version: int, current: int) -> None:
    """Raises ValidationError, code `stale`, when a form was filled in on an older version."""
    if version != current:
        raise ValidationError(
            _("Somebody changed this while you had it open. Nothing was saved; look again."),
            code="stale",
        )


@transaction.atomic
def sweep_outbox() -> None:
    """Forget what was done long ago: finished jobs and the operations of old forms."""
    now = timezone.now()
    OutboxJob.objects.filter(
        state=OutboxJob.State.DONE, created_at__lt=now - KEEP_DONE_JOBS
    ).delete()
    Operation.objects.filter(at__lt=now - KEEP_OPERATIONS).delete()


@transaction.atomic
def set_theme(user: User, *, theme: str, actor: User) -> User:
    """Keep the colours a person chose. Raises ValidationError for a word that is no theme."""
    user.theme = theme
    user.full_clean(exclude=["password"])
    user.save(update_fields=["theme"])
    return user


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
    record(user, "make_first_administrator", user)
    return user
