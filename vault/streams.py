"""Whole files sealed at rest: AES-256-GCM, chunk by chunk, under a key of the file's own.

Stored form: one version byte, then chunks of 64 KiB with their tags. The nonce of a chunk is its
number and whether it is the last one, so chunks cannot be swapped, left out or cut off; the
context binds the file to its row. A key seals one file once.
"""

from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vault.keys import NONCE_BYTES, SealError

VERSION = b"\x01"
CHUNK = 64 * 1024
TAG_BYTES = 16


def seal_stream(key: bytes, source: BinaryIO, target: BinaryIO, context: bytes) -> None:
    """Write `source` to `target`, sealed. An empty source is one empty last chunk."""
    cipher = AESGCM(key)
    target.write(VERSION)
    number, chunk = 0, source.read(CHUNK)
    while True:
        following = source.read(CHUNK)
        target.write(cipher.encrypt(_nonce(number, not following), chunk, context))
        if not following:
            return
        number, chunk = number + 1, following


def open_stream(key: bytes, source: BinaryIO, context: bytes) -> Iterator[bytes]:
    """The plain chunks. Raises SealError at the first that was changed, moved or cut off."""
    cipher = AESGCM(key)
    if source.read(len(VERSION)) != VERSION:
        raise SealError
    number, chunk = 0, source.read(CHUNK + TAG_BYTES)
    while True:
        following = source.read(CHUNK + TAG_BYTES)
        try:
            yield cipher.decrypt(_nonce(number, not following), chunk, context)
        except (InvalidTag, ValueError) as error:
            raise SealError from error
        if not following:
            return
        number, chunk = number + 1, following


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(NONCE_BYTES - 1, "big") + bytes([is_last])
