"""Check and clean a file that waits in quarantine, in a process of its own, once."""

import base64
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.outbox import enqueue
from files import scanner, shelf
from files.actions.removing import drop_after_commit
from files.actions.storing import STORED, fingerprint, write
from files.kinds import Media
from files.models import StoredFile
from files.models.stored_file import new_place
from vault.keys import new_data_key

WALL_SECONDS = 120
MAX_ATTEMPTS = 3
AGAIN_AFTER = timedelta(minutes=5)
WASHED, REFUSED = 0, 3
# What ends a process from outside says nothing about the file.
ENDED_FROM_OUTSIDE = {-9, -15}
BATCH = 100

Reason = StoredFile.Reason


@dataclass(frozen=True)
class Verdict:
    """What came out: a clean content, or the reason why there is none; neither is "not yet"."""

    content: bytes = b""
    reason: str = ""


def check_file(file_id: UUID, settle: Callable[[], bool]) -> None:
    """Look at one file and make it ready or refuse it; while the scanner is away it waits on.

    A run that dies leaves the file in quarantine; another run does it again, one of them counts.
    """
    stored = _begin(file_id, settle)
    if stored is None:
        return
    verdict = _judge(shelf.get(stored.place, stored.key, stored.context), stored)
    if verdict.content:
        _make_ready(stored, verdict.content, settle)
    elif verdict.reason == Reason.SCANNER_AWAY:
        _let_wait(stored, settle)
    else:
        _refuse(stored, verdict.reason, settle)


@transaction.atomic
def _begin(file_id: UUID, settle: Callable[[], bool]) -> StoredFile | None:
    """The file with its key, or nothing when there is nothing left to do.

    In a transaction: outside of one the database shows no file to anybody.
    """
    stored = StoredFile.objects.select_related("data_key").filter(pk=file_id).first()
    if stored is None or not stored.is_waiting or stored.data_key is None:
        settle()
        return None
    StoredFile.objects.filter(pk=file_id).update(
        attempts=F("attempts") + 1, tried_at=timezone.now()
    )
    return stored


def _judge(content: bytes, stored: StoredFile) -> Verdict:
    if scanner.is_installed():
        try:
            if not scanner.is_harmless(content):
                return Verdict(reason=Reason.MALWARE)
        except scanner.ScannerAwayError:
            return Verdict(reason=Reason.SCANNER_AWAY)
    return wash(content, Media(stored.media), last=stored.attempts + 1 >= MAX_ATTEMPTS)


class WashingEndedError(Exception):
    """The washing was ended from outside; the job comes again."""


def wash(content: bytes, media: Media, *, last: bool = True) -> Verdict:
    """Clean a content in a process with limits; that process knows no key and no database."""
    try:
        done = subprocess.run(  # noqa: S603  # our own program, and a word of our own list
            [sys.executable, "-m", "files.washing", media.value],
            input=content,
            capture_output=True,
            check=False,
            cwd=settings.BASE_DIR,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
            timeout=WALL_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return Verdict(reason=Reason.TOO_HEAVY)
    if done.returncode == WASHED:
        return Verdict(content=done.stdout)
    if done.returncode == REFUSED:
        said = done.stderr.decode(errors="replace")
        return Verdict(reason=said if said in Reason.values else Reason.BROKEN)
    if done.returncode in ENDED_FROM_OUTSIDE and not last:
        raise WashingEndedError
    return Verdict(reason=Reason.TOO_HEAVY)


def _make_ready(stored: StoredFile, content: bytes, settle: Callable[[], bool]) -> None:
    """Seal the clean content at a new place under a new key, then change over."""
    place, key = new_place(), new_data_key()
    write(place, content, key, stored.pk)
    with transaction.atomic():
        row = _locked(stored)
        if not row.is_waiting or not settle():
            drop_after_commit(place)
            return
        drop_after_commit(row.place)
        row.place, row.secret = place, base64.b64encode(key).decode()
        row.size, row.sha256 = len(content), fingerprint(content)
        row.media = Media.JPEG if row.media == Media.HEIC else row.media
        row.state, row.reason = StoredFile.State.CLEAN, ""
        row.save()
        if row.original is not None:
            row.original.state = StoredFile.State.CLEAN
            row.original.save(update_fields=["state"])


def _refuse(stored: StoredFile, reason: str, settle: Callable[[], bool]) -> None:
    """Keep that it was refused and why; nothing of its content."""
    with transaction.atomic():
        row = _locked(stored)
        if not row.is_waiting or not settle():
            return
        for one in filter(None, [row, row.original]):
            drop_after_commit(one.place)
            one.state, one.reason = StoredFile.State.REFUSED, reason
            one.place, one.secret = "", ""
            one.save()


def _let_wait(stored: StoredFile, settle: Callable[[], bool]) -> None:
    """Waiting for the scanner is no failure of the file: it is not counted as a try."""
    with transaction.atomic():
        settle()
        StoredFile.objects.filter(pk=stored.pk, state=StoredFile.State.QUARANTINE).update(
            reason=Reason.SCANNER_AWAY, attempts=0
        )


def _locked(stored: StoredFile) -> StoredFile:
    rows = StoredFile.objects.select_for_update(of=("self",)).select_related(
        "data_key", "original__data_key"
    )
    return rows.get(pk=stored.pk)


@transaction.atomic
def check_again() -> int:
    """Promise another look at files that have been waiting for a while; returns how many."""
    late = timezone.now() - AGAIN_AFTER
    waiting = StoredFile.objects.filter(
        Q(tried_at__lt=late) | Q(tried_at=None, created_at__lt=late),
        state=StoredFile.State.QUARANTINE,
    ).exclude(kind=StoredFile.Kind.ORIGINAL)
    ids = list(waiting.order_by("created_at").values_list("pk", flat=True)[:BATCH])
    stamp = f"{timezone.now():%Y%m%d%H%M}"
    for file_id in ids:
        enqueue(STORED, key=f"{file_id}:{stamp}", file_id=file_id)
    return len(ids)
