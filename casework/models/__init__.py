"""Nouns of casework."""

from casework.models.access import CaseAccess, CaseBlock, TeamCaseAccess
from casework.models.case import Case, CaseEvent, CaseNote
from casework.models.consent import Consent
from casework.models.emergency import EmergencyAccess, EmergencyVote
from casework.models.file import CaseFile
from casework.models.history import (
    CaseAccessHistory,
    CaseBlockHistory,
    CaseHistory,
    CaseNoteHistory,
    ConsentHistory,
    HouseholdMemberHistory,
    IncomeActivityHistory,
    PersonHistory,
    PersonIdentityHistory,
    ServiceDeliveredHistory,
    TeamCaseAccessHistory,
    TraffickingStatusHistory,
    VisitHistory,
)
from casework.models.household import Household, HouseholdMember
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
    "CaseAccessHistory",
    "CaseBlock",
    "CaseBlockHistory",
    "CaseEvent",
    "CaseFile",
    "CaseHistory",
    "CaseNote",
    "CaseNoteHistory",
    "Consent",
    "ConsentHistory",
    "EmergencyAccess",
    "EmergencyVote",
    "Headcount",
    "Household",
    "HouseholdMember",
    "HouseholdMemberHistory",
    "IncomeActivity",
    "IncomeActivityHistory",
    "IncomeActivitySession",
    "LeafletGiven",
    "Person",
    "PersonHistory",
    "PersonIdentity",
    "PersonIdentityHistory",
    "PersonSearch",
    "ServiceDelivered",
    "ServiceDeliveredHistory",
    "TeamCaseAccess",
    "TeamCaseAccessHistory",
    "TraffickingStatus",
    "TraffickingStatusHistory",
    "Visit",
    "VisitHistory",
]
