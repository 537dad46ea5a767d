"""What rows were, kept by the database."""

from accounts.models.history import keep_history
from referrals.models.identification import Identification, ProcedureStep
from referrals.models.referral import Referral

ReferralHistory = keep_history(Referral)
IdentificationHistory = keep_history(Identification)
ProcedureStepHistory = keep_history(ProcedureStep)
