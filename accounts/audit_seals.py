"""The seals under the trail: their form, their signature, and whether all of it still holds.

Decision and reasons: docs/decisions/0021-sealed-trail.md.
"""

import base64
import hashlib
import json
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.utils import timezone

from accounts.models import AuditEvent, AuditKey, AuditSeal

FORM = 1
# The columns of each form, in order. A later form adds a list; an old seal keeps its own.
COLUMNS = {
    1: (
        *("id", "at", "actor_id", "on_behalf", "session", "device", "ip_hash"),
        *("verb", "object_type", "object_id", "case_id", "listed", "fields"),
        *("note", "purpose", "result", "request_id", "meta"),
    ),
}
SEALED = ("number", "at", "form", "first", "last", "count", "gaps", "late", "root", "prev", "key")
MARK_BYTES = 4
# A row may still come into a gap for so long: longer than any transaction lasts.
LATE = timedelta(hours=1)
# After this a whole segment may be gone (drop_audit_segment sees to the rest).
KEPT = timedelta(days=2 * 365)

Row = tuple[Any, ...]


def canonical(value: Any) -> bytes:
    """One way to write a value down, so that equal values have equal sums."""
    return json.dumps(value, default=_told, separators=(",", ":"), sort_keys=True).encode()


def _told(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value)


def sums(rows: Iterable[Row]) -> tuple[str, bytes]:
    """(root, marks): the sum of all rows, and a short mark of each to tell which one changed."""
    whole, marks = hashlib.sha256(), bytearray()
    for row in rows:
        one = hashlib.sha256(canonical(row)).digest()
        whole.update(one)
        marks += one[:MARK_BYTES]
    return whole.hexdigest(), bytes(marks)


def hash_of(seal: AuditSeal) -> str:
    told = [getattr(seal, name) for name in SEALED]
    marks = hashlib.sha256(bytes(seal.marks)).hexdigest()
    return hashlib.sha256(canonical([*told, marks])).hexdigest()


class SigningKeyError(Exception):
    """The signing key cannot be used; the text says why."""


class SigningKey(NamedTuple):
    """What the sealer signs with; only its own account can read the file."""

    private: Ed25519PrivateKey

    @classmethod
    def read(cls, path: Path) -> "SigningKey":
        """The file holds the 32 bytes in base64. Raises SigningKeyError with a plain reason."""
        try:
            mode, text = path.stat().st_mode, path.read_text()
            private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(text))
        except OSError as error:
            raise SigningKeyError(f"The signing key cannot be read: {error.strerror}.") from error
        except ValueError as error:
            raise SigningKeyError("The signing key is not 32 bytes in base64.") from error
        if mode & (stat.S_IRWXG | stat.S_IRWXO) and not settings.KEY_RING_READABLE_BY_GROUP:
            raise SigningKeyError("The signing key can be read by others: set its mode to 0400.")
        return cls(private)

    @property
    def public(self) -> str:
        return base64.b64encode(self.private.public_key().public_bytes_raw()).decode()

    @property
    def name(self) -> str:
        return key_name(self.public)

    def sign(self, text: str) -> str:
        return base64.b64encode(self.private.sign(text.encode())).decode()


def key_name(public: str) -> str:
    return hashlib.sha256(public.encode()).hexdigest()[:16]


def is_signed(seal: AuditSeal, public: str) -> bool:
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public))
        key.verify(base64.b64decode(seal.signature), seal.hash.encode())
    except (InvalidSignature, ValueError):
        return False
    return key_name(public) == seal.key


class Anchor(NamedTuple):
    """The newest seal as it is told outside: whoever kept it can show that nothing was cut."""

    number: int
    hash: str
    last: int
    at: datetime

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


def latest_anchor() -> Anchor | None:
    """For the foot of an export, a backup's manifest, the daily mail; None before the first."""
    seal = AuditSeal.objects.order_by("-number").first()
    return Anchor(seal.number, seal.hash, seal.last, seal.at) if seal else None


