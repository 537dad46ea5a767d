"""Nouns of the referrals."""

from referrals.models.history import (
    IdentificationHistory,
    ProcedureStepHistory,
    ReferralHistory,
)
from referrals.models.identification import Identification, ProcedureStep
from referrals.models.referral import NUMBERS, Referral
from referrals.models.step import ReferralStep
from referrals.models.suspicion import SuspicionReport

__all__ = [
    "NUMBERS",
    "Identification",
    "IdentificationHistory",
    "ProcedureStep",
    "ProcedureStepHistory",
    "Referral",
    "ReferralHistory",
    "ReferralStep",
    "SuspicionReport",
]
