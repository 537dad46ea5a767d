"""Nouns of the ground floor."""

from accounts.models.agreement import Agreement, AgreementAcceptance
from accounts.models.audit import AuditEvent, AuditKey, AuditSeal
from accounts.models.delivery import Delivery
from accounts.models.entrance import FactorReset, HalfSignIn, Invitation, PasswordReset
from accounts.models.history import (
    RoleAssignmentHistory,
    RolePermission,
    RolePermissionHistory,
    UserHistory,
)
from accounts.models.installation import Installation
from accounts.models.limit import LimitCount
from accounts.models.lock import EmergencyLock
from accounts.models.notice import Notice
from accounts.models.operation import Operation
from accounts.models.organization import Organization, Team
from accounts.models.outbox import OutboxJob
from accounts.models.session import AddressChange, Draft, KnownDevice, Session
from accounts.models.telling import NoticePreference, PushSubscription
from accounts.models.token import ApiToken
from accounts.models.user import Role, RoleAssignment, User

__all__ = [
    "AddressChange",
    "Agreement",
    "AgreementAcceptance",
    "ApiToken",
    "AuditEvent",
    "AuditKey",
    "AuditSeal",
    "Delivery",
    "Draft",
    "EmergencyLock",
    "FactorReset",
    "HalfSignIn",
    "Installation",
    "Invitation",
    "KnownDevice",
    "LimitCount",
    "Notice",
    "NoticePreference",
    "Operation",
    "Organization",
    "OutboxJob",
    "PasswordReset",
    "PushSubscription",
    "Role",
    "RoleAssignment",
    "RoleAssignmentHistory",
    "RolePermission",
    "RolePermissionHistory",
    "Session",
    "Team",
    "User",
    "UserHistory",
]
