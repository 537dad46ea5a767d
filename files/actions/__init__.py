"""Verbs of files."""

from files.actions.checking import check_again, check_file
from files.actions.reading import NotReadyError, contents
from files.actions.removing import remove_file, remove_files
from files.actions.storing import put_away, store
from files.actions.sweeping import sweep

__all__ = [
    "NotReadyError",
    "check_again",
    "check_file",
    "contents",
    "put_away",
    "remove_file",
    "remove_files",
    "store",
    "sweep",
]
