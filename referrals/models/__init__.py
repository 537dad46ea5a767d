"""Nouns of the referrals."""

from referrals.models.accompaniment import Accompaniment
from referrals.models.history import (
    AccompanimentHistory,
    IdentificationHistory,
    ProcedureStepHistory,
    ReferralHistory,
    UnmetNeedHistory,
)
from referrals.models.identification import Identification, ProcedureStep
from referrals.models.referral import NUMBERS, Referral
from referrals.models.step import ReferralStep
from referrals.models.suspicion import SuspicionReport
from referrals.models.unmet_need import UnmetNeed

__all__ = [
    "NUMBERS",
    "Accompaniment",
    "AccompanimentHistory",
    "Identification",
    "IdentificationHistory",
    "ProcedureStep",
    "ProcedureStepHistory",
    "Referral",
    "ReferralHistory",
    "ReferralStep",
    "SuspicionReport",
    "UnmetNeed",
    "UnmetNeedHistory",
]
