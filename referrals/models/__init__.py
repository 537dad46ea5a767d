"""Nouns of the referrals."""

from referrals.models.history import ReferralHistory
from referrals.models.referral import NUMBERS, Referral
from referrals.models.step import ReferralStep

__all__ = ["NUMBERS", "Referral", "ReferralHistory", "ReferralStep"]
