"""Seal what was written down, tell it outside, and let old segments go."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import ProgrammingError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.audit import record
from accounts.audit_seals import (
    COLUMNS,
    FORM,
    Outside,
    Row,
    SigningKey,
    Verdict,
    hash_of,
    late_since,
    latest_anchor,
    note_outside,
    open_gaps,
    sums,
    verify,
)
from accounts.models import AuditEvent, AuditKey, AuditSeal, Role, User
from accounts.notices import notify
from accounts.outbox import enqueue

BATCH = 5_000
# A missing id may belong to a transaction that goes on; after so long it was rolled back.
HOLD = timedelta(seconds=30)
ANCHOR_EVERY = timedelta(hours=1)

# Rows of transactions that every reader sees: no older one can still be under way.
DECIDED = """
SELECT event.id, event.at FROM accounts_auditevent event
WHERE {which} AND age(event.xmin) > age(pg_snapshot_xmin(pg_current_snapshot())::xid)
ORDER BY event.id LIMIT %s
"""
NEW = DECIDED.format(which="event.id > %s")
LATE = DECIDED.format(
    which="EXISTS (SELECT FROM unnest(%s::bigint[], %s::bigint[]) AS gap(low, high)"
    " WHERE event.id BETWEEN gap.low AND gap.high) AND NOT event.id = ANY(%s::bigint[])"
)


@transaction.atomic
def seal_trail(key: SigningKey, *, hold: timedelta = HOLD) -> AuditSeal | None:
    """Put one seal under what is decided and not sealed yet; None when there is nothing.

    Safe to be killed, and to run twice at once: the second does nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('casework sealer'))")
        if not cursor.fetchone()[0]:
            return None
    now = timezone.now()
    before = AuditSeal.objects.order_by("-number").first()
    start = before.last if before else 0
    ids = _up_to_open_gap(start, _decided(NEW, [start]), now - hold)
    late = _late(now)
    if not ids and not late:
        return None
    AuditKey.objects.get_or_create(key=key.name, defaults={"public": key.public})
    rows = [*_rows(late), *_rows(ids)]
    root, marks = sums(rows)
    seal = AuditSeal(
        number=before.number + 1 if before else 1,
        at=now,
        form=FORM,
        first=start + 1,
        last=ids[-1] if ids else start,
        count=len(rows),
        gaps=_gaps(start, ids),
        late=late,
        root=root,
        marks=marks,
        prev=before.hash if before else "",
        key=key.name,
    )
    seal.hash = hash_of(seal)
    seal.signature = key.sign(seal.hash)
    seal.save(force_insert=True)
    return seal


def _decided(question: str, values: list[Any]) -> list[tuple[int, datetime]]:
    with connection.cursor() as cursor:
        cursor.execute(question, [*values, BATCH])
        return list(cursor.fetchall())


def _late(now: datetime) -> list[int]:
    gaps = open_gaps(now)
    if not gaps:
        return []
    lows, highs = [low for low, _high in gaps], [high for _low, high in gaps]
    return [each for each, _at in _decided(LATE, [lows, highs, late_since(now)])]


def _up_to_open_gap(
    start: int, found: Iterable[tuple[int, datetime]], closed_before: datetime
) -> list[int]:
    """The ids in order, up to the first gap that a transaction may still fill."""
    ids: list[int] = []
    for number, at in found:
        is_gap = number != (ids[-1] if ids else start) + 1
        if is_gap and at > closed_before:
            break
        ids.append(number)
    return ids


def _gaps(start: int, ids: Iterable[int]) -> list[list[int]]:
    gaps, expected = [], start + 1
    for number in ids:
        if number > expected:
            gaps.append([expected, number - 1])
        expected = number + 1
    return gaps


def _rows(ids: Sequence[int]) -> list[Row]:
    return list(AuditEvent.objects.filter(id__in=ids).order_by("id").values_list(*COLUMNS[FORM]))


def anchor_outside(path: Path, key: SigningKey, last: datetime | None) -> datetime | None:
    """Once an hour, add the newest seal to the sealer's own file; returns when it last did."""
    now = timezone.now()
    anchor = latest_anchor()
    if anchor is None or (last and now - last < ANCHOR_EVERY):
        return last
    if key.name not in Outside.read(path).keys:
        note_outside(path, {"key": key.name, "public": key.public})
    note_outside(
        path, {"at": now, "number": anchor.number, "last": anchor.last, "hash": anchor.hash}
    )
    return now


def note_restore(path: Path) -> None:
    """Say in the sealer's file that the trail continues from a backup."""
    anchor = latest_anchor()
    number = anchor.number if anchor else 0
    note_outside(path, {"at": timezone.now(), "restored": number})


def keepers() -> "QuerySet[User]":
    """Who is told when the trail does not fit, and who keeps its newest seal."""
    held = User.objects.at_work_as(Role.Code.DATA_PROTECTION, Role.Code.LEADERSHIP)
    return held.filter(organization__is_house=True)


@transaction.atomic
def check_trail(anchors: Path) -> Verdict:
    """Recompute all seals, write down how it ended, and tell when something does not fit."""
    verdict = verify(Outside.read(anchors))
    ended = AuditEvent.Result.OK if verdict.is_good else AuditEvent.Result.FAILED
    record(None, "verify_audit", AuditEvent(), result=ended, meta=verdict.told())
    if not verdict.is_good:
        notify(keepers(), "audit_broken", url_name="protection:seals")
    return verdict


@transaction.atomic
def promise_anchor() -> None:
    """Once a day, have the newest seal mailed to those who keep it."""
    anchor = latest_anchor()
    if anchor is not None:
        enqueue("anchor_due", key=timezone.localdate().isoformat(), number=anchor.number)


# After so many years a segment may go; the database looks again what stands in it.
YEARS = (2, 5)


@transaction.atomic
def drop_old_segments(now: datetime | None = None) -> int:
    """Let segments go whose time is over; their seals stay. Returns how many rows went.

    Each segment is looked at once for each age: what is too young for the first may go at the
    second. A night that was missed is made up for in the next.
    """
    moment, dropped = now or timezone.now(), 0
    for years in YEARS:
        end = moment - timedelta(days=366 * years)
        due = AuditSeal.objects.filter(at__gte=_dropped_until(years), at__lt=end, count__gt=0)
        gone = sum(_drop(number) for number in due.order_by("number").values_list("pk", flat=True))
        told = {"years": years, "until": end.isoformat(), "rows": gone}
        record(None, "drop_segments", AuditSeal(), meta=told)
        dropped += gone
    return dropped


def _dropped_until(years: int) -> datetime:
    last = AuditEvent.objects.filter(verb="drop_segments", meta__years=years).order_by("-id")
    told = last.values_list("meta__until", flat=True).first()
    return (told and parse_datetime(told)) or datetime.min.replace(tzinfo=UTC)


def _drop(number: int) -> int:
    """How many rows of a segment went: none where the database finds it too young."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT drop_audit_segment(%s)", [number])
            return int(cursor.fetchone()[0])
    except ProgrammingError:
        return 0
