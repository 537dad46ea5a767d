"""Verbs about a screen in somebody else's hands: handed over, taken back."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from accounts.actions.sessions import end_session
from accounts.audit import record
from accounts.models import AuditEvent, Session, User

TRIES = 5


class Outcome(Enum):
    """What a code led to."""

    BACK = "back"
    WRONG = "wrong"
    ENDED = "ended"


@transaction.atomic
def hand_over_session(
    row: Session,
    *,
    code: str,
    home: str,
    routes: Sequence[str],
    told: Mapping[str, Any],
    actor: User,
) -> None:
    """Close this session to everything but `routes`, until the code is given.

    `home` is where every other address leads; `told` is for the pages that stay open. Only the
    code's hash is kept. Whoever handed over already is not overruled by a second press.
    """
    is_handed = Session.objects.filter(pk=row.pk, handed_over__isnull=True).update(
        handed_over={"home": home, "routes": list(routes), "told": dict(told)},
        handed_code=make_password(code),
        handed_tries=0,
    )
    row.refresh_from_db(fields=["handed_over"])
    if is_handed:
        record(actor, "hand_over_session", row)


@transaction.atomic
def take_back_session(row: Session, *, code: str, actor: User) -> Outcome:
    """Open a session that was handed over; with the fifth wrong code it ends.

    Tries are counted under the row's lock, so that many at once are no more than many in turn.
    """
    held = Session.objects.select_for_update().filter(pk=row.pk).first()
    if held is None:
        return Outcome.ENDED
    if held.handed_over is None:
        return Outcome.BACK
    if check_password(code, held.handed_code):
        _open(held)
        record(actor, "take_back_session", held)
        return Outcome.BACK
    held.handed_tries += 1
    held.save(update_fields=["handed_tries"])
    record(actor, "take_back_session", held, result=AuditEvent.Result.DENIED, note="wrong_code")
    if held.handed_tries < TRIES:
        return Outcome.WRONG
    end_session(held, actor=actor)
    return Outcome.ENDED


@transaction.atomic
def forget_handed_over(ids: set[str]) -> int:
    """Take numbers that nobody may know any more out of screens that are handed over.

    The screens stay closed and show their end. Returns how many there were.
    """
    found = 0
    for row in Session.objects.select_for_update().filter(handed_over__isnull=False):
        kept = row.handed_over or {}
        told = {name: value for name, value in kept["told"].items() if value not in ids}
        if told != kept["told"]:
            row.handed_over = {**kept, "told": told}
            row.save(update_fields=["handed_over"])
            found += 1
    return found


def _open(row: Session) -> None:
    row.handed_over, row.handed_code, row.handed_tries = None, "", 0
    row.save(update_fields=["handed_over", "handed_code", "handed_tries"])
