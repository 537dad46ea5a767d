"""The one way an act is written down."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import DatabaseError, models, transaction

from accounts.logs import request_id
from accounts.models import AuditEvent, User
from accounts.origin import keyed, origin


class TrailError(Exception):
    """An act could not be written down, so it does not happen and nothing is shown."""


def record(
    actor: User | None,
    verb: str,
    obj: models.Model,
    *,
    case_id: UUID | None = None,
    fields: Iterable[str] = (),
    note: str = "",
    result: str = AuditEvent.Result.OK,
    purpose: str = "",
    on_behalf: str = "",
    meta: Mapping[str, Any] | None = None,
) -> None:
    """Write down one act on one object, in the transaction of the act.

    `fields` are names; `note`, `purpose` (why, for acts that ask for a reason), `on_behalf` (the
    kind of access, where it is not the actor's own work) and `meta` are codes: never a value.
    Raises TransactionManagementError outside a transaction, where the act could survive without
    its row, and TrailError when the row cannot be written.
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
            result=result,
            purpose=purpose,
            on_behalf=on_behalf,
            meta=dict(meta or {}),
        )
    )


def record_list(
    actor: User | None,
    verb: str,
    model: type[models.Model],
    shown: Iterable[UUID],
    note: str = "",
    *,
    case_id: UUID | None = None,
    term: str = "",
    meta: Mapping[str, Any] | None = None,
) -> None:
    """Write down that these rows of a list were shown.

    `term` is what was searched for; only its keyed hash is kept.
    """
    told = dict(meta or {})
    if term:
        told["term"] = keyed("term", " ".join(term.casefold().split()))
    _insert(
        AuditEvent(
            actor=actor,
            verb=verb,
            object_type=model._meta.label_lower,
            listed=list(shown),
            note=note,
            case_id=case_id,
            meta=told,
        )
    )


def record_entry(
    verb: str,
    *,
    user: User | None = None,
    login: str = "",
    result: str = AuditEvent.Result.OK,
    note: str = "",
) -> None:
    """Write down who came in, went out or was turned away at the door of the house.

    `verb`: sign_in, sign_out, second_factor, step_up, reset_password … Of a `login` that was
    typed only the keyed hash is kept: it may be a password in the wrong field. `note` is a code.
    """
    told = {"login": keyed("login", login.strip().casefold())} if login else {}
    with transaction.atomic():
        _insert(
            AuditEvent(
                actor=user,
                verb=verb,
                object_type=User._meta.label_lower,
                object_id=str(user.pk) if user else "",
                result=result,
                note=note,
                meta=told,
            )
        )


def record_refusal(
    actor: User, route: str, method: str, status: int, asked: Mapping[str, Any]
) -> None:
    """Write down a page that was refused: its route's name and the ids that were asked for.

    It has a transaction of its own: the request's is gone.
    """
    ids = [str(value) for value in asked.values() if _is_id(value)]
    told = {"route": route[:100], "method": method, "status": status}
    if len(ids) > 1:
        told["ids"] = ids
    with transaction.atomic():
        _insert(
            AuditEvent(
                actor=actor,
                verb="refuse",
                object_id=ids[0] if ids else "",
                result=AuditEvent.Result.DENIED,
                meta=told,
            )
        )


def _is_id(value: object) -> bool:
    try:
        return bool(UUID(str(value)))
    except ValueError:
        return False


def _insert(event: AuditEvent) -> None:
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("An act is written down in its transaction.")
    event.request_id = request_id.get()
    here = origin.get()
    event.session, event.device, event.ip_hash = here.session, here.device, here.address
    try:
        event.save(force_insert=True)
    except DatabaseError as error:
        raise TrailError from error
