"""Verbs about operations: once, not on an older version, and swept in the end."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar, cast
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Operation, OutboxJob, User

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
        # The same verb with the same fingerprint gave it, so it is what that verb gives.
        return cast("Result", _earlier_result(operation_id, verb, actor, fingerprint))
    result = perform()
    if result is not None:
        operation.object_type, operation.object_id = result._meta.label_lower, str(result.pk)
        operation.save(update_fields=["object_type", "object_id"])
    return result


def _earlier_result(
    operation_id: UUID, verb: str, actor: User, fingerprint: str
) -> models.Model | None:
    operation = Operation.objects.get(pk=operation_id)
    same = (operation.actor_id, operation.verb, operation.fingerprint)
    if same != (actor.pk, verb, fingerprint):
        raise ValidationError(
            _("This form was used before. Open the page again and fill it in anew."), code="reused"
        )
    if not operation.object_type:
        return None
    model = apps.get_model(operation.object_type)
    earlier: models.Model = model._base_manager.get(pk=operation.object_id)
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
