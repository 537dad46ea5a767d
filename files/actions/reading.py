"""Read a file that was found clean."""

from files import shelf
from files.models import StoredFile


class NotReadyError(Exception):
    """The file is not (or not any more) one that may be opened."""


def contents(stored: StoredFile) -> bytes:
    """The whole plain content, whoever asks: the gate is the caller's. Raises NotReadyError."""
    if not stored.is_ready or stored.data_key is None or not stored.key:
        raise NotReadyError
    try:
        return shelf.get(stored.place, stored.key, stored.context)
    except FileNotFoundError as error:
        raise NotReadyError from error
