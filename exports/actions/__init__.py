"""Verbs of exports."""

from exports.actions.deciding import approve_export, expire_exports, refuse_export
from exports.actions.fetching import NotThereError, hand_out, lock_export
from exports.actions.making import Content, make
from exports.actions.requesting import made_of, register, request_export

__all__ = [
    "Content",
    "NotThereError",
    "approve_export",
    "expire_exports",
    "hand_out",
    "lock_export",
    "made_of",
    "make",
    "refuse_export",
    "register",
    "request_export",
]
