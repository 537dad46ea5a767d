"""The one way an act is written down."""

from collections.abc import Iterable
from uuid import UUID

from django.db import models, transaction

from accounts.logs import request_id
from accounts.models import AuditEvent, User


def record(
    actor: User | None,
    verb: str,
    obj: models.Model,
    *,
    case_id: UUID | None = None,
    fields: Iterable[str] = (),
    note: str = "",
) -> None:
    """Write down one act on one object, in the transaction of the act.

    `fields` are names, `note` is a code: never a value. Raises TransactionManagementError
    outside a transaction, where the act could survive without its row.
    """
    _insert(
        AuditEvent(
            actor=actor,
            verb=verb,
            object_type=obj._meta.label_lower,
            object_id=str(obj.pk or ""),
            case_id=case_id,
            fields=sorted(fields),
            note=note,
        )
    )


def record_list(
    actor: User | None, verb: str, model: type[models.Model], shown: Iterable[UUID], note: str = ""
) -> None:
    """Write down that these rows of a list were shown."""
    _insert(
        AuditEvent(
            actor=actor,
            verb=verb,
            object_type=model._meta.label_lower,
            listed=list(shown),
            note=note,
        )
    )


def _insert(event: AuditEvent) -> None:
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("An act is written down in its transaction.")
    event.request_id = request_id.get()
    event.save(force_insert=True)
