"""Nouns of casework."""

from casework.models.access import CaseAccess, CaseBlock, TeamCaseAccess
from casework.models.age import AgeEstimate
from casework.models.best_interests import BestInterestsStep
from casework.models.card import Card
from casework.models.case import Case, CaseEvent, CaseNote
from casework.models.check_in import CheckIn
from casework.models.child import Care, Guardian
from casework.models.consent import Consent
from casework.models.consent_text import ConsentText
from casework.models.contact import Channel, ContactRule
from casework.models.emergency import EmergencyAccess, EmergencyVote
from casework.models.file import CaseFile
from casework.models.form_draft import FormDraft
from casework.models.history import (
    AgeEstimateHistory,
    BestInterestsStepHistory,
    CardHistory,
    CaseAccessHistory,
    CaseBlockHistory,
    CaseHistory,
    CaseNoteHistory,
    ConsentHistory,
    GuardianHistory,
    HouseholdMemberHistory,
    IncomeActivityHistory,
    InterpreterHistory,
    KeepApartHistory,
    PersonHistory,
    PersonIdentityHistory,
    PossibleMatchHistory,
    RelationHistory,
    ServiceDeliveredHistory,
    SoughtRelativeHistory,
    TaskHistory,
    TeamCaseAccessHistory,
    TraffickingStatusHistory,
    VisitHistory,
    VisitRuleHistory,
)
from casework.models.household import Household, HouseholdMember
from casework.models.identity import PersonIdentity
from casework.models.interpreter import Interpreter, InterpreterBlock
from casework.models.livelihood import IncomeActivity, IncomeActivitySession
from casework.models.person import Person
from casework.models.relation import KeepApart, Relation
from casework.models.search import PersonSearch
from casework.models.service import ServiceDelivered
from casework.models.status import TraffickingStatus
from casework.models.talk import DoNotAsk, TalkWish
from casework.models.task import Task
from casework.models.tracing import PossibleMatch, SoughtRelative
from casework.models.twin import Likeness, PersonMerge, TwinTicket
from casework.models.visit import Headcount, LeafletGiven, Visit
from casework.models.visit_rule import VisitRule

__all__ = [
    "AgeEstimate",
    "AgeEstimateHistory",
    "BestInterestsStep",
    "BestInterestsStepHistory",
    "Card",
    "CardHistory",
    "Care",
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
    "Channel",
    "CheckIn",
    "Consent",
    "ConsentHistory",
    "ConsentText",
    "ContactRule",
    "DoNotAsk",
    "EmergencyAccess",
    "EmergencyVote",
    "FormDraft",
    "Guardian",
    "GuardianHistory",
    "Headcount",
    "Household",
    "HouseholdMember",
    "HouseholdMemberHistory",
    "IncomeActivity",
    "IncomeActivityHistory",
    "IncomeActivitySession",
    "Interpreter",
    "InterpreterBlock",
    "InterpreterHistory",
    "KeepApart",
    "KeepApartHistory",
    "LeafletGiven",
    "Likeness",
    "Person",
    "PersonHistory",
    "PersonIdentity",
    "PersonIdentityHistory",
    "PersonMerge",
    "PersonSearch",
    "PossibleMatch",
    "PossibleMatchHistory",
    "Relation",
    "RelationHistory",
    "ServiceDelivered",
    "ServiceDeliveredHistory",
    "SoughtRelative",
    "SoughtRelativeHistory",
    "TalkWish",
    "Task",
    "TaskHistory",
    "TeamCaseAccess",
    "TeamCaseAccessHistory",
    "TraffickingStatus",
    "TraffickingStatusHistory",
    "TwinTicket",
    "TwinTicketHistory",
    "Visit",
    "VisitHistory",
    "VisitRule",
    "VisitRuleHistory",
]
