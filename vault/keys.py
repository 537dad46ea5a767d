"""The key ring: master keys that wrap one data key per person and per case.

The ring is a file outside database, backups and environment; `vault.ring` says what is in it.
`KEY_PROVIDER` names the function that answers with what wraps and unwraps: a file today, a vault
or an HSM tomorrow.
"""

import base64
import binascii
import hashlib
import hmac
import json
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.module_loading import import_string

KEY_BYTES = 32
NONCE_BYTES = 12


class KeyRingError(Exception):
    """The key ring cannot be used; the text says why and names no key."""


class KeyProvider(Protocol):
    """What wraps and unwraps data keys: a file today, a vault or HSM later.

    Each method raises KeyRingError when keys cannot be had.
    """

    @property
    def current_version(self) -> int: ...

    @property
    def versions(self) -> list[int]: ...

    def wrap(self, key: bytes, context: bytes) -> tuple[int, bytes]: ...

    def unwrap(self, version: int, wrapped: bytes, context: bytes) -> bytes: ...

    def blind(self, purpose: str, value: str) -> bytes: ...


@dataclass(frozen=True)
class FileKeyProvider:
    """Master keys read from a key ring file that only its owner can read."""

    current_version: int
    master_keys: dict[int, bytes]
    search_key: bytes

    @classmethod
    def read(cls, path: Path) -> "FileKeyProvider":
        """Read and check the ring. Raises KeyRingError with a plain reason."""
        try:
            mode = path.stat().st_mode
            ring = json.loads(path.read_text())
            keys = {int(version): base64.b64decode(key) for version, key in ring["kek"].items()}
            current, search_key = int(ring["current"]), base64.b64decode(ring["search"])
        except OSError as error:
            raise KeyRingError(f"The key ring cannot be read: {error.strerror}.") from error
        except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
            raise KeyRingError("The key ring is not in the form this version reads.") from error
        if mode & (stat.S_IRWXG | stat.S_IRWXO) and not settings.KEY_RING_READABLE_BY_GROUP:
            raise KeyRingError("The key ring can be read by others: set its mode to 0400.")
        if current not in keys or {len(key) for key in [*keys.values(), search_key]} != {KEY_BYTES}:
            raise KeyRingError("The key ring lacks a key, or a key has the wrong length.")
        return cls(current, keys, search_key)

    @property
    def versions(self) -> list[int]:
        return sorted(self.master_keys)

    def wrap(self, key: bytes, context: bytes) -> tuple[int, bytes]:
        return self.current_version, seal(self.master_keys[self.current_version], key, context)

    def unwrap(self, version: int, wrapped: bytes, context: bytes) -> bytes:
        if version not in self.master_keys:
            raise KeyRingError(f"The key ring has no version {version}.")
        return unseal(self.master_keys[version], wrapped, context)

    def blind(self, purpose: str, value: str) -> bytes:
        """A keyed hash of a value, so that equal values can be found and none read."""
        text = f"{purpose}|{value}".encode()
        return hmac.new(self.search_key, text, hashlib.sha256).digest()


class SealError(Exception):
    """A sealed value does not belong to the place it was read from, or was changed."""


class KeyGoneError(ValueError):
    """There is nothing to seal with: the key of the person or case was destroyed, or never made."""


def seal(key: bytes, plain: bytes, context: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, context)


def unseal(key: bytes, sealed: bytes, context: bytes) -> bytes:
    """Raises SealError when key, context or bytes do not fit together."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context)
    except (InvalidTag, ValueError) as error:
        raise SealError from error


def new_data_key() -> bytes:
    return os.urandom(KEY_BYTES)


@lru_cache(maxsize=1)
def _read_once(path: str, changed_ns: int) -> FileKeyProvider:
    return FileKeyProvider.read(Path(path))


def file_key_provider() -> KeyProvider:
    """The key ring's file, read again when it changed."""
    path = settings.KEY_RING_FILE
    try:
        changed_ns = Path(path).stat().st_mtime_ns
    except OSError as error:
        raise KeyRingError(f"The key ring cannot be read: {error.strerror}.") from error
    return _read_once(path, changed_ns)


@lru_cache(maxsize=1)
def _named(dotted_path: str) -> Callable[[], KeyProvider]:
    found: Callable[[], KeyProvider] = import_string(dotted_path)
    return found


def key_provider() -> KeyProvider:
    """What holds the keys in this installation. Raises KeyRingError."""
    return _named(settings.KEY_PROVIDER)()
