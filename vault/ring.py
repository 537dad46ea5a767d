"""The key ring's file: make it, add a version, take an old one out.

`{"current": 2, "kek": {"1": "<base64 of 32 bytes>", "2": …}, "search": "<base64 of 32 bytes>",
"made": {"2": "2026-11-22T04:00:00+00:00"}}`. A change is written beside it and put in its place
in one step, so a reader sees the old ring or the new one and a crash leaves no half.
"""

import base64
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from vault.keys import FileKeyProvider, KeyRingError, new_data_key

# Longer than any request or job runs: what was wrapped with the version before is stored by then.
SETTLED = timedelta(minutes=15)


def make_ring(path: Path) -> FileKeyProvider:
    """A new ring with version 1. Raises KeyRingError where a file stands: no key is replaced."""
    if path.exists():
        raise KeyRingError("There is a file already, and a key is never replaced.")
    ring = {"current": 1, "kek": {"1": _new_key()}, "search": _new_key(), "made": {"1": _now()}}
    _write(path, ring, mode=0o400)
    return FileKeyProvider.read(path)


def add_version(path: Path) -> FileKeyProvider:
    """Add a master key; from now on it wraps, and the older ones only open."""
    ring = _read(path)
    version = str(max(map(int, ring["kek"])) + 1)
    ring["kek"][version] = _new_key()
    ring["current"] = int(version)
    ring.setdefault("made", {})[version] = _now()
    _write(path, ring, mode=path.stat().st_mode & 0o777)
    return FileKeyProvider.read(path)


def retire_versions(path: Path) -> list[int]:
    """Take out every version but the current one; returns them.

    The caller has made sure that no data key is wrapped with them any more.
    """
    ring = _read(path)
    current = str(ring["current"])
    retired = sorted(int(version) for version in ring["kek"] if version != current)
    if retired:
        ring["kek"] = {current: ring["kek"][current]}
        ring["made"] = {current: ring.get("made", {}).get(current, _now())}
        _write(path, ring, mode=path.stat().st_mode & 0o777)
    return retired


def is_settled(path: Path) -> bool:
    """Whether nobody can still hold a key that was wrapped before the current version came."""
    ring = _read(path)
    made = ring.get("made", {}).get(str(ring["current"]))
    return made is None or datetime.now(UTC) - datetime.fromisoformat(made) > SETTLED


def _read(path: Path) -> dict[str, Any]:
    FileKeyProvider.read(path)
    ring: dict[str, Any] = json.loads(path.read_text())
    return ring


def _write(path: Path, ring: dict[str, Any], *, mode: int) -> None:
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "w") as file:
            json.dump(ring, file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise KeyRingError(f"The key ring cannot be written: {error.strerror}.") from error


def _new_key() -> str:
    return base64.b64encode(new_data_key()).decode()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
