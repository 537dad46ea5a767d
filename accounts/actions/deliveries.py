"""Verbs about messages that leave: sent, tried again, given up, forgotten.

What happens outside cannot be rolled back. So each try is written down before it begins and its
end afterwards; between the two lies no transaction. A try of which nobody knows how it ended,
because its worker died or the line broke, is made once more and no oftener.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import post
from accounts.gateways import gateway
from accounts.letters import Letter, RefusedError
from accounts.models import Delivery
from accounts.outbox import Settle, enqueue
from accounts.outgoing import AwayError, DoubtfulError
from vault.keys import SealError

log = logging.getLogger(__name__)

# Longer than any try lasts, shorter than the outbox waits before it sends a job again.
TRY_LASTS = timedelta(minutes=9)
# How long to wait after each try that failed; after the last one the message is given up.
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480)]
KEPT_OPEN = timedelta(days=2)


def deliver(key: str, *, settle: Settle) -> None:
    """Send one message, unless it is over or somebody is at it."""
    letter = _begin(key, settle)
    send = gateway(letter.channel) if letter is not None else None
    if letter is None or send is None:
        return
    try:
        send(letter)
    except RefusedError:
        _end(key, Delivery.State.GIVEN_UP, settle)
    except AwayError as error:
        is_doubtful = isinstance(error, DoubtfulError)
        _end(key, Delivery.State.FAILED, settle, is_doubtful=is_doubtful)
    else:
        _end(key, Delivery.State.SENT, settle)


@transaction.atomic
def _begin(key: str, settle: Settle) -> Letter | None:
    """Write down that a try begins, and write the message; None when there is none to make."""
    row = Delivery.objects.select_for_update().filter(dedupe_key=key).first()
    if row is None or row.is_over:
        settle()
        return None
    now = timezone.now()
    if row.begun_at is not None and now - row.begun_at < TRY_LASTS:
        return None
    is_lost_twice = row.begun_at is not None and row.is_doubtful
    row.is_doubtful = row.is_doubtful or row.begun_at is not None
    letter = None if is_lost_twice or gateway(row.channel) is None else _written(row)
    if letter is None:
        _give_up(row)
        settle()
        return None
    row.attempts, row.begun_at = row.attempts + 1, now
    row.save()
    return letter


def _written(row: Delivery) -> Letter | None:
    try:
        return post.written(row)
    except (SealError, ValueError) as error:
        log.warning("message cannot be written: %s, %s", row.text, type(error).__name__)
        return None


@transaction.atomic
def _end(key: str, state: str, settle: Settle, *, is_doubtful: bool = False) -> None:
    """Write down how a try ended; one that failed is promised anew."""
    row = Delivery.objects.select_for_update().get(dedupe_key=key)
    if row.is_over or not settle():
        return
    is_lost_twice = is_doubtful and row.is_doubtful
    if state == Delivery.State.FAILED and row.attempts <= len(WAITS) and not is_lost_twice:
        row.state, row.begun_at, row.is_doubtful = state, None, is_doubtful or row.is_doubtful
        row.save()
        at = timezone.now() + WAITS[row.attempts - 1]
        enqueue(post.EVENT, key=f"{key}#{row.attempts}", delivery=key, at=at)
        return
    if state == Delivery.State.SENT:
        row.end(state)
        row.save()
        return
    _give_up(row)


def _give_up(row: Delivery) -> None:
    """Whoever wants to know answers the event."""
    log.error("message given up: %s", row.text)
    row.end(Delivery.State.GIVEN_UP)
    row.save()
    enqueue("delivery_given_up", key=row.dedupe_key, delivery=row.dedupe_key)


@transaction.atomic
def sweep_deliveries() -> None:
    """Give up what nothing brought to an end, and forget what ended long ago."""
    now = timezone.now()
    old = Delivery.objects.filter(ended_at=None, created_at__lt=now - KEPT_OPEN)
    for row in old.select_for_update(skip_locked=True):
        _give_up(row)
    before = now - timedelta(days=settings.RETENTION_SHORT_DAYS)
    Delivery.objects.filter(ended_at__lt=before).delete()
