"""Verbs of the shelf: load the lists, keep institutions and their services right."""

from directory.actions.changes import (
    agree_to_change,
    confirm_change,
    may_refuse,
    propose_change,
    refuse_change,
)
from directory.actions.checks import answer_check, ask_due_checks, begin_check, find_check
from directory.actions.contacts import change_contact, create_contact, verify_contact
from directory.actions.details import add_cost, add_document, add_hours, remove_detail
from directory.actions.entries import save_entry
from directory.actions.exchange import import_document, preview_document
from directory.actions.loading import load_directory
from directory.actions.places import change_place, create_place
from directory.actions.providers import (
    change_organization,
    change_service,
    create_organization,
    create_service,
    set_capacity,
    verify_service,
)

__all__ = [
    "add_cost",
    "add_document",
    "add_hours",
    "agree_to_change",
    "answer_check",
    "ask_due_checks",
    "begin_check",
    "change_contact",
    "change_organization",
    "change_place",
    "change_service",
    "confirm_change",
    "create_contact",
    "create_organization",
    "create_place",
    "create_service",
    "find_check",
    "import_document",
    "load_directory",
    "may_refuse",
    "preview_document",
    "propose_change",
    "refuse_change",
    "remove_detail",
    "save_entry",
    "set_capacity",
    "verify_contact",
    "verify_service",
]
