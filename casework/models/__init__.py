"""Nouns of casework."""

from casework.models.access import CaseAccess, CaseBlock, TeamCaseAccess
from casework.models.case import Case, CaseEvent, CaseNote
from casework.models.consent import Consent
from casework.models.file import CaseFile
from casework.models.identity import PersonIdentity
from casework.models.livelihood import IncomeActivity, IncomeActivitySession
from casework.models.person import Person
from casework.models.search import PersonSearch
from casework.models.service import ServiceDelivered
from casework.models.status import TraffickingStatus
from casework.models.visit import Headcount, LeafletGiven, Visit

__all__ = [
    "Case",
    "CaseAccess",
    "CaseBlock",
    "CaseEvent",
    "CaseFile",
    "CaseNote",
    "Consent",
    "Headcount",
    "IncomeActivity",
    "IncomeActivitySession",
    "LeafletGiven",
    "Person",
    "PersonIdentity",
    "PersonSearch",
    "ServiceDelivered",
    "TeamCaseAccess",
    "TraffickingStatus",
    "Visit",
]
