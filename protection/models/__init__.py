"""Nouns of data protection: registers, erasure and its ledger, what is due, what is held."""

from protection.models.agreement import SharingAgreement
from protection.models.anomaly import Anomaly
from protection.models.breach import Breach
from protection.models.erasure import ErasureLedger, ErasureRequest, Subject, Telling
from protection.models.requests import AuthorityRequest, PersonRequest
from protection.models.retention import DueRow, LegalHold

__all__ = [
    "Anomaly",
    "AuthorityRequest",
    "Breach",
    "DueRow",
    "ErasureLedger",
    "ErasureRequest",
    "LegalHold",
    "PersonRequest",
    "SharingAgreement",
    "Subject",
    "Telling",
]
