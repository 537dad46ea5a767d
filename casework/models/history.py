"""Which rows of casework keep their earlier versions."""

from accounts.models.history import keep_history
from casework.models.access import CaseAccess, CaseBlock, TeamCaseAccess
from casework.models.age import AgeEstimate
from casework.models.best_interests import BestInterestsStep
from casework.models.card import Card
from casework.models.case import Case, CaseNote
from casework.models.child import Guardian
from casework.models.consent import Consent
from casework.models.household import HouseholdMember
from casework.models.identity import PersonIdentity
from casework.models.interpreter import Interpreter
from casework.models.livelihood import IncomeActivity
from casework.models.person import Person
from casework.models.relation import KeepApart, Relation
from casework.models.service import ServiceDelivered
from casework.models.status import TraffickingStatus
from casework.models.task import Task
from casework.models.tracing import PossibleMatch, SoughtRelative
from casework.models.twin import TwinTicket
from casework.models.visit import Visit
from casework.models.visit_rule import VisitRule

PersonHistory = keep_history(Person)
PersonIdentityHistory = keep_history(PersonIdentity)
CaseHistory = keep_history(Case)
CaseNoteHistory = keep_history(CaseNote)
ConsentHistory = keep_history(Consent)
TraffickingStatusHistory = keep_history(TraffickingStatus)
VisitHistory = keep_history(Visit)
ServiceDeliveredHistory = keep_history(ServiceDelivered)
IncomeActivityHistory = keep_history(IncomeActivity)
TwinTicketHistory = keep_history(TwinTicket)
CaseAccessHistory = keep_history(CaseAccess, inserts=True)
TeamCaseAccessHistory = keep_history(TeamCaseAccess, inserts=True)
CaseBlockHistory = keep_history(CaseBlock, inserts=True)
HouseholdMemberHistory = keep_history(HouseholdMember)
CardHistory = keep_history(Card)
VisitRuleHistory = keep_history(VisitRule, inserts=True)
RelationHistory = keep_history(Relation)
KeepApartHistory = keep_history(KeepApart)
GuardianHistory = keep_history(Guardian)
BestInterestsStepHistory = keep_history(BestInterestsStep)
AgeEstimateHistory = keep_history(AgeEstimate)
InterpreterHistory = keep_history(Interpreter)
SoughtRelativeHistory = keep_history(SoughtRelative)
TaskHistory = keep_history(Task)
PossibleMatchHistory = keep_history(PossibleMatch)
