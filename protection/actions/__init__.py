"""Verbs of data protection."""

from protection.actions.erasure import apply_ledger, check_ledger, erase
from protection.actions.holds import check_holds, lift_hold, place_hold

__all__ = [
    "apply_ledger",
    "check_holds",
    "check_ledger",
    "erase",
    "lift_hold",
    "place_hold",
]
