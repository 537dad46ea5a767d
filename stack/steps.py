"""The one-time steps before the first page, and which of them are due at this start."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from stack.paths import ROOT

# {step: the files that decide its result}. The order is the order of the steps.
STEPS = {
    "messages": ("locale/**/*.po",),
    "database": (
        "requirements.txt",
        "*/migrations/*.py",
        "*/management/commands/*.py",
        "*/reference/**/*.json",
        "*/instruments/*.json",
        "*/database_roles.py",
    ),
    "static": ("requirements.txt", "static/**/*"),
    "demo": ("*/management/commands/seed_demo.py",),
}


def due(stamps: Path, told: dict[str, str]) -> dict[str, str]:
    """{step: its key} of each step whose files, or whose word from `told`, have changed."""
    done = read(stamps)
    keys = {step: key(patterns, told.get(step, "")) for step, patterns in STEPS.items()}
    return {step: found for step, found in keys.items() if done.get(step) != found}


def mark_done(stamps: Path, keys: dict[str, str]) -> None:
    part = stamps.with_suffix(".part")
    part.write_text(json.dumps(read(stamps) | keys, indent=1))
    part.replace(stamps)


def read(stamps: Path) -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads(stamps.read_text())
    except FileNotFoundError:
        return {}
    return found


def key(patterns: Iterable[str], word: str = "") -> str:
    found = hashlib.sha256(word.encode())
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file() and not path.relative_to(ROOT).parts[0].startswith("."):
                found.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return found.hexdigest()
