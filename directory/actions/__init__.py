"""Verbs of the shelf: load the lists, keep institutions and their services right."""

from directory.actions.changes import confirm_change, refuse_change
from directory.actions.contacts import change_contact, create_contact, verify_contact
from directory.actions.entries import save_entry
from directory.actions.loading import load_directory
from directory.actions.places import change_place, create_place
from directory.actions.providers import (
    change_organization,
    change_service,
    create_organization,
    create_service,
    verify_service,
)

__all__ = [
    "change_contact",
    "change_organization",
    "change_place",
    "change_service",
    "confirm_change",
    "create_contact",
    "create_organization",
    "create_place",
    "create_service",
    "load_directory",
    "refuse_change",
    "save_entry",
    "verify_contact",
    "verify_service",
]
