"""Verbs of the shelf: load the lists, keep institutions and their services right."""

from directory.actions.entries import save_entry
from directory.actions.loading import load_directory
from directory.actions.providers import (
    change_organization,
    change_service,
    create_organization,
    create_service,
    verify_service,
)

__all__ = [
    "change_organization",
    "change_service",
    "create_organization",
    "create_service",
    "load_directory",
    "save_entry",
    "verify_service",
]