@dataclass
class Outside:
    """What was kept outside the database: anchors, and the public keys as first published."""

    anchors: dict[int, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    lost: int = 0

    @classmethod
    def read(cls, path: Path) -> "Outside":
        """From the sealer's file; of a file that is not there, nothing."""
        found = cls()
        if not path.is_file():
            return found
        for line in path.read_text().splitlines():
            told = json.loads(line)
            if "public" in told:
                found.keys[told["key"]] = told["public"]
            elif "restored" in told:
                found._forget_after(told["restored"])
            else:
                found.anchors[told["number"]] = told["hash"]
        return found

    def _forget_after(self, number: int) -> None:
        """After a restore the trail continues from where the backup was."""
        gone = [each for each in self.anchors if each > number]
        self.lost += len(gone)
        for each in gone:
            del self.anchors[each]


def note_outside(path: Path, told: dict[str, Any]) -> None:
    """Add one line; it is on the disk when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(canonical(told).decode() + "\n")
        file.flush()
        os.fsync(file.fileno())


@dataclass
class Verdict:
    """What verify found. `first_bad` is the id of the first row that is not as it was sealed."""

    seals: int = 0
    rows: int = 0
    dropped: int = 0
    unsealed: int = 0
    anchors: int = 0
    lost_anchors: int = 0
    first_bad: int | None = None
    problem: str = ""

    @property
    def is_good(self) -> bool:
        return not self.problem

    def told(self) -> dict[str, Any]:
        return {"ok": self.is_good, **asdict(self)}

    def broken(self, at: int, problem: str) -> "Verdict":
        self.first_bad, self.problem = at, problem
        return self


def verify(outside: Outside | None = None) -> Verdict:
    """Recompute every seal, and compare with what was kept outside."""
    outside = outside or Outside()
    keys = outside.keys or dict(AuditKey.objects.values_list("key", "public"))
    verdict = Verdict(lost_anchors=outside.lost)
    before: AuditSeal | None = None
    waiting = dict(outside.anchors)
    for seal in AuditSeal.objects.order_by("number").iterator(chunk_size=500):
        if problem := _chain_problem(seal, before, keys):
            return verdict.broken(seal.first, problem)
        if waiting.pop(seal.number, seal.hash) != seal.hash:
            return verdict.broken(seal.first, "an anchor outside says something else")
        _check_rows(seal, verdict)
        if not verdict.is_good:
            return verdict
        verdict.seals, before = verdict.seals + 1, seal
    verdict.anchors = len(outside.anchors) - len(waiting)
    end = before.last if before else 0
    if waiting:
        return verdict.broken(end + 1, "the end was cut: a seal that was told outside is missing")
    return _check_rest(verdict, end)


def _chain_problem(seal: AuditSeal, before: AuditSeal | None, keys: dict[str, str]) -> str:
    number, last, prev = (before.number, before.last, before.hash) if before else (0, 0, "")
    if seal.number != number + 1:
        return "a seal is missing"
    if (seal.first, seal.prev) != (last + 1, prev) or hash_of(seal) != seal.hash:
        return "a seal was changed"
    if not is_signed(seal, keys.get(seal.key, "")):
        return "a seal is not signed by a key we know"
    return ""


def rows_of(seal: AuditSeal) -> list[Row]:
    """The rows a seal should cover, as they are now, in the order they were summed."""
    columns = COLUMNS[seal.form]
    inside = AuditEvent.objects.filter(id__gte=seal.first, id__lte=seal.last)
    late = AuditEvent.objects.filter(id__in=seal.late)
    found = list(inside.order_by("id").values_list(*columns))
    kept = [row for row in found if not _is_in(row[0], seal.gaps)]
    return [*late.order_by("id").values_list(*columns), *kept]


def _is_in(number: int, ranges: Sequence[Sequence[int]]) -> bool:
    return any(low <= number <= high for low, high in ranges)


def ids_of(seal: AuditSeal) -> Iterator[int]:
    """The ids a seal covers, in the order they were summed."""
    yield from seal.late
    at = seal.first
    for low, high in [*seal.gaps, [seal.last + 1, seal.last]]:
        yield from range(at, low)
        at = high + 1


def _check_rows(seal: AuditSeal, verdict: Verdict) -> None:
    rows = rows_of(seal)
    if not rows and seal.count and seal.at < timezone.now() - KEPT:
        verdict.dropped += seal.count
        return
    root, marks = sums(rows)
    if root != seal.root or len(rows) != seal.count:
        known = dict(zip(ids_of(seal), _split(bytes(seal.marks)), strict=True))
        here = dict(zip((row[0] for row in rows), _split(marks), strict=True))
        bad = [each for each in sorted({*known, *here}) if known.get(each) != here.get(each)]
        verdict.broken(bad[0] if bad else seal.first, "a row was changed, added or taken away")
        return
    verdict.rows += len(rows)


def _split(marks: bytes) -> list[bytes]:
    return [marks[at : at + MARK_BYTES] for at in range(0, len(marks), MARK_BYTES)]


def _check_rest(verdict: Verdict, end: int) -> Verdict:
    """Rows without a seal: new ones are waited for, one in an old gap was slipped in."""
    verdict.unsealed = AuditEvent.objects.filter(id__gt=end).count()
    sealed = _sealed_late()
    for low, high, at in _gaps(AuditSeal.objects.all()):
        if at < timezone.now() - LATE:
            inside = AuditEvent.objects.filter(id__gte=low, id__lte=high)
            for found in inside.order_by("id").values_list("id", flat=True):
                if found not in sealed:
                    return verdict.broken(found, "a row stands where a sealed gap was")
    return verdict


def _gaps(seals: Any) -> Iterator[tuple[int, int, datetime]]:
    for gaps, at in seals.exclude(gaps=[]).values_list("gaps", "at").iterator(chunk_size=500):
        for low, high in gaps:
            yield low, high, at


def _sealed_late() -> set[int]:
    found = AuditSeal.objects.exclude(late=[]).values_list("late", flat=True)
    return {number for late in found for number in late}


def open_gaps(now: datetime) -> list[tuple[int, int]]:
    """Gaps into which a slow transaction may still put its row."""
    return [(low, high) for low, high, _at in _gaps(AuditSeal.objects.filter(at__gte=now - LATE))]


def late_since(now: datetime) -> list[int]:
    """Ids that were sealed after their gap, of the time in which gaps are open."""
    found = AuditSeal.objects.filter(at__gte=now - LATE).values_list("late", flat=True)
    return [number for late in found for number in late]
