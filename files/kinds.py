"""Which files are taken in, and the first look at one: name, declared type and first bytes agree.

Looks at bytes only; what is inside is looked at in the washing.
"""

import re
from enum import StrEnum
from typing import NamedTuple

import puremagic

LARGEST = 20 * 1000 * 1000
HEAD = 4096


class RefusedError(Exception):
    """A file that is not taken; `code` is a word of StoredFile.Reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Media(StrEnum):
    """What a stored file is, by its media type."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    HEIC = "image/heic"
    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    M4A = "audio/mp4"
    OPUS = "audio/ogg"
    # Made here, never taken in.
    CSV = "text/csv"
    JSON = "application/json"
    AGE = "application/octet-stream"


class Kind(NamedTuple):
    """One allowed kind: endings of the name, types a browser declares, guesses from the bytes."""

    media: Media
    endings: tuple[str, ...]
    declared: tuple[str, ...]
    guesses: tuple[str, ...]


KINDS = (
    Kind(Media.JPEG, ("jpg", "jpeg"), ("image/jpeg", "image/pjpeg"), ("jpg",)),
    Kind(Media.PNG, ("png",), ("image/png",), ("png",)),
    Kind(Media.WEBP, ("webp",), ("image/webp",), ("webp",)),
    Kind(Media.HEIC, ("heic", "heif"), ("image/heic", "image/heif"), ("heic", "heif")),
    Kind(Media.PDF, ("pdf",), ("application/pdf",), ("pdf",)),
    Kind(Media.DOCX, ("docx",), (Media.DOCX,), ("docx",)),
    Kind(Media.XLSX, ("xlsx",), (Media.XLSX,), ("xlsx",)),
    Kind(Media.M4A, ("m4a",), ("audio/mp4", "audio/x-m4a", "audio/m4a"), ("m4a", "mp4")),
    Kind(Media.OPUS, ("opus", "ogg"), ("audio/ogg", "audio/opus"), ("ogg",)),
)
ENDINGS = {ending: kind for kind in KINDS for ending in kind.endings}
# The ending under which a clean file of this type is handed out.
ENDING_OF = {kind.media: kind.endings[0] for kind in KINDS} | {
    Media.CSV: "csv",
    Media.JSON: "json",
    Media.AGE: "age",
}
# Browsers that do not know a type say this; then name and bytes decide.
UNDECLARED = {"", "application/octet-stream"}
# What the bytes at the start must be, where a guess is too kind.
STARTS = {
    Media.PDF: re.compile(rb"%PDF-[12]\.\d"),
    Media.OPUS: re.compile(rb"OggS.{24}.{0,3}OpusHead", re.DOTALL),
}


def first_look(name: str, declared: str, head: bytes, size: int) -> Media:
    """The type of a file that may come in. Raises RefusedError with the reason's code."""
    if size > LARGEST:
        raise RefusedError("too_large")
    if not size or not head:
        raise RefusedError("empty")
    kind = ENDINGS.get(_ending(name))
    if kind is None:
        raise RefusedError("type_not_taken")
    if declared.partition(";")[0].strip().lower() not in {*kind.declared, *UNDECLARED}:
        raise RefusedError("type_differs")
    if not _guesses(head).intersection(kind.guesses) or not _starts(kind.media, head):
        raise RefusedError("type_differs")
    return kind.media


def _ending(name: str) -> str:
    """The one ending of a name, in lower case. Raises RefusedError for a second one."""
    stem, dot, ending = name.strip().rpartition(".")
    if not dot or not stem:
        raise RefusedError("type_not_taken")
    if re.search(r"\.[A-Za-z][A-Za-z0-9]{1,4}$", stem.strip()):
        raise RefusedError("two_endings")
    return ending.lower()


def _guesses(head: bytes) -> set[str]:
    try:
        return {match.extension.lstrip(".") for match in puremagic.magic_string(head)}
    except puremagic.PureError:
        return set()


def _starts(media: Media, head: bytes) -> bool:
    start = STARTS.get(media)
    return start is None or bool(start.match(head))
