"""The secrets of one installation: files that are made once and readable by their owner only."""

import base64
import json
import os
import secrets
from pathlib import Path


def write_once(path: Path, text: str) -> None:
    """Write a file that only we can read, unless it exists: a key is never replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    except FileExistsError:
        return
    with os.fdopen(handle, "w") as file:
        file.write(text)


def new_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def make_key_ring(path: Path) -> None:
    """Make a key ring: one master key, version 1, and the key of the search index."""
    ring = {"current": 1, "kek": {"1": new_key()}, "search": new_key()}
    write_once(path, json.dumps(ring))


def make_signing_key(path: Path) -> None:
    """Make the key that the sealer signs the trail with."""
    write_once(path, new_key())


def make_secret(path: Path) -> str:
    """Make a random secret, or read the one made before."""
    write_once(path, secrets.token_urlsafe(48))
    return path.read_text()
