"""Nouns of the ground floor."""

from accounts.models.audit import AuditEvent
from accounts.models.installation import Installation
from accounts.models.notice import Notice
from accounts.models.operation import Operation
from accounts.models.organization import Organization, Team
from accounts.models.outbox import OutboxJob
from accounts.models.user import Role, RoleAssignment, User

__all__ = [
    "AuditEvent",
    "Installation",
    "Notice",
    "Operation",
    "Organization",
    "OutboxJob",
    "Role",
    "RoleAssignment",
    "Team",
    "User",
]
