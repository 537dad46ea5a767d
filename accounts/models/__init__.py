"""Nouns of the ground floor."""

from accounts.models.audit import AuditEvent, AuditKey, AuditSeal
from accounts.models.installation import Installation
from accounts.models.limit import LimitCount
from accounts.models.lock import EmergencyLock
from accounts.models.notice import Notice
from accounts.models.operation import Operation
from accounts.models.organization import Organization, Team
from accounts.models.outbox import OutboxJob
from accounts.models.session import Draft, KnownDevice, Session
from accounts.models.token import ApiToken
from accounts.models.user import Role, RoleAssignment, User

__all__ = [
    "ApiToken",
    "AuditEvent",
    "AuditKey",
    "AuditSeal",
    "Draft",
    "EmergencyLock",
    "Installation",
    "KnownDevice",
    "LimitCount",
    "Notice",
    "Operation",
    "Organization",
    "OutboxJob",
    "Role",
    "RoleAssignment",
    "Session",
    "Team",
    "User",
]
