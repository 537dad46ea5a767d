"""What a backup says of itself: its files with their sums, its rows, its place in the trail.

It is marked with the key ring, so a backup that somebody else made up, or one of another house,
is told from ours. It lies encrypted beside the dumps.
"""

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from vault.keys import key_provider

FORM = 1
CHUNK = 1 << 20


class BackupError(Exception):
    """A backup cannot be made, or is not what it says; the text is for the administrator."""


@dataclass
class Manifest:
    """`parts`, `files`: {name: SHA-256}; `rows`: {table: count}; `migrations`: {app: last name}."""

    made_at: str
    rows: dict[str, int]
    migrations: dict[str, str]
    anchor: str
    key_versions: list[int]
    parts: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    form: int = FORM
    mark: str = ""

    def dump(self) -> bytes:
        self.mark = self._mark()
        return json.dumps(asdict(self), sort_keys=True).encode()

    @classmethod
    def load(cls, text: bytes) -> Self:
        """Raises BackupError when this house's key ring did not mark it."""
        try:
            told: dict[str, Any] = json.loads(text)
            manifest = cls(**told)
        except (ValueError, TypeError) as error:
            raise BackupError("The manifest is not in the form this version reads.") from error
        if not hmac.compare_digest(manifest.mark, manifest._mark()):
            raise BackupError(
                "The manifest was changed, or the key ring is not the one of this backup."
            )
        return manifest

    def _mark(self) -> str:
        told = {name: value for name, value in asdict(self).items() if name != "mark"}
        return key_provider().blind("backup", json.dumps(told, sort_keys=True)).hex()


def sum_of(path: Path) -> str:
    """SHA-256 of a file, read piece by piece."""
    total = hashlib.sha256()
    with path.open("rb") as source:
        while piece := source.read(CHUNK):
            total.update(piece)
    return total.hexdigest()
